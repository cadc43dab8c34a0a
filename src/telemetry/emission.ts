export type EmissionState = 'sent' | 'partial' | 'spooled' | 'previewed' | 'lost' | 'none';

/** What became of the spans. `sent + spooled + lost = drafted` unless the state is `previewed` or `none`. */
export interface Emission {
  readonly state: EmissionState;
  /** One sentence for a person: why it is so, and the command that sends the rest. */
  readonly reason: string;
  /** 32 hex digits; the epic's trace. Absent when nothing was drafted. */
  readonly traceId?: string;
  /** Every trace of this run, the epic's first. */
  readonly traceIds: readonly string[];
  readonly epicSpanId?: string;
  /** File name inside the export directory, when spans or metrics wait there. */
  readonly spool?: string;
  readonly drafted: number;
  readonly sent: number;
  readonly spooled: number;
  readonly lost: number;
  /** The metrics beside the spans, counted in points; absent when none were wanted. */
  readonly metrics?: MetricsEmission;
  /** ISO-8601 UTC with `+00:00`; when the last span was accepted. Only when every span was. */
  readonly acceptedAt?: string;
}

/** What became of the metrics. `sent + spooled + lost = drafted`; they never change what is said of the spans. */
export interface MetricsEmission {
  readonly drafted: number;
  readonly sent: number;
  readonly spooled: number;
  readonly lost: number;
  /** One sentence, when they were not all taken. */
  readonly reason?: string;
}

import type { MetricSpec } from './metric-registry.ts';

/** Attribute values keep the type their key declares; NaN and infinities never get this far. */
export type AttributeValue = string | boolean | number | readonly string[] | readonly number[] | readonly boolean[];

export interface EventDraft {
  readonly name: string;
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

export interface LinkDraft {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** A span before it is one: ids ready, attributes typed by the registry, times set. The preview, the spool and the request are all made from these. */
export interface SpanDraft {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** True when the parent is a span of somebody else (a given traceparent, the CI job). */
  readonly parentIsRemote?: boolean;
  /** W3C tracestate, verbatim, of a trace that was joined. */
  readonly traceState?: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly events: readonly EventDraft[];
  readonly links: readonly LinkDraft[];
  readonly status: { readonly code: 'UNSET' | 'OK' | 'ERROR'; readonly message?: string };
}

/** One value of a metric, with what tells it from the metric's other values. */
export interface PointDraft {
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly value: number;
}

/** What a run measured, at one moment. */
export interface MetricsDraft {
  /** Nanoseconds since the epoch: where counters begin. */
  readonly start: bigint;
  readonly time: bigint;
  readonly metrics: readonly { readonly spec: MetricSpec; readonly points: readonly PointDraft[] }[];
}

/** A whole trace, in creation order: epic, stages, stories, tasks, questions. */
export interface Drafts {
  readonly resource: Readonly<Record<string, AttributeValue>>;
  readonly scope: { readonly name: string; readonly version: string };
  readonly spans: readonly SpanDraft[];
  readonly traceId: string;
  readonly epicSpanId: string;
  readonly traceIds: readonly string[];
  /** What goes beside the trace: same resource, same scope, a path of its own. */
  readonly metrics?: MetricsDraft;
  /** What the trace could not say as it should; one sentence each. */
  readonly warnings?: readonly string[];
}

import { createHash } from 'node:crypto';

/** A span of somebody else, as a W3C traceparent names it. */
export interface RemoteSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState?: string;
}

/** Where the epic stands: below a given span, or as a root of its own, linked to the CI job when one is known. */
export interface TracePlacement {
  readonly parent?: RemoteSpan;
  readonly ciJob?: RemoteSpan;
}

/** What the door knows: the explicit context, and the run that a Collector's GitHub receiver will derive ids from. */
export interface PlacementInput {
  readonly traceparent?: string;
  readonly tracestate?: string;
  readonly placement: 'own' | 'github-receiver';
  readonly runId?: string;
  readonly runAttempt?: string;
  readonly checkRunId?: string;
}

/**
 * Own root by default; a child only of an explicit traceparent, or of the CI job with `trace-placement: github-receiver`.
 * A traceparent whose flags say "not sampled" still counts: this trace is the product, not a sample.
 */
export function placeTrace(input: PlacementInput): { readonly placement: TracePlacement; readonly warnings: readonly string[] } {
  const given = input.traceparent?.trim();
  const parsed = given ? parseTraceparent(given, input.tracestate) : undefined;
  const warnings =
    given && !parsed
      ? [`The traceparent "${given}" is not of the form 00-<32 hex>-<16 hex>-<2 hex>; the trace gets a root of its own.`]
      : [];
  const ciJob = deriveCiJob(input);
  if (parsed) return { placement: { parent: parsed, ...(ciJob && ciJob.traceId !== parsed.traceId ? { ciJob } : {}) }, warnings };
  if (input.placement === 'github-receiver') {
    if (ciJob) return { placement: { parent: ciJob }, warnings };
    return {
      placement: {},
      warnings: [
        ...warnings,
        'trace-placement is github-receiver, but the run id or the check run id is unknown; the trace gets a root of its own.',
      ],
    };
  }
  return { placement: ciJob ? { ciJob } : {}, warnings };
}

/** The ids of a W3C traceparent; undefined when it is none (upper case, version ff, zero ids and wrong lengths are none). */
export function parseTraceparent(given: string, traceState?: string): RemoteSpan | undefined {
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/.exec(given.trim());
  if (!match) return undefined;
  const [, version, traceId = '', spanId = '', more] = match;
  if (version === 'ff' || (version === '00' && more !== undefined) || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const state = traceState?.trim();
  return { traceId, spanId, ...(state && isTraceState(state) ? { traceState: state } : {}) };
}

/** 32 lower-case hex digits, not all 0. */
export function isTraceId(text: string): boolean {
  return /^(?!0+$)[0-9a-f]{32}$/.test(text);
}

/** 16 lower-case hex digits, not all 0. */
export function isSpanId(text: string): boolean {
  return /^(?!0+$)[0-9a-f]{16}$/.test(text);
}

/** `00-…-01`: sampled, since every span of ours is recorded. */
export function traceparentOf(traceId: string, spanId: string): string {
  return `00-${traceId}-${spanId}-01`;
}

/** The job span as the Collector's githubreceiver (since v0.151) derives it from webhook data (otel.md §2.3). */
export function githubReceiverIds(runId: string, runAttempt: string, checkRunId: string): RemoteSpan {
  return { traceId: sha256(`${runId}${runAttempt}t`).slice(0, 32), spanId: sha256(`${checkRunId}-j`).slice(16, 32) };
}

function deriveCiJob(input: PlacementInput): RemoteSpan | undefined {
  const { runId, runAttempt, checkRunId } = input;
  if (!isNumber(runId) || !isNumber(checkRunId)) return undefined;
  return githubReceiverIds(runId, isNumber(runAttempt) ? runAttempt : '1', checkRunId);
}

function isNumber(value: string | undefined): value is string {
  return value !== undefined && /^\d+$/.test(value);
}

function isTraceState(value: string): boolean {
  return (
    value.length <= 512 &&
    /^[\x20-\x7e]+$/.test(value) &&
    value.split(',').every((member) => /^\s*[a-z0-9][\w*/@-]*=[^,=]*\s*$/.test(member))
  );
}

function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

import { given } from '../host/given.ts';
import { isJsonObject, type JsonValue } from '../host/json.ts';
import type { World } from '../host/world.ts';
import type { RunContext } from '../telemetry/draft-input.ts';
import { parseTraceparent, placeTrace, traceparentOf } from '../telemetry/trace-context.ts';
import type { TraceOrder } from './trace.ts';

/** Where the run stands among other traces: under what, beside which CI job, after which earlier export. */
export function runContext(
  settings: TraceOrder,
  previous: JsonValue | undefined,
  world: World,
): { readonly value: RunContext; readonly losses: readonly string[] } {
  const { ci } = settings;
  const { placement, warnings } = placeTrace({
    placement: settings.tracePlacement,
    ...given({
      ...givenContext(settings, world.env),
      runId: ci?.runId,
      runAttempt: ci?.runAttempt,
      checkRunId: ci?.checkRunId,
    }),
  });
  const attributes = Object.entries(ci?.attributes ?? {}).map(([key, value]): [string, string] => [key, String(value)]);
  const value: RunContext = {
    scope: settings.mode === 'audit' ? 'accepted' : (ci?.scope ?? 'proposed'),
    placement,
    resource: Object.fromEntries(attributes),
    ...given({
      changeId: ci?.pullRequest?.toString(),
      resourceAttributes: world.env['OTEL_RESOURCE_ATTRIBUTES'],
      supersedes: earlierEpic(previous),
    }),
  };
  return { value, losses: warnings };
}

/** The trace context that was asked for, else the environment's. A TRACESTATE belongs to the TRACEPARENT beside it, and to no other. */
function givenContext({ traceparent }: TraceOrder, env: World['env']) {
  const beside = env['TRACEPARENT']?.trim() || undefined;
  const asked = traceparent?.trim() || beside;
  return { traceparent: asked, tracestate: asked === beside ? env['TRACESTATE'] : undefined };
}

/** The epic that the output directory's `task-spans.json` tells of; a file of any other shape tells of none. */
function earlierEpic(previous: JsonValue | undefined): RunContext['supersedes'] {
  if (!isJsonObject(previous)) return undefined;
  const { trace_id: traceId, epic_span_id: spanId } = previous;
  if (typeof traceId !== 'string' || typeof spanId !== 'string') return undefined;
  return parseTraceparent(traceparentOf(traceId, spanId)) && { traceId, spanId };
}

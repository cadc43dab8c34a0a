import { own } from '../gatekeeper/read-subject.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';
import type { SpanPlace } from './places.ts';
import { SPAN_IDS_NAME } from './preview.ts';
import { isSpanId, isTraceId } from './trace-context.ts';

/** The trace that an export says it was emitted as, as far as its files can be trusted to say it. */
export interface ExportTrace {
  /** Absent where the export names none. */
  readonly traceId?: string;
  /** Absent where only the trace is known. */
  readonly epic?: SpanPlace & { readonly taskId?: string };
  /** Spans of tasks by artifact id. Those of a split export lie in traces of their own. */
  readonly tasks: ReadonlyMap<string, SpanPlace>;
  /** Why less is known than should be; one sentence each. */
  readonly losses: readonly string[];
}

/**
 * What the onboarding metadata and the ids beside it tell of the export's trace; all of it is a stranger's text. The metadata names the trace and the ids say where
 * in it: ids of another trace are those of an earlier export, and not used. `asked` stands before what the metadata names.
 */
export function readExportTrace(metadata: JsonObject, spanIds: JsonValue | undefined, asked?: string): ExportTrace {
  const { traceId, losses } = asked === undefined ? namedTrace(metadata) : judged(asked, '--trace-id names');
  if (traceId === undefined) return { tasks: new Map(), losses };
  const known = knownSpans(spanIds, traceId);
  return 'why' in known ? { traceId, tasks: new Map(), losses: [`${known.why} ${APART}`] } : { traceId, ...known, losses };
}

const APART = 'The gates get a trace of their own, which names that one.';
const ALONE = 'The gates get a trace of their own.';

interface Named {
  readonly traceId?: string;
  readonly losses: readonly string[];
}

/** A backend took the whole trace (`task_trace_id`), or some of it or the spool did. A trace that was only previewed, or lost, is nowhere. */
function namedTrace(metadata: JsonObject): Named {
  const accepted = own(metadata, 'task_trace_id');
  if (accepted !== undefined && accepted !== null) return judged(accepted, 'The export names');
  const told = own(metadata, 'task_emission');
  const [state, traceId] = isJsonObject(told) ? [own(told, 'state'), own(told, 'trace_id')] : [];
  if (state === 'partial' || state === 'spooled' || state === 'sent') return judged(traceId ?? null, 'The export names');
  return { losses: [`The export names no trace that its work was emitted as. ${ALONE}`] };
}

function judged(traceId: JsonValue, who: string): Named {
  if (typeof traceId === 'string' && isTraceId(traceId)) return { traceId, losses: [] };
  const shown = JSON.stringify(traceId).slice(0, 60).toWellFormed();
  return { losses: [`${who} ${shown} as its trace, which is no trace id: 32 hexadecimal digits in lower case, not all 0. ${ALONE}`] };
}

type Known = Pick<ExportTrace, 'epic' | 'tasks'> | { readonly why: string };

function knownSpans(spanIds: JsonValue | undefined, traceId: string): Known {
  if (spanIds === undefined)
    return { why: `The export names the trace ${traceId}, but no ${SPAN_IDS_NAME} with the ids of its spans lies beside it.` };
  if (!isJsonObject(spanIds)) return { why: `${SPAN_IDS_NAME} holds no ids of spans.` };
  if (own(spanIds, 'trace_id') !== traceId)
    return { why: `${SPAN_IDS_NAME} has the ids of another trace than ${traceId}, which the export names.` };
  const spanId = own(spanIds, 'epic_span_id');
  if (typeof spanId !== 'string' || !isSpanId(spanId))
    return { why: `${SPAN_IDS_NAME} tells no span id of the epic in the trace ${traceId}.` };
  const spans = own(spanIds, 'spans');
  const entries = isJsonObject(spans) ? Object.entries(spans) : [];
  const taskId = entries.find(([, span]) => isJsonObject(span) && own(span, 'span_id') === spanId)?.[0];
  const tasks = entries.flatMap(([id, span]): readonly (readonly [string, SpanPlace])[] => {
    const place = isJsonObject(span) && own(span, 'task_type') === 'task' ? placeOf(span, traceId) : undefined;
    return place ? [[id, place]] : [];
  });
  return { epic: { traceId, spanId, ...(taskId ? { taskId } : {}) }, tasks: new Map(tasks) };
}

function placeOf(span: JsonObject, epicTraceId: string): SpanPlace | undefined {
  const [spanId, traceId = epicTraceId] = [own(span, 'span_id'), own(span, 'trace_id')];
  if (typeof spanId !== 'string' || typeof traceId !== 'string' || !isSpanId(spanId) || !isTraceId(traceId)) return undefined;
  return { traceId, spanId };
}

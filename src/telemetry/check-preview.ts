import type { JsonObject } from '../host/json.ts';
import { A } from './attributes.ts';
import type { Drafts } from './draft.ts';
import { SPAN } from './registry.ts';

export const CHECK_PREVIEW_NAME = 'gate-emission-preview.json';

/** What a gate run would emit, as `task-emission-preview.json` is for an export. */
export function checkPreview({ spans, traceId }: Drafts): JsonObject {
  const named = (name: string) => spans.filter((span) => span.name === name).length;
  return {
    dry_run: true,
    would_emit: {
      trace_id: traceId,
      spans: spans.map(({ attributes, parentSpanId, status, links }) => ({
        task_id: attributes[A.taskId],
        type: attributes[A.taskType],
        phase: attributes[A.taskPhase],
        status: status.code,
        parent_span_id: parentSpanId ?? null,
        gates: attributes[A.gateCount] ?? 0,
        gates_failed: attributes[A.gateFailedCount] ?? 0,
        links: links.length,
      })),
      totals: { spans: spans.length, stages: named(SPAN.stage), questions: named(SPAN.question) },
    },
  };
}

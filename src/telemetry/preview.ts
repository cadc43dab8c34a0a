import type { JsonObject } from '../host/json.ts';
import { A } from './attributes.ts';
import type { AttributeValue, Drafts, SpanDraft } from './draft.ts';
import { SPAN } from './registry.ts';

export const PREVIEW_NAME = 'task-emission-preview.json';
export const SPAN_IDS_NAME = 'task-spans.json';

/** The drafts written down in the shape of design document 000 §3.1: what would be emitted, or what was. */
export function previewDocument(drafts: Drafts, dryRun: boolean): JsonObject {
  const named = Map.groupBy(drafts.spans, (span) => span.name);
  const of = (name: string) => named.get(name) ?? [];
  const [stories, tasks] = [of(SPAN.story), of(SPAN.task)];
  return {
    dry_run: dryRun,
    would_emit: {
      epic: epicEntry(of(SPAN.epic)[0]),
      stories: stories.map((story) => ({
        task_id: story.attributes[A.taskId],
        type: 'story',
        gap_count: story.attributes[A.artifactGapCount],
      })),
      tasks: tasks.map(taskEntry),
      totals: {
        spans: of(SPAN.epic).length + stories.length + tasks.length,
        stories: stories.length,
        tasks_needed: withStatus(tasks, 'needed'),
        tasks_existing: withStatus(tasks, 'exists'),
        ...counted('tasks_outdated', withStatus(tasks, 'outdated')),
        ...counted('tasks_skipped', withStatus(tasks, 'skipped')),
        stages: of(SPAN.stage).length,
        questions: of(SPAN.question).length,
      },
    },
    ...(drafts.warnings && drafts.warnings.length > 0 ? { warnings: drafts.warnings } : {}),
  };
}

/** The ids for programs that link to the spans or continue them (tasks.md §9). `trace_id` stands beside a span only when it is not the epic's. */
export function spanIdsDocument(drafts: Drafts, emittedAt: Date): JsonObject {
  const spans: Record<string, JsonObject> = Object.create(null);
  for (const span of drafts.spans) {
    const status = span.attributes[A.artifactStatus];
    spans[String(span.attributes[A.taskId])] = {
      span_id: span.spanId,
      parent_span_id: span.parentSpanId ?? null,
      task_type: json(span.attributes[A.taskType]),
      ...(status === undefined ? {} : { artifact_status: json(status) }),
      ...(span.traceId === drafts.traceId ? {} : { trace_id: span.traceId }),
    };
  }
  return {
    trace_id: drafts.traceId,
    epic_span_id: drafts.epicSpanId,
    emitted_at: emittedAt.toISOString().replace('Z', '+00:00'),
    spans,
    ...(drafts.traceIds.length > 1 ? { trace_ids: drafts.traceIds } : {}),
  };
}

function epicEntry(epic: SpanDraft | undefined): JsonObject {
  return { task_id: epic?.attributes[A.taskId], type: 'epic', coverage_percent: epic?.attributes[A.coveragePercent] };
}

function taskEntry({ attributes }: SpanDraft): JsonObject {
  const depth = attributes[A.expectedOutputDepth];
  return {
    task_id: attributes[A.taskId],
    type: 'task',
    artifact_type: attributes[A.artifactType],
    status: attributes[A.artifactStatus],
    depends_on: attributes[A.artifactDependsOn] ?? [],
    ...(depth === undefined ? {} : { expected_output: { depth, max_lines: attributes[A.expectedOutputMaxLines] } }),
  };
}

function withStatus(tasks: readonly SpanDraft[], status: string): number {
  return tasks.filter((task) => task.attributes[A.artifactStatus] === status).length;
}

function counted(key: string, value: number): Readonly<Record<string, number>> {
  return value === 0 ? {} : { [key]: value };
}

function json(value: AttributeValue | undefined): AttributeValue | null {
  return value ?? null;
}

import * as z from 'zod/mini';
import { count, percent, status, text, texts } from './words.ts';

/* `task-emission-preview.json`: the trace written down (design document 000 §3.1). */

const story = z.strictObject({ task_id: text, type: z.literal('story'), gap_count: count });
const task = z.strictObject({
  task_id: text,
  type: z.literal('task'),
  artifact_type: text,
  status,
  depends_on: texts,
  expected_output: z.optional(z.strictObject({ depth: text, max_lines: count })),
});
const totals = z.strictObject({
  spans: count,
  stories: count,
  tasks_needed: count,
  tasks_existing: count,
  tasks_outdated: z.optional(count),
  tasks_skipped: z.optional(count),
  stages: count,
  questions: count,
});

export const preview = z.strictObject({
  dry_run: z.boolean(),
  would_emit: z.strictObject({
    epic: z.strictObject({ task_id: text, type: z.literal('epic'), coverage_percent: percent }),
    stories: z.array(story),
    tasks: z.array(task),
    totals,
  }),
  warnings: z.optional(texts),
});

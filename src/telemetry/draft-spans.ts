import type { Drafts } from './draft.ts';
import { draftEpic } from './draft-epic.ts';
import { type DraftInput, startDraft } from './draft-input.ts';
import { draftQuestions } from './draft-questions.ts';
import { draftResource } from './draft-resource.ts';
import { draftStages } from './draft-stages.ts';
import { draftPart, draftStory, draftTask, taskBodies } from './draft-tasks.ts';
import { placeSpans } from './places.ts';

/**
 * The plan, the contract and the gates' answers as spans, ready to send: ids chosen, links set, statuses final, numbers typed (tasks.md §3–7, gates.md §9).
 * Pure: ids and time are handed in. The preview, the spool and the request are all made from what it returns.
 */
export function draftSpans(input: DraftInput): Drafts {
  const draft = startDraft(input);
  const bodies = taskBodies(draft);
  const places = placeSpans(draft, bodies);
  const stages = draftStages(draft, places);
  const questions = draftQuestions(draft, places);
  const epic = draftEpic(draft, places, stages);
  const stories = input.plan.stories.map((story) => draftStory(draft, places, story));
  const parts = places.parts.map((part) => draftPart(draft, places, part));
  const tasks = bodies.map((body) => draftTask(draft, places, body));
  const spans = [epic, ...stages.spans, ...stories, ...parts, ...tasks, ...questions];
  return {
    resource: draftResource(input),
    scope: { name: 'export-tasks', version: input.version },
    spans,
    traceId: places.epic.traceId,
    epicSpanId: places.epic.spanId,
    traceIds: places.traceIds,
    warnings: [...input.plan.warnings, ...draft.warnings],
  };
}

import type { Question } from '../manifest/manifest.ts';
import type { PlannedTask } from '../plan/plan.ts';
import { A } from './attributes.ts';
import type { SpanDraft } from './draft.ts';
import type { Draft } from './draft-input.ts';
import { linksTo } from './link-to.ts';
import { statedOutbound } from './outbound.ts';
import type { Places } from './places.ts';
import { SPAN } from './registry.ts';
import { text } from './values.ts';

/** One span per open question, below the epic, linked to the tasks it affects (001; gates.md §9.1). */
export function draftQuestions(draft: Draft, places: Places): readonly SpanDraft[] {
  return openQuestions(draft).map((question) => draftQuestion(draft, places, question));
}

/** The questions nobody answered or deferred. */
export function openQuestions(draft: Draft): readonly Question[] {
  return draft.input.contract.manifest.guidance.questions.filter((question) => question.status === 'open');
}

function draftQuestion(draft: Draft, places: Places, question: Question): SpanDraft {
  const place = places.under(places.epic);
  const { plan } = draft.input;
  const taskId = `${plan.projectId}-question-${question.id}`;
  const affected = affectedTasks(plan.tasks, question.question);
  return {
    name: SPAN.question,
    ...place,
    start: draft.now,
    end: draft.end,
    attributes: {
      ...draft.shared,
      [A.taskId]: text(taskId),
      [A.taskType]: 'question',
      [A.taskTitle]: text(question.question),
      [A.taskStatus]: 'todo',
      [A.taskPhase]: 'EXPORT_CONTRACT',
      [A.taskParentId]: plan.epic.taskId,
      [A.questionId]: text(question.id),
      [A.questionText]: text(question.question),
      [A.questionStatus]: question.status,
      [A.questionPriority]: question.priority,
      [A.questionAffected]: affected.length,
    },
    events: statedOutbound(draft, place, { taskId, parentId: plan.epic.taskId, phase: 'EXPORT_CONTRACT', status: 'not_started' }),
    links: linksTo(
      affected.map((task) => places.tasks.get(task.taskId)),
      'affects',
    ),
    status: { code: 'UNSET' },
  };
}

/** Tasks whose type or target the question names; a question that names none affects everything needed. */
function affectedTasks(tasks: readonly PlannedTask[], question: string): readonly PlannedTask[] {
  const asked = ` ${words(question)} `;
  const types = new Set(
    [...new Set(tasks.map(({ artifact }) => artifact.type))].filter((type) => names(asked, type) || names(asked, `${type}s`)),
  );
  const targets = new Set([...new Set(tasks.map(({ artifact }) => artifact.target))].filter((target) => names(asked, target)));
  const affected = tasks.filter(({ artifact }) => types.has(artifact.type) || targets.has(artifact.target));
  return affected.length > 0 ? affected : tasks.filter(({ artifact }) => artifact.status === 'needed');
}

/** True when the words stand there as words: "cart" is not in "carton". */
function names(asked: string, name: string): boolean {
  const sought = words(name);
  return sought !== '' && asked.includes(` ${sought} `);
}

function words(value: string): string {
  return value
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

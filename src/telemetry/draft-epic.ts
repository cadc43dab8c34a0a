import { A } from './attributes.ts';
import type { SpanDraft } from './draft.ts';
import type { Draft } from './draft-input.ts';
import { openQuestions } from './draft-questions.ts';
import type { Blockade, StageDrafts } from './draft-stages.ts';
import { linksTo, linkTo } from './link-to.ts';
import { earliest, latest } from './nanos.ts';
import { checksumAttributes, statedOutbound } from './outbound.ts';
import type { Places } from './places.ts';
import { EVENT, EXPORT_SOURCE, SPAN } from './registry.ts';
import { completed, created } from './task-events.ts';
import { double, present, text } from './values.ts';

/** Questions mirrored as events on the epic; more than an attribute's worth would push others out of the limits of backends. */
const MIRRORED = 50;

/** All the work a manifest implies. Its coverage is onboarding's; its status is ERROR when a gate blocks, OK when nothing is left to do. */
export function draftEpic(draft: Draft, places: Places, stages: StageDrafts): SpanDraft {
  const { plan, context } = draft.input;
  const done = plan.epic.gapCount === 0;
  const { blockade } = stages;
  const told = statedOutbound(draft, places.epic, {
    taskId: plan.epic.taskId,
    phase: 'EXPORT_CONTRACT',
    status: blockade ? 'blocked' : done ? 'completed' : 'not_started',
    metrics: { gap_count: plan.epic.gapCount, artifact_count: plan.epic.totalCount },
    ...(blockade ? { blockedReason: blockade.reason, nextAction: blockade.nextAction, blockedOnSpanId: blockade.stageSpanId } : {}),
  });
  const parent = context.placement.parent;
  return {
    name: SPAN.epic,
    ...places.epic,
    ...(parent ? { parentIsRemote: true } : {}),
    ...(parent?.traceState ? { traceState: parent.traceState } : {}),
    ...spanOfTime(draft, stages),
    attributes: epicAttributes(draft, places, blockade),
    events: [
      created(draft.now, plan.epic.title, 'epic', {}),
      ...questionEvents(draft),
      ...(blockade ? [blockedEvent(draft, blockade)] : done ? [completed(draft.now)] : []),
      ...told,
    ],
    links: [
      ...linkTo(context.placement.ciJob, 'ci_job'),
      // Under a fixed clock the earlier export may be this very trace.
      ...linkTo(context.supersedes?.spanId === places.epic.spanId ? undefined : context.supersedes, 'supersedes'),
      ...(places.split ? linksTo(places.stories.values(), 'has_part') : []),
    ],
    status: blockade ? { code: 'ERROR', message: blockade.reason } : { code: done ? 'OK' : 'UNSET' },
  };
}

function epicAttributes(draft: Draft, places: Places, blockade: Blockade | undefined) {
  const { plan, contract, checksums } = draft.input;
  const { coverage } = contract;
  const questions = openQuestions(draft).length;
  return present({
    ...draft.shared,
    [A.taskId]: plan.epic.taskId,
    [A.taskType]: 'epic',
    [A.taskTitle]: text(plan.epic.title),
    [A.taskStatus]: blockade ? 'blocked' : plan.epic.gapCount === 0 ? 'done' : 'todo',
    [A.taskPhase]: 'EXPORT_CONTRACT',
    [A.taskPercentComplete]: double(plan.epic.percentComplete) ?? 0,
    [A.taskSubtaskCount]: plan.stories.length,
    [A.taskSubtaskCompleted]: plan.stories.filter((story) => story.gapCount === 0).length,
    [A.coverageTotalRequired]: coverage.totalRequired,
    [A.coverageTotalExisting]: coverage.totalExisting,
    [A.coverageTotalOutdated]: coverage.totalOutdated,
    [A.coverageTotalGaps]: coverage.gaps.length,
    [A.coverageRequiredGaps]: coverage.requiredGaps.length,
    [A.coveragePercent]: double(coverage.overallCoverage) ?? 0,
    [A.exportSource]: EXPORT_SOURCE,
    [A.exportSourceChecksum]: checksums.source,
    ...checksumAttributes(checksums),
    [A.questionOpenCount]: questions === 0 ? undefined : questions,
    [A.exportTraceCount]: places.split ? places.traceIds.length : undefined,
    [A.taskBlockedReason]: blockade?.reason,
    [A.taskNextAction]: blockade?.nextAction,
    [A.taskBlockedOnSpanId]: blockade?.stageSpanId,
  });
}

function questionEvents(draft: Draft) {
  return openQuestions(draft)
    .slice(0, MIRRORED)
    .map((question) => ({
      name: EVENT.questionOpen,
      time: draft.now,
      attributes: { [A.questionId]: text(question.id), [A.questionText]: text(question.question), [A.questionPriority]: question.priority },
    }));
}

function blockedEvent(draft: Draft, { reason, nextAction }: Blockade) {
  return { name: EVENT.taskBlocked, time: draft.now, attributes: { [A.blockedReason]: reason, [A.taskNextAction]: nextAction } };
}

/** From the first stage to now, so that everything below lies inside. */
function spanOfTime(draft: Draft, { spans }: StageDrafts): { readonly start: bigint; readonly end: bigint } {
  return {
    start: earliest(
      draft.now,
      spans.map((span) => span.start),
    ),
    end: latest(
      draft.end,
      spans.map((span) => span.end),
    ),
  };
}

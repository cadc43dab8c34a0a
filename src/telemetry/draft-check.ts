import type { ArtifactType } from '../contract/contract.ts';
import type { GateResult } from '../gatekeeper/gate.ts';
import type { Answer } from '../gatekeeper/questions/question.ts';
import type { Ids } from '../host/world.ts';
import { A } from './attributes.ts';
import type { Drafts, EventDraft, LinkDraft, SpanDraft } from './draft.ts';
import { type Checksums, type RunContext, type StageDraft, type StageInput, sharedAttributes } from './draft-input.ts';
import { draftResource } from './draft-resource.ts';
import { type Blockade, draftStages, type StageDrafts, type StagePlaces } from './draft-stages.ts';
import type { ExportTrace } from './export-trace.ts';
import { momentOf, namedTasks, startOf } from './gate-events.ts';
import { linksTo, linkTo } from './link-to.ts';
import { earliest, latest, nanos, SHORTEST } from './nanos.ts';
import { checksumAttributes, statedOutbound } from './outbound.ts';
import type { SpanPlace } from './places.ts';
import { EVENT, SPAN } from './registry.ts';
import { present, text } from './values.ts';

/** What gates said of an export that was there already, and where that export's own trace stands. */
export interface CheckInput {
  readonly command: 'check' | 'diagnose';
  readonly projectId: string;
  readonly gates: readonly GateResult[];
  /** The Three Questions, where they were asked. */
  readonly answers: readonly Answer[];
  readonly types: readonly ArtifactType[];
  readonly checksums: Checksums;
  readonly coverage: StageInput['contract']['coverage'];
  readonly trace: ExportTrace;
  readonly context: RunContext;
  readonly ids: Ids;
  readonly now: Date;
  /** Version of Export Tasks. */
  readonly version: string;
}

/**
 * The stages of a gate run on their own (gates.md §9.3): below the epic of the export's trace, whose spans have ended and take no more events, and linked to the
 * tasks that the gates name. Where the export's epic is unknown they stand below a root of their own.
 */
export function draftCheck(input: CheckInput): Drafts {
  const { trace, ids, context } = input;
  const draft = startCheck(input);
  const epic = trace.epic ?? newRoot(input);
  const places: StagePlaces = { epic, tasks: trace.tasks, under: (above) => below(ids, above) };
  const stages = draftStages(draft, places);
  const spans = stages.spans.map((stage) => linkedStage(stage, input));
  const questions = input.answers.flatMap((answer) => draftAnswer(draft, input, answer, spans));
  return {
    resource: draftResource({ plan: draft.input.plan, context, ids, version: input.version }),
    scope: { name: 'export-tasks', version: input.version },
    spans: [...(trace.epic ? [] : [draftRoot(draft, input, epic, { ...stages, spans })]), ...spans, ...questions],
    traceId: epic.traceId,
    epicSpanId: epic.spanId,
    traceIds: [epic.traceId],
    warnings: draft.warnings,
  };
}

function startCheck({ command, projectId, gates, checksums, coverage, trace, context, types, now }: CheckInput): StageDraft {
  const taskId = trace.epic ? (trace.epic.taskId ?? `${projectId}-artifact-generation`) : `${projectId}-${command}`;
  return {
    input: { plan: { projectId: text(projectId), epic: { taskId: text(taskId) } }, contract: { coverage }, gates, stages: [], checksums },
    now: nanos(now),
    types: new Map(types.map((type) => [type.type, type])),
    timestamp: now.toISOString(),
    shared: sharedAttributes(text(projectId), command, context),
    warnings: [],
  };
}

function newRoot({ context: { placement }, ids }: CheckInput): SpanPlace {
  const { parent } = placement;
  return parent ? below(ids, parent) : { traceId: ids.traceId(), spanId: ids.spanId() };
}

function below(ids: Ids, parent: SpanPlace): SpanPlace {
  return { traceId: parent.traceId, spanId: ids.spanId(), parentSpanId: parent.spanId };
}

function linkedStage(stage: SpanDraft, { gates, trace, context: { placement } }: CheckInput): SpanDraft {
  const asked = gates.filter((gate) => gate.stage === stage.attributes[A.taskPhase]);
  const tasks = [...namedTasks(asked, (id) => trace.tasks.has(id))];
  return {
    ...stage,
    ...(trace.epic ? { parentIsRemote: true } : {}),
    attributes: { ...stage.attributes, ...(tasks.length > 0 ? { [A.gateTaskCount]: tasks.length } : {}) },
    links: [
      ...(trace.epic ? linksAbove(trace.epic, placement) : []),
      ...linksTo(
        tasks.map((id) => trace.tasks.get(id)),
        'validates',
      ),
    ],
  };
}

/** In the export's trace there is no room for another parent: who called is linked, unless it is the epic itself. */
function linksAbove(epic: SpanPlace, { parent, ciJob }: RunContext['placement']): readonly LinkDraft[] {
  return [...linkTo(ciJob, 'ci_job'), ...linkTo(parent?.spanId === epic.spanId ? undefined : parent, 'caller')];
}

/** What stands above the stages where they could not join the trace of the export. */
function draftRoot(draft: StageDraft, input: CheckInput, place: SpanPlace, { spans, blockade }: StageDrafts): SpanDraft {
  const { taskId } = draft.input.plan.epic;
  const { parent, ciJob } = input.context.placement;
  const statement = blockade && { blockedReason: blockade.reason, nextAction: blockade.nextAction, blockedOnSpanId: blockade.stageSpanId };
  const start = earliest(
    draft.now,
    spans.map((span) => span.start),
  );
  const end = latest(
    start + SHORTEST,
    spans.map((span) => span.end),
  );
  return {
    name: SPAN.run,
    ...place,
    ...(parent ? { parentIsRemote: true } : {}),
    ...(parent?.traceState ? { traceState: parent.traceState } : {}),
    start,
    end,
    attributes: rootAttributes(draft, input, spans, blockade),
    events: [
      ...(blockade ? [blockedEvent(end, blockade)] : []),
      ...statedOutbound(draft, place, { taskId, phase: ROOT_PHASE, status: blockade ? 'blocked' : 'completed', ...statement }),
    ],
    links: linkTo(ciJob, 'ci_job'),
    status: blockade ? { code: 'ERROR', message: blockade.reason } : { code: 'OK' },
  };
}

const ROOT_PHASE = 'CONTRACT_INTEGRITY';

function rootAttributes(draft: StageDraft, { command, trace, gates }: CheckInput, spans: readonly SpanDraft[], blockade?: Blockade) {
  const { projectId, epic } = draft.input.plan;
  const clear = spans.filter(({ status }) => status.code !== 'ERROR').length;
  return present({
    ...draft.shared,
    [A.taskId]: epic.taskId,
    [A.taskType]: 'run',
    [A.taskTitle]: text(`${projectId} ${command}`),
    [A.taskStatus]: blockade ? 'blocked' : 'completed',
    [A.taskPhase]: ROOT_PHASE,
    [A.taskPercentComplete]: spans.length === 0 ? 100 : (clear / spans.length) * 100,
    ...checksumAttributes(draft.input.checksums),
    [A.gateCount]: gates.length,
    [A.gateFailedCount]: gates.filter(({ outcome }) => outcome === 'fail' || outcome === 'crashed').length,
    [A.exportEpicTraceId]: trace.traceId,
    [A.taskBlockedReason]: blockade?.reason,
    [A.taskNextAction]: blockade?.nextAction,
    [A.taskBlockedOnSpanId]: blockade?.stageSpanId,
  });
}

function blockedEvent(time: bigint, { reason, nextAction }: Blockade): EventDraft {
  return { name: EVENT.taskBlocked, time, attributes: { [A.blockedReason]: reason, [A.taskNextAction]: nextAction } };
}

/** One of the Three Questions, below the stage whose gate asked it. */
function draftAnswer(draft: StageDraft, input: CheckInput, answer: Answer, stages: readonly SpanDraft[]): readonly SpanDraft[] {
  const gate = input.gates.find((one) => one.gate === `question-${answer.number}`);
  const stage = gate && stages.find(({ attributes }) => attributes[A.taskPhase] === gate.stage);
  if (gate === undefined || stage === undefined) return [];
  const place = below(input.ids, stage);
  const taskId = text(`${input.projectId}-three-questions-${answer.number}`);
  const tasks = [...namedTasks([gate], (id) => input.trace.tasks.has(id))];
  const { status, ...word } = ANSWERED[answer.status];
  const parentId = String(stage.attributes[A.taskId]);
  const attributes = {
    ...draft.shared,
    [A.taskId]: taskId,
    [A.taskType]: 'question',
    [A.taskTitle]: answer.title,
    [A.taskStatus]: word.task,
    [A.taskPhase]: gate.stage,
    [A.taskParentId]: parentId,
    ...checksumAttributes(draft.input.checksums),
    [A.questionId]: gate.gate,
    [A.questionText]: answer.title,
    [A.questionStatus]: status,
    [A.questionPriority]: 'critical',
    [A.questionAffected]: tasks.length,
  };
  return [
    {
      name: SPAN.question,
      ...place,
      start: startOf(gate),
      end: latest(startOf(gate) + SHORTEST, [momentOf(gate)]),
      attributes,
      events: statedOutbound(draft, place, { taskId, parentId, phase: gate.stage, status: word.stated }),
      links: linksTo(
        tasks.map((id) => input.trace.tasks.get(id)),
        'affects',
      ),
      status: answer.status === 'fail' ? { code: 'ERROR', message: text(answer.recommendation) } : { code: word.code },
    },
  ];
}

/** The answers in the words of the manifest's questions and of tasks. */
const ANSWERED = {
  pass: { status: 'answered', task: 'done', stated: 'completed', code: 'OK' },
  fail: { status: 'open', task: 'todo', stated: 'failed', code: 'ERROR' },
  skipped: { status: 'deferred', task: 'todo', stated: 'not_started', code: 'UNSET' },
  not_reached: { status: 'open', task: 'todo', stated: 'not_started', code: 'UNSET' },
} as const;

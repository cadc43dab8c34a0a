import { type GateResult, PHASES, type Phase } from '../gatekeeper/gate.ts';
import { A } from './attributes.ts';
import type { EventDraft, SpanDraft } from './draft.ts';
import type { StageDraft, StageRecord } from './draft-input.ts';
import { blocks, momentOf, nextActionOf, stageGateEvents, startOf } from './gate-events.ts';
import { earliest, latest, nanos, nanosOfMillis, SHORTEST } from './nanos.ts';
import { checksumAttributes, statedOutbound } from './outbound.ts';
import type { Places, SpanPlace } from './places.ts';
import { SPAN } from './registry.ts';
import { double, int, present, text } from './values.ts';

/** Why the work cannot go on, and the stage that says so. */
export interface Blockade {
  readonly reason: string;
  readonly nextAction: string;
  readonly stageSpanId: string;
}

export interface StageDrafts {
  readonly spans: readonly SpanDraft[];
  /** The first stage with a blocking failure. */
  readonly blockade?: Blockade;
}

/** Where stages stand, and the tasks that they may name. */
export type StagePlaces = Pick<Places, 'epic' | 'tasks' | 'under'>;

/** One span for every phase that had work or a gate, in pipeline order, with real durations (design.md, The trace). */
export function draftStages(draft: StageDraft, places: StagePlaces): StageDrafts {
  const gates = groupBy(draft.input.gates, (gate) => gate.stage);
  const records = groupBy(draft.input.stages, (record) => record.phase);
  const phases = PHASES.filter((phase) => gates.has(phase) || records.has(phase));
  const drafted = phases.map((phase, index) =>
    draftStage(draft, places, { phase, index, records: records.get(phase) ?? [], gates: gates.get(phase) ?? [] }),
  );
  const blockade = drafted.find((stage) => stage.blockade)?.blockade;
  return { spans: drafted.map((stage) => stage.span), ...(blockade ? { blockade } : {}) };
}

interface Stage {
  readonly phase: Phase;
  readonly index: number;
  readonly records: readonly StageRecord[];
  readonly gates: readonly GateResult[];
}

function draftStage(draft: StageDraft, places: StagePlaces, stage: Stage): { readonly span: SpanDraft; readonly blockade?: Blockade } {
  const place = places.under(places.epic);
  const taskId = `${draft.input.plan.projectId}-${stage.phase}`;
  const blocking = stage.gates.filter(blocks);
  const [first] = blocking;
  const blockade = first && {
    reason: text(blocking.map((gate) => gate.reason).join('; ')),
    nextAction: text(nextActionOf(first)),
    stageSpanId: place.spanId,
  };
  const cause = first && causeOf(first, places, place);
  const gateEvents = stage.gates.map((gate) => stageGateEvents(gate, draft.input.checksums, draft.types));
  const events = inSequence(gateEvents.flatMap((gate) => gate.events));
  const told = statedOutbound(draft, place, {
    taskId,
    parentId: draft.input.plan.epic.taskId,
    phase: stage.phase,
    status: blockade ? 'blocked' : 'completed',
    ...(blockade ? { blockedReason: blockade.reason, nextAction: blockade.nextAction, blockedOnSpanId: cause! } : {}),
  });
  const span: SpanDraft = {
    name: SPAN.stage,
    ...place,
    ...spanOfTime(draft, stage, events),
    attributes: {
      ...stageAttributes(draft, stage, taskId, sum(gateEvents.map((gate) => gate.leftOut))),
      ...(blockade
        ? { [A.taskBlockedReason]: blockade.reason, [A.taskNextAction]: blockade.nextAction, [A.taskBlockedOnSpanId]: cause! }
        : {}),
    },
    events: [...events, ...told],
    links: [],
    status: blockade ? { code: 'ERROR', message: blockade.reason } : { code: 'OK' },
  };
  return { span, ...(blockade ? { blockade } : {}) };
}

function stageAttributes(draft: StageDraft, { phase, index, records, gates }: Stage, taskId: string, leftOut: number) {
  const { coverage } = draft.input.contract;
  const failed = gates.filter((gate) => gate.outcome === 'fail' || gate.outcome === 'crashed').length;
  const blocked = gates.filter(blocks).length;
  return present({
    ...draft.shared,
    [A.taskId]: taskId,
    [A.taskType]: 'stage',
    [A.taskTitle]: phase,
    [A.taskStatus]: blocked > 0 ? 'blocked' : 'completed',
    [A.taskPhase]: phase,
    [A.taskParentId]: draft.input.plan.epic.taskId,
    [A.taskPercentComplete]: blocked > 0 ? ((gates.length - blocked) / gates.length) * 100 : 100,
    [A.stageName]: phase.replace(/^ARTISAN_/, ''),
    [A.stageIndex]: index,
    [A.stageKind]: records.length > 0 ? 'work' : 'gate',
    ...checksumAttributes(draft.input.checksums),
    [A.qualityCoveragePercent]: coverage.overallCoverage === undefined ? undefined : double(coverage.overallCoverage),
    [A.qualityGapCount]: coverage.gaps?.length,
    [A.outputArtifactCount]: optionalSum(records.map((record) => record.artifacts)),
    [A.outputPathCount]: optionalSum(records.map((record) => record.files)),
    [A.gateCount]: gates.length === 0 ? undefined : gates.length,
    [A.gateFailedCount]: gates.length === 0 ? undefined : failed,
    [A.gateEventsTruncated]: leftOut === 0 ? undefined : leftOut,
  });
}

/** From the first work or gate to the last. */
function spanOfTime(
  draft: StageDraft,
  { records, gates }: Stage,
  events: readonly EventDraft[],
): { readonly start: bigint; readonly end: bigint } {
  const starts = [...records.map((record) => nanos(record.startedAt)), ...gates.map(startOf)].filter((time) => time > 0n);
  const ends = [...records.map((record) => nanos(record.startedAt) + nanosOfMillis(record.durationMs)), ...gates.map(momentOf)];
  const start = earliest(starts[0] ?? draft.now, starts);
  return { start, end: latest(start + SHORTEST, [...ends, ...events.map(({ time }) => time)]) };
}

/** The task that the failure speaks of; else the stage itself, which is where the cause lies. */
function causeOf(gate: GateResult, places: StagePlaces, stage: SpanPlace): string {
  const artifact = gate.evidence.find((item) => item.finding && item.artifact !== undefined)?.artifact;
  return (artifact === undefined ? undefined : places.tasks.get(artifact)?.spanId) ?? stage.spanId;
}

/**
 * Gate after gate as they were asked, each in its own sequence, every event later than the one before. The times alone would not tell: most gates take less than
 * the millisecond that the clock shows, so that by time they would lie in each other, another way in every run.
 */
function inSequence(events: readonly EventDraft[]): readonly EventDraft[] {
  let last = 0n;
  return events.map((event) => {
    last = latest(last + SHORTEST, [event.time]);
    return { ...event, time: last };
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function optionalSum(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : int(sum(known));
}

function groupBy<T, K>(items: readonly T[], key: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  return Map.groupBy(items, key);
}

import type { Artifact, ArtifactStatus, ArtifactType, Priority } from '../contract/contract.ts';
import { expectedOutputContracts } from '../contract/type-sections.ts';
import { isJsonObject } from '../host/json.ts';
import type { PlannedStory, PlannedTask } from '../plan/plan.ts';
import type { AttributeValue, EventDraft, LinkDraft, SpanDraft } from './draft.ts';
import type { Draft } from './draft-input.ts';
import { findingsByArtifact } from './gate-events.ts';
import { heldOutbound, statedOutbound } from './outbound.ts';
import type { Places, StoryPart } from './places.ts';
import { A, EVENT, EXPORT_SOURCE, PARAMETER_PREFIX, SPAN } from './registry.ts';
import { int, json, parameter, present, text, texts } from './values.ts';

/** A task without its ids: what it says, and how much room that takes. */
export interface TaskBody {
  readonly task: PlannedTask;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly events: readonly EventDraft[];
  /** Estimated size as protobuf. */
  readonly bytes: number;
}

/** Every task of the plan, in the plan's order. */
export function taskBodies(draft: Draft): readonly TaskBody[] {
  const { plan, gates } = draft.input;
  const known = new Set(plan.tasks.map((task) => task.taskId));
  const findings = findingsByArtifact(gates, (id) => known.has(id));
  const facts = typeFacts(draft);
  return plan.tasks.map((task) => {
    const attributes = taskAttributes(draft, task);
    const events = taskEvents(draft, task, facts.get(task.artifact.type), findings.get(task.taskId) ?? []);
    return { task, attributes, events, bytes: sizeOf(attributes, events) };
  });
}

/** A task with its place and its links; links never need their target to be drafted first, because every id is known. */
export function draftTask(draft: Draft, places: Places, body: TaskBody): SpanDraft {
  const { task } = body;
  const place = places.tasks.get(task.taskId)!;
  const told = statedOutbound(draft, place, {
    taskId: task.taskId,
    parentId: task.parentId,
    phase: 'EXPORT_CONTRACT',
    status: STATED[task.artifact.status],
  });
  return {
    name: SPAN.task,
    ...place,
    start: draft.now,
    end: draft.now,
    attributes: body.attributes,
    events: told.length === 0 ? body.events : [...body.events, ...told],
    links: task.dependsOn.flatMap((id) => linkTo(places.tasks.get(id), 'depends_on')),
    status: { code: task.artifact.status === 'exists' ? 'OK' : 'UNSET' },
  };
}

/** One kind of artifact. With a trace of its own, it is a root that points to the epic and to its parts. */
export function draftStory(draft: Draft, places: Places, story: PlannedStory): SpanDraft {
  const place = places.stories.get(story.taskId)!;
  const parts = places.parts.filter((part) => part.story === story);
  const done = story.gapCount === 0;
  const told = statedOutbound(draft, place, {
    taskId: story.taskId,
    parentId: draft.input.plan.epic.taskId,
    phase: 'EXPORT_CONTRACT',
    status: done ? 'completed' : 'not_started',
    metrics: { gap_count: story.gapCount, artifact_count: story.totalCount },
  });
  return {
    name: SPAN.story,
    ...place,
    start: draft.now,
    end: draft.now,
    attributes: storyAttributes(draft, places, story, parts.length),
    events: [
      created(draft.now, story.title, 'story', { [A.eventArtifactType]: story.type }),
      ...(done ? [completed(draft.now)] : []),
      ...told,
    ],
    links: [...(places.split ? linkTo(places.epic, 'part_of') : []), ...parts.flatMap((part) => linkTo(part, 'has_part'))],
    status: { code: done ? 'OK' : 'UNSET' },
  };
}

/** The root of a further trace of a story. It is no task, so that stories and tasks are counted once. */
export function draftPart(draft: Draft, places: Places, part: StoryPart): SpanDraft {
  const { story, number, traceId, spanId } = part;
  return {
    name: SPAN.part,
    traceId,
    spanId,
    start: draft.now,
    end: draft.now,
    attributes: {
      ...draft.shared,
      [A.exportEpicTraceId]: places.epic.traceId,
      [A.taskId]: `${story.taskId}-part-${number}`,
      [A.taskType]: 'part',
      [A.taskTitle]: text(`${story.title}, part ${number}`),
      [A.taskStatus]: story.gapCount === 0 ? 'done' : 'todo',
      [A.taskPhase]: 'EXPORT_CONTRACT',
      [A.taskParentId]: story.taskId,
      [A.artifactType]: story.type,
      [A.exportPart]: number,
      [A.exportParts]: partsOf(places, story),
    },
    events: [],
    links: linkTo(places.stories.get(story.taskId), 'part_of'),
    status: { code: 'UNSET' },
  };
}

/** A link with its type; none where the target is unknown. */
export function linkTo(place: { readonly traceId: string; readonly spanId: string } | undefined, type: string): readonly LinkDraft[] {
  return place ? [{ traceId: place.traceId, spanId: place.spanId, attributes: { [A.linkType]: type } }] : [];
}

export function created(time: bigint, title: string, type: string, more: Readonly<Record<string, AttributeValue>>): EventDraft {
  return {
    name: EVENT.taskCreated,
    time,
    attributes: { [A.taskTitle]: text(title), [A.taskType]: type, [A.source]: EXPORT_SOURCE, ...more },
  };
}

export function completed(time: bigint): EventDraft {
  return { name: EVENT.taskCompleted, time, attributes: {} };
}

const STATUS: Readonly<Record<ArtifactStatus, string>> = { needed: 'todo', outdated: 'todo', exists: 'done', skipped: 'cancelled' };
const STATED = { needed: 'not_started', outdated: 'not_started', exists: 'completed', skipped: 'failed' } as const;
const PRIORITY: Readonly<Record<Priority, string>> = { required: 'high', recommended: 'medium', optional: 'low' };
const INTENT: Readonly<Record<ArtifactStatus, string | undefined>> = {
  needed: 'create',
  outdated: 'update',
  exists: 'validate',
  skipped: undefined,
};

function taskAttributes(draft: Draft, { taskId, parentId, artifact, dependsOn, unknownDependencies }: PlannedTask) {
  const type = draft.types.get(artifact.type);
  const attributes: Record<string, AttributeValue> = {
    ...draft.shared,
    [A.taskId]: taskId,
    [A.taskType]: 'task',
    [A.taskTitle]: text(artifact.name),
    [A.taskStatus]: STATUS[artifact.status],
    [A.taskPhase]: 'EXPORT_CONTRACT',
    [A.taskParentId]: parentId,
    [A.taskPriority]: PRIORITY[artifact.priority],
    [A.taskPercentComplete]: artifact.status === 'exists' ? 100 : 0,
    [A.taskSubtaskCount]: 0,
    [A.taskSubtaskCompleted]: 0,
    [A.artifactId]: artifact.id,
    [A.artifactType]: artifact.type,
    [A.artifactTarget]: text(artifact.target),
    [A.artifactPriority]: artifact.priority,
    [A.artifactStatus]: artifact.status,
  };
  // One object, added to: drafting a large plan is felt here.
  if (artifact.namespace !== undefined) attributes[A.artifactNamespace] = text(artifact.namespace);
  if (artifact.existingPath !== undefined) attributes[A.artifactPath] = text(artifact.existingPath);
  if (type) {
    attributes[A.expectedOutputDepth] = type.expected.depth;
    attributes[A.expectedOutputMaxLines] = int(type.expected.maxLines);
    attributes[A.expectedOutputMaxTokens] = int(type.expected.maxTokens);
  }
  const dependencies = [...dependsOn, ...unknownDependencies];
  if (dependencies.length > 0) {
    attributes[A.artifactDependsOn] = texts(dependencies);
    attributes[A.artifactDependencyCount] = dependencies.length;
  }
  for (const [key, value] of Object.entries(artifact.parameters)) {
    const safe = parameter(key, value);
    if (safe !== undefined) attributes[PARAMETER_PREFIX + key] = safe;
  }
  return attributes;
}

function storyAttributes(draft: Draft, places: Places, story: PlannedStory, parts: number) {
  return present({
    ...draft.shared,
    [A.taskId]: story.taskId,
    [A.taskType]: 'story',
    [A.taskTitle]: text(story.title),
    [A.taskStatus]: story.gapCount === 0 ? 'done' : 'todo',
    [A.taskPhase]: 'EXPORT_CONTRACT',
    [A.taskParentId]: draft.input.plan.epic.taskId,
    [A.taskPercentComplete]: story.totalCount === 0 ? 100 : (story.completedCount / story.totalCount) * 100,
    [A.taskSubtaskCount]: story.totalCount,
    [A.taskSubtaskCompleted]: story.completedCount,
    [A.artifactType]: story.type,
    [A.artifactGapCount]: story.gapCount,
    [A.artifactTotalCount]: story.totalCount,
    ...expectedAttributes(draft.types.get(story.type)),
    [A.exportParts]: parts === 0 ? undefined : parts + 1,
    [A.exportEpicTraceId]: places.split ? places.epic.traceId : undefined,
  });
}

function expectedAttributes(type: ArtifactType | undefined) {
  return { [A.expectedOutputDepth]: type?.expected.depth, [A.expectedOutputMaxLines]: type && int(type.expected.maxLines) };
}

/** What is said of a type again and again, put into words once. */
interface TypeFacts {
  readonly contract?: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly sourcesJson: string;
  readonly output: { readonly output_path: string; readonly output_ext: string };
}

function typeFacts(draft: Draft): ReadonlyMap<string, TypeFacts> {
  const contracts = expectedOutputContracts(draft.input.contract, draft.input.types) ?? {};
  return new Map(
    draft.input.types.map((type) => {
      const pairs = type.parameters.map(({ key, source }) => [key, source] as const);
      const sources = pairs.length === 0 ? { source: 'none' } : Object.fromEntries(pairs);
      const contract = contracts[type.type];
      return [
        type.type,
        {
          sources,
          sourcesJson: json(sources),
          output: { output_path: type.output.path, output_ext: type.output.ext },
          ...(isJsonObject(contract) ? { contract: json(contract) } : {}),
        },
      ];
    }),
  );
}

const NO_FACTS: TypeFacts = {
  sources: { source: 'none' },
  sourcesJson: '{"source":"none"}',
  output: { output_path: 'unknown', output_ext: 'unknown' },
};

function taskEvents(draft: Draft, task: PlannedTask, facts: TypeFacts = NO_FACTS, findings: readonly EventDraft[]): readonly EventDraft[] {
  const { artifact } = task;
  const now = draft.now;
  const events: EventDraft[] = [
    created(now, artifact.name, 'task', {
      [A.eventArtifactType]: artifact.type,
      [A.eventTarget]: text(artifact.target),
      [A.eventPriority]: artifact.priority,
      [A.eventStatus]: artifact.status,
    }),
  ];
  const contract = present({
    [A.derivationRules]: artifact.derivedFrom.length === 0 ? undefined : json(artifact.derivedFrom),
    [A.expectedOutputContract]: facts.contract,
  });
  if (Object.keys(contract).length > 0) events.push({ name: EVENT.taskContract, time: now, attributes: contract });
  const dependencies = [...task.dependsOn, ...task.unknownDependencies];
  if (dependencies.length > 0) {
    events.push({
      name: EVENT.taskDependencies,
      time: now,
      attributes: { [A.eventDependsOn]: texts(dependencies), [A.eventDependencyCount]: dependencies.length },
    });
  }
  if (task.cycle) events.push({ name: EVENT.taskDependencyCycle, time: now, attributes: { [A.cycle]: texts(task.cycle) } });
  events.push(...intentEvents(draft, artifact, facts));
  if (artifact.validationErrors.length > 0) events.push(invalidEvent(now, artifact));
  events.push(...findings);
  if (artifact.status === 'exists') events.push(completed(now));
  return events;
}

function intentEvents(draft: Draft, artifact: Artifact, facts: TypeFacts): readonly EventDraft[] {
  const intent = INTENT[artifact.status];
  if (intent === undefined) return [];
  const owner = draft.input.contract.manifest.spec.business?.owner || 'unassigned';
  const told = heldOutbound(draft, 'ArtifactIntent', artifact.id, {
    schema_version: 'v1',
    artifact_id: artifact.id,
    artifact_type: artifact.type,
    owner,
    intent,
    task_id: artifact.id,
    promoted_to_task: true,
    promotion_reason: 'traceability',
    parameter_sources: facts.sources,
    output_convention: facts.output,
  });
  const attributes = {
    [A.eventArtifactId]: artifact.id,
    [A.intent]: intent,
    [A.parameterSources]: facts.sourcesJson,
    [A.intentAction]: intent,
    [A.intentArtifactType]: artifact.type,
    [A.intentParameterSources]: facts.sourcesJson,
    [A.intentOwner]: text(owner),
  };
  return [{ name: EVENT.artifactIntent, time: draft.now, attributes }, ...told];
}

function invalidEvent(time: bigint, artifact: Artifact): EventDraft {
  const errors = artifact.validationErrors.map(({ place, message }) => `${place.file}:${place.line}: ${message}`);
  const path = artifact.existingPath === undefined ? {} : { [A.artifactPath]: text(artifact.existingPath) };
  return { name: EVENT.artifactInvalid, time, attributes: { ...path, [A.validationErrors]: texts(errors) } };
}

function partsOf(places: Places, story: PlannedStory): number {
  return 1 + places.parts.filter((part) => part.story === story).length;
}

function sizeOf(attributes: Readonly<Record<string, AttributeValue>>, events: readonly EventDraft[]): number {
  return events.reduce(
    (sum, event) => sum + 20 + event.name.length + sizeOfAttributes(event.attributes),
    160 + sizeOfAttributes(attributes),
  );
}

function sizeOfAttributes(attributes: Readonly<Record<string, AttributeValue>>): number {
  let sum = 0;
  for (const key in attributes) {
    const value = attributes[key];
    sum += 10 + key.length + (typeof value === 'string' ? value.length : Array.isArray(value) ? value.join().length + 4 * value.length : 8);
  }
  return sum;
}

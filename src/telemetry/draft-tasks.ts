import type { Artifact, ArtifactStatus, ArtifactType, Priority } from '../contract/contract.ts';
import type { PlannedStory, PlannedTask } from '../plan/plan.ts';
import { AttributeList } from './attribute-list.ts';
import { A } from './attributes.ts';
import type { AttributeValue, EventDraft, SpanDraft } from './draft.ts';
import type { Draft } from './draft-input.ts';
import { findingsByArtifact } from './gate-events.ts';
import { linksTo, linkTo } from './link-to.ts';
import { statedOutbound } from './outbound.ts';
import type { Places, StoryPart } from './places.ts';
import { PARAMETER_PREFIX, SPAN } from './registry.ts';
import { completed, created, taskEvents, typeFacts } from './task-events.ts';
import { int, parameter, present, text, texts } from './values.ts';

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
    end: draft.end,
    attributes: body.attributes,
    events: told.length === 0 ? body.events : [...body.events, ...told],
    links: linksTo(
      task.dependsOn.map((id) => places.tasks.get(id)),
      'depends_on',
    ),
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
    end: draft.end,
    attributes: storyAttributes(draft, places, story, parts.length),
    events: [
      created(draft.now, story.title, 'story', { [A.eventArtifactType]: story.type }),
      ...(done ? [completed(draft.now)] : []),
      ...told,
    ],
    links: [...(places.split ? linkTo(places.epic, 'part_of') : []), ...linksTo(parts, 'has_part')],
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
    end: draft.end,
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

const STATUS: Readonly<Record<ArtifactStatus, string>> = { needed: 'todo', outdated: 'todo', exists: 'done', skipped: 'cancelled' };
const STATED = { needed: 'not_started', outdated: 'not_started', exists: 'completed', skipped: 'failed' } as const;
const PRIORITY: Readonly<Record<Priority, string>> = { required: 'high', recommended: 'medium', optional: 'low' };

function taskAttributes(draft: Draft, { taskId, parentId, artifact, dependsOn, unknownDependencies }: PlannedTask) {
  const type = draft.types.get(artifact.type);
  const attributes = new AttributeList();
  attributes.addAll(draft.shared);
  attributes.add(A.taskId, taskId);
  attributes.add(A.taskType, 'task');
  attributes.add(A.taskTitle, text(artifact.name));
  attributes.add(A.taskStatus, STATUS[artifact.status]);
  attributes.add(A.taskPhase, 'EXPORT_CONTRACT');
  attributes.add(A.taskParentId, parentId);
  attributes.add(A.taskPriority, PRIORITY[artifact.priority]);
  attributes.add(A.taskPercentComplete, artifact.status === 'exists' ? 100 : 0);
  attributes.add(A.taskSubtaskCount, 0);
  attributes.add(A.taskSubtaskCompleted, 0);
  attributes.add(A.artifactId, artifact.id);
  attributes.add(A.artifactType, artifact.type);
  attributes.add(A.artifactTarget, text(artifact.target));
  attributes.add(A.artifactPriority, artifact.priority);
  attributes.add(A.artifactStatus, artifact.status);
  if (artifact.namespace !== undefined) attributes.add(A.artifactNamespace, text(artifact.namespace));
  if (artifact.existingPath !== undefined) attributes.add(A.artifactPath, text(artifact.existingPath));
  if (type) {
    attributes.add(A.expectedOutputDepth, type.expected.depth);
    attributes.add(A.expectedOutputMaxLines, int(type.expected.maxLines));
    attributes.add(A.expectedOutputMaxTokens, int(type.expected.maxTokens));
  }
  const dependencies = [...dependsOn, ...unknownDependencies];
  if (dependencies.length > 0) {
    attributes.add(A.artifactDependsOn, texts(dependencies));
    attributes.add(A.artifactDependencyCount, dependencies.length);
  }
  addParameters(attributes, artifact.parameters);
  return attributes.toObject();
}

/** With these a task has less than the 128 attributes beyond which SDKs and backends drop some. Our own types have a dozen; an export of somebody else may have any number. */
const PARAMETERS = 90;

function addParameters(attributes: AttributeList, parameters: Artifact['parameters']): void {
  let leftOut = 0;
  let shown = 0;
  for (const key of Object.keys(parameters)) {
    const safe = parameter(key, parameters[key]);
    if (safe === undefined) continue;
    if (shown === PARAMETERS) leftOut += 1;
    else {
      attributes.add(PARAMETER_PREFIX + key, safe);
      shown += 1;
    }
  }
  if (leftOut > 0) attributes.add(A.artifactParametersTruncated, leftOut);
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

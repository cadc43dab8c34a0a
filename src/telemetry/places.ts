import type { Ids } from '../host/world.ts';
import type { PlannedStory } from '../plan/plan.ts';
import type { Draft } from './draft-input.ts';
import type { TaskBody } from './draft-tasks.ts';

/** Where a span stands: its ids and its parent's. */
export interface SpanPlace {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

/** The root of a further trace of a story that is too large for one. Numbers start at 2; part 1 is the story's own trace. */
export interface StoryPart extends SpanPlace {
  readonly story: PlannedStory;
  readonly number: number;
}

/** Every id, chosen before any span is drafted, so that links may point forward, around cycles and into other traces. */
export interface Places {
  readonly epic: SpanPlace;
  /** The epic's first, then in order of stories and parts. */
  readonly traceIds: readonly string[];
  readonly stories: ReadonlyMap<string, SpanPlace>;
  readonly parts: readonly StoryPart[];
  readonly tasks: ReadonlyMap<string, SpanPlace>;
  /** True when stories have traces of their own. */
  readonly split: boolean;
  readonly under: (parent: SpanPlace) => SpanPlace;
}

const DEFAULT_SPANS = 2_000;
/** As protobuf; Tempo drops what exceeds 5 MB after having answered 200 (otel.md §7). */
const TRACE_BYTES = 1_500_000;
/** Epic, stages, stories and questions; generous. */
const FRAME_BYTES = 64_000;

/**
 * One trace while it stays within the limits of the backends that people run. Beyond, one trace per story, and per part of a story that is itself too large.
 */
export function placeSpans(draft: Draft, bodies: readonly TaskBody[]): Places {
  const { plan, ids, context, traceLimit = DEFAULT_SPANS } = draft.input;
  const parent = context.placement.parent;
  const epic: SpanPlace = {
    traceId: parent?.traceId ?? ids.traceId(),
    spanId: ids.spanId(),
    ...(parent ? { parentSpanId: parent.spanId } : {}),
  };
  const limit = Math.max(2, traceLimit);
  const split = isTooLarge(bodies, plan.stories.length + 16, limit);
  const stories = new Map(plan.stories.map((story) => [story.taskId, split ? newRoot(ids) : below(ids, epic)]));
  const { tasks, parts } = split ? placeInParts(draft, bodies, stories, limit) : { tasks: placeBelow(ids, bodies, stories), parts: [] };
  const traceIds = split ? [epic, ...stories.values(), ...parts].map((place) => place.traceId) : [epic.traceId];
  return { epic, traceIds, stories, parts, tasks, split, under: (above) => below(ids, above) };
}

function isTooLarge(bodies: readonly TaskBody[], frame: number, limit: number): boolean {
  const bytes = bodies.reduce((sum, body) => sum + body.bytes, FRAME_BYTES);
  return bodies.length + frame > limit || bytes > TRACE_BYTES;
}

function placeBelow(ids: Ids, bodies: readonly TaskBody[], stories: ReadonlyMap<string, SpanPlace>): ReadonlyMap<string, SpanPlace> {
  return new Map(bodies.map(({ task }) => [task.taskId, below(ids, stories.get(task.parentId)!)]));
}

function placeInParts(draft: Draft, bodies: readonly TaskBody[], stories: ReadonlyMap<string, SpanPlace>, limit: number) {
  const { ids, plan } = draft.input;
  const open = new Map(
    plan.stories.map((story) => [story.taskId, { story, root: stories.get(story.taskId)!, number: 1, spans: 1, bytes: 0 }]),
  );
  const tasks = new Map<string, SpanPlace>();
  const parts: StoryPart[] = [];
  for (const { task, bytes } of bodies) {
    const part = open.get(task.parentId)!;
    if (part.spans + 1 > limit || (part.spans > 1 && part.bytes + bytes > TRACE_BYTES)) {
      Object.assign(part, { root: newRoot(ids), number: part.number + 1, spans: 1, bytes: 0 });
      parts.push({ ...part.root, story: part.story, number: part.number });
    }
    part.spans += 1;
    part.bytes += bytes;
    tasks.set(task.taskId, below(ids, part.root));
  }
  return { tasks, parts };
}

function newRoot(ids: Ids): SpanPlace {
  return { traceId: ids.traceId(), spanId: ids.spanId() };
}

function below(ids: Ids, parent: SpanPlace): SpanPlace {
  return { traceId: parent.traceId, spanId: ids.spanId(), parentSpanId: parent.spanId };
}

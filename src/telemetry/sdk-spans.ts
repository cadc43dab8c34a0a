import {
  type Context,
  type HrTime,
  type Link,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { AlwaysOnSampler, BasicTracerProvider, type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { AttributeValue, Drafts, SpanDraft } from './draft.ts';

/**
 * The drafts as spans that the OpenTelemetry SDK made, one at a time, in the drafts' order; each is read back as the processor saw it end.
 * Sampler and limits are explicit, because the defaults read OTEL_* variables and drop data in silence (otel.md §2.4, §4.4); ids are those of the drafts.
 */
export function* sdkSpans(drafts: Drafts): Generator<SpanDraft> {
  const ended: ReadableSpan[] = [];
  const ids = { traceId: '', spanId: '' };
  const provider = new BasicTracerProvider({
    sampler: new AlwaysOnSampler(),
    idGenerator: { generateTraceId: () => ids.traceId, generateSpanId: () => ids.spanId },
    spanLimits: UNLIMITED,
    generalLimits: { attributeCountLimit: UNLIMITED.attributeCountLimit, attributeValueLengthLimit: Number.POSITIVE_INFINITY },
    spanProcessors: [collectInto(ended)],
  });
  const tracer = provider.getTracer(drafts.scope.name, drafts.scope.version);
  let context = ROOT_CONTEXT;
  let before: SpanDraft | undefined;
  for (const draft of drafts.spans) {
    ids.traceId = draft.traceId;
    ids.spanId = draft.spanId;
    // Neighbours mostly have one parent, and a context is a copy of a map.
    if (!before || !isSibling(draft, before)) context = contextOf(draft);
    makeSpan(tracer, draft, context);
    yield readBack(ended.pop()!, draft);
    before = draft;
  }
}

const MANY = 1_000_000;
const UNLIMITED = {
  attributeCountLimit: MANY,
  eventCountLimit: MANY,
  linkCountLimit: MANY,
  attributePerEventCountLimit: MANY,
  attributePerLinkCountLimit: MANY,
  attributeValueLengthLimit: Number.POSITIVE_INFINITY,
} as const;

function collectInto(ended: ReadableSpan[]): SpanProcessor {
  return {
    onStart: () => undefined,
    onEnd: (span) => void ended.push(span),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

function makeSpan(tracer: Tracer, draft: SpanDraft, context: Context): void {
  const span = tracer.startSpan(draft.name, { kind: SpanKind.INTERNAL, startTime: hrTime(draft.start) }, context);
  // Not handed to the start: they would be copied three times on their way, for a sampler that does not ask.
  span.setAttributes(mutable(draft.attributes));
  for (const link of draft.links) span.addLink(linkOf(link));
  for (const event of draft.events) span.addEvent(event.name, mutable(event.attributes), hrTime(event.time));
  const { code, message } = draft.status;
  if (code !== 'UNSET') span.setStatus({ code: SpanStatusCode[code], ...(message === undefined ? {} : { message }) });
  span.end(hrTime(draft.end));
}

function isSibling(one: SpanDraft, other: SpanDraft): boolean {
  return one.parentSpanId === other.parentSpanId && one.traceId === other.traceId && one.parentIsRemote === other.parentIsRemote;
}

function contextOf(draft: SpanDraft): Context {
  if (!draft.parentSpanId) return ROOT_CONTEXT;
  const parent = {
    traceId: draft.traceId,
    spanId: draft.parentSpanId,
    traceFlags: TraceFlags.SAMPLED,
    isRemote: draft.parentIsRemote ?? false,
  };
  return trace.setSpanContext(ROOT_CONTEXT, parent);
}

function linkOf({ traceId, spanId, attributes }: SpanDraft['links'][number]): Link {
  return { context: { traceId, spanId, traceFlags: TraceFlags.SAMPLED }, attributes: mutable(attributes) };
}

/** What the SDK holds, as a draft again. The trace state stays the draft's: the SDK would parse it and write it anew. */
function readBack(span: ReadableSpan, draft: SpanDraft): SpanDraft {
  const { traceId, spanId } = span.spanContext();
  const parent = span.parentSpanContext;
  const code = SpanStatusCode[span.status.code] as SpanDraft['status']['code'];
  return {
    name: span.name,
    traceId,
    spanId,
    ...(parent ? { parentSpanId: parent.spanId } : {}),
    ...(parent?.isRemote ? { parentIsRemote: true } : {}),
    ...(draft.traceState ? { traceState: draft.traceState } : {}),
    start: bigintOf(span.startTime),
    end: bigintOf(span.endTime),
    attributes: span.attributes as Readonly<Record<string, AttributeValue>>,
    events: span.events.map((event) => ({
      name: event.name,
      time: bigintOf(event.time),
      attributes: (event.attributes ?? {}) as Readonly<Record<string, AttributeValue>>,
    })),
    links: span.links.map(({ context, attributes }) => ({
      traceId: context.traceId,
      spanId: context.spanId,
      attributes: (attributes ?? {}) as Readonly<Record<string, AttributeValue>>,
    })),
    status: { code, ...(span.status.message ? { message: span.status.message } : {}) },
  };
}

type MutableValue = string | boolean | number | string[] | number[] | boolean[];

/** The API's attribute type wants arrays it could write to; it does not. */
function mutable(attributes: Readonly<Record<string, AttributeValue>>): Record<string, MutableValue> {
  return attributes as Record<string, MutableValue>;
}

function hrTime(time: bigint): HrTime {
  return [Number(time / 1_000_000_000n), Number(time % 1_000_000_000n)];
}

function bigintOf([seconds, nanos]: HrTime): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
}

import { ROOT_CONTEXT, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { AlwaysOnSampler, BasicTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Drafts } from '../src/telemetry/draft.ts';

export const serializers = { 'http/json': JsonTraceSerializer, 'http/protobuf': ProtobufTraceSerializer } as const;

/** The same spans as the SDK holds them, for its own serializers. */
export function stockSpans({ spans, scope }: Drafts): readonly ReadableSpan[] {
  const ended: ReadableSpan[] = [];
  const ids = { traceId: '', spanId: '' };
  const tracer = new BasicTracerProvider({
    sampler: new AlwaysOnSampler(),
    idGenerator: { generateTraceId: () => ids.traceId, generateSpanId: () => ids.spanId },
    spanProcessors: [
      {
        onStart: () => undefined,
        onEnd: (span) => void ended.push(span),
        forceFlush: async () => undefined,
        shutdown: async () => undefined,
      },
    ],
  }).getTracer(scope.name, scope.version);
  for (const draft of spans) {
    Object.assign(ids, draft);
    const context = (id: string) => ({ traceId: draft.traceId, spanId: id, traceFlags: TraceFlags.SAMPLED });
    const span = tracer.startSpan(
      draft.name,
      {
        startTime: time(draft.start),
        attributes: draft.attributes as Record<string, string>,
        links: draft.links.map((link) => ({ context: context(link.spanId), attributes: link.attributes as Record<string, string> })),
      },
      draft.parentSpanId ? trace.setSpanContext(ROOT_CONTEXT, context(draft.parentSpanId)) : ROOT_CONTEXT,
    );
    for (const event of draft.events) span.addEvent(event.name, event.attributes as Record<string, string>, time(event.time));
    if (draft.status.code !== 'UNSET') span.setStatus({ code: SpanStatusCode[draft.status.code] });
    span.end(time(draft.end));
  }
  return ended;
}

function time(nanos: bigint): [number, number] {
  return [Number(nanos / 1_000_000_000n), Number(nanos % 1_000_000_000n)];
}

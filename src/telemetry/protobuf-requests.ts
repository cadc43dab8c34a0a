import type { AttributeValue, Drafts, EventDraft, LinkDraft, SpanDraft } from './draft.ts';
import { keepSpare, LINE_BYTES, type RequestWriter } from './otlp-json.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import type { AttributeType } from './registry.ts';
import { FLAGS, isWritable, KIND, keyOf, REMOTE, STATUS } from './span-json.ts';

/**
 * Begins protobuf requests: byte for byte what `otlpJsonToProtobuf` makes of their lines, without reading a line again, which would cost more than all the
 * rest (a test holds the two equal).
 */
export function protobufRequests({ resource, scope }: Pick<Drafts, 'resource' | 'scope'>): () => RequestWriter {
  const spare: Buffer[] = [];
  return () => {
    const w = new ProtobufWriter(spare.pop() ?? Buffer.allocUnsafeSlow(TYPICAL_REQUEST));
    const resourceSpans = w.open(1);
    w.message(1, () => attributes(w, 1, resource));
    const scopeSpans = w.open(2);
    w.message(1, () => {
      w.string(1, scope.name);
      w.string(2, scope.version);
    });
    return {
      add: (draft) => span(w, draft),
      finish: () => {
        w.close(scopeSpans);
        w.close(resourceSpans);
        const body = w.finish();
        return { body, release: () => keepSpare(spare, body, LINE_BYTES) };
      },
    };
  };
}

/** A line of half a megabyte is rarely more than a third of one in protobuf. */
const TYPICAL_REQUEST = 256 * 1024;

function span(w: ProtobufWriter, draft: SpanDraft): void {
  const start = w.open(2);
  w.hex(1, draft.traceId);
  w.hex(2, draft.spanId);
  w.string(3, draft.traceState);
  w.hex(4, draft.parentSpanId);
  w.string(5, draft.name);
  w.varint(6, KIND);
  w.fixed64(7, draft.start);
  w.fixed64(8, draft.end);
  attributes(w, 9, draft.attributes);
  for (const item of draft.events) event(w, item);
  for (const item of draft.links) link(w, item);
  const status = w.open(15);
  w.string(2, draft.status.message);
  w.varint(3, STATUS[draft.status.code]);
  w.close(status);
  w.fixed32(16, draft.parentIsRemote ? FLAGS | REMOTE : FLAGS);
  w.close(start);
}

function event(w: ProtobufWriter, draft: EventDraft): void {
  const start = w.open(11);
  w.fixed64(1, draft.time);
  w.string(2, draft.name);
  attributes(w, 3, draft.attributes);
  w.close(start);
}

function link(w: ProtobufWriter, draft: LinkDraft): void {
  const start = w.open(13);
  w.hex(1, draft.traceId);
  w.hex(2, draft.spanId);
  attributes(w, 4, draft.attributes);
  w.fixed32(6, FLAGS);
  w.close(start);
}

function attributes(w: ProtobufWriter, field: number, held: Readonly<Record<string, AttributeValue>>): void {
  for (const key in held) {
    const value = held[key]!;
    const { type } = keyOf(key);
    if (!isWritable(type, value)) continue;
    const start = w.open(field);
    w.string(1, key);
    anyValue(w, 2, type, value);
    w.close(start);
  }
}

function anyValue(w: ProtobufWriter, field: number, type: AttributeType | 'any', value: AttributeValue): void {
  const start = w.open(field);
  if (typeof value === 'string') w.text(1, value);
  else if (typeof value === 'boolean') w.integer(2, value ? 1 : 0);
  else if (typeof value === 'number' && type === 'int') w.integer(3, Math.trunc(value));
  // The line says 0 for -0.
  else if (typeof value === 'number') w.double(4, value === 0 ? 0 : value);
  else {
    const list = w.open(5);
    for (const item of value) if (isWritable(type, item)) anyValue(w, 1, type, item);
    w.close(list);
  }
  w.close(start);
}

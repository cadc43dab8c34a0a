import { remembered } from '../host/remembered.ts';
import type { AttributeValue, EventDraft, LinkDraft, SpanDraft } from './draft.ts';
import { JsonBytes, stringify } from './json-bytes.ts';
import { type AttributeType, declaredType } from './registry.ts';

/** INTERNAL. */
export const KIND = 1;
/** Sampled, and "we know whether the parent is remote"; the second flag says that it is. */
export const FLAGS = 0x101;
export const REMOTE = 0x200;
export const STATUS = { UNSET: 0, OK: 1, ERROR: 2 } as const;

/**
 * Writes a span as OTLP/JSON.
 *
 * Ours because the stock serializers take a number's type from its value: 66.7 leaves as a double and 100 as an int, which Tempo keeps in different columns
 * (otel.md §3.5). Here the registry decides: a key declared double is a double at 100 too. NaN and infinities are left out.
 */
export function writeSpan(json: JsonBytes, span: SpanDraft): void {
  writeIds(json, span);
  if (span.traceState) writeText(json, PART.traceState, span.traceState);
  if (span.parentSpanId) {
    json.bytes(PART.parent);
    json.raw(span.parentSpanId);
    json.bytes(PART.endText);
  }
  json.bytes(span.parentIsRemote ? PART.remoteFlags : PART.flags);
  writeText(json, PART.name, span.name);
  writeTime(json, PART.start, span.start);
  writeTime(json, PART.end, span.end);
  json.bytes(PART.attributes);
  writeAttributes(json, span.attributes);
  if (span.events.length > 0) writeList(json, PART.events, span.events, writeEvent);
  if (span.links.length > 0) writeList(json, PART.links, span.links, writeLink);
  json.bytes(PART.status);
  if (span.status.message) {
    writeText(json, PART.message, span.status.message);
    json.bytes(PART.comma);
  }
  json.raw(`"code":${STATUS[span.status.code]}}}`);
}

function writeEvent(json: JsonBytes, event: EventDraft): void {
  writeTime(json, PART.event, event.time);
  writeText(json, PART.name, event.name);
  json.bytes(PART.attributes);
  writeAttributes(json, event.attributes);
  json.bytes(PART.close);
}

function writeLink(json: JsonBytes, link: LinkDraft): void {
  writeIds(json, link);
  json.bytes(PART.flags);
  json.bytes(PART.attributes);
  writeAttributes(json, link.attributes);
  json.bytes(PART.close);
}

function writeIds(json: JsonBytes, { traceId, spanId }: SpanDraft | LinkDraft): void {
  json.bytes(PART.traceId);
  json.raw(traceId);
  json.bytes(PART.spanId);
  json.raw(spanId);
  json.bytes(PART.endText);
}

function writeTime(json: JsonBytes, key: Uint8Array, time: bigint): void {
  json.bytes(key);
  json.raw(time.toString());
  json.bytes(PART.endText);
}

function writeText(json: JsonBytes, key: Uint8Array, value: string): void {
  json.bytes(key);
  json.text(value);
}

function writeList<T>(json: JsonBytes, key: Uint8Array, items: readonly T[], write: (json: JsonBytes, item: T) => void): void {
  json.bytes(key);
  for (let index = 0; index < items.length; index++) {
    if (index > 0) json.bytes(PART.comma);
    write(json, items[index]!);
  }
  json.bytes(PART.endList);
}

/** What is the same in every span, as bytes. */
const PART = {
  traceId: Buffer.from('{"traceId":"'),
  spanId: Buffer.from('","spanId":"'),
  traceState: Buffer.from(',"traceState":'),
  parent: Buffer.from(',"parentSpanId":"'),
  flags: Buffer.from(`,"flags":${FLAGS}`),
  remoteFlags: Buffer.from(`,"flags":${FLAGS | REMOTE}`),
  name: Buffer.from(',"name":'),
  start: Buffer.from(`,"kind":${KIND},"startTimeUnixNano":"`),
  end: Buffer.from(',"endTimeUnixNano":"'),
  event: Buffer.from('{"timeUnixNano":"'),
  attributes: Buffer.from(',"attributes":'),
  events: Buffer.from(',"events":['),
  links: Buffer.from(',"links":['),
  status: Buffer.from(',"status":{'),
  message: Buffer.from('"message":'),
  text: Buffer.from('{"stringValue":'),
  list: Buffer.from('{"arrayValue":{"values":['),
  true: Buffer.from('{"boolValue":true}'),
  false: Buffer.from('{"boolValue":false}'),
  openList: Buffer.from('['),
  endList: Buffer.from(']'),
  endText: Buffer.from('"'),
  comma: Buffer.from(','),
  close: Buffer.from('}'),
  closeBoth: Buffer.from('}}'),
};

/** Attributes as OTLP/JSON, each number with the type that its key declares. */
export function attributesJson(attributes: Readonly<Record<string, AttributeValue>>): string {
  const json = new JsonBytes(Buffer.allocUnsafeSlow(1_024));
  writeAttributes(json, attributes);
  return json.written().toString();
}

function writeAttributes(json: JsonBytes, attributes: Readonly<Record<string, AttributeValue>>): void {
  let before = PART.openList;
  for (const key in attributes) {
    const value = attributes[key]!;
    const known = keyOf(key);
    if (!isWritable(known.type, value)) continue;
    json.bytes(before);
    before = PART.comma;
    if (typeof value === 'string') writeTextAttribute(json, known, value);
    else {
      json.bytes(known.head);
      writeValue(json, known.type, value);
      json.bytes(PART.close);
    }
  }
  if (before === PART.openList) json.bytes(PART.openList);
  json.bytes(PART.endList);
}

/** What is known of a key: how an attribute under it begins, the type of its numbers, and its last text, which neighbours often share. */
interface Key {
  readonly head: Uint8Array;
  readonly type: AttributeType | 'any';
  last?: string;
  /** The whole attribute, once a text came twice. */
  written?: Uint8Array | undefined;
}

export const keyOf = remembered(
  (key: string): Key => ({ head: Buffer.from(`{"key":${stringify(key)},"value":`), type: declaredType(key) ?? 'any' }),
  2_000,
);

function writeTextAttribute(json: JsonBytes, key: Key, value: string): void {
  const again = key.last === value;
  if (again && key.written) {
    json.bytes(key.written);
    return;
  }
  const start = json.length;
  json.bytes(key.head);
  writeText(json, PART.text, value);
  json.bytes(PART.closeBoth);
  key.last = value;
  key.written = again ? json.copyFrom(start) : undefined;
}

function writeValue(json: JsonBytes, type: Key['type'], value: AttributeValue): void {
  if (typeof value === 'string') {
    writeText(json, PART.text, value);
    json.bytes(PART.close);
  } else if (typeof value === 'boolean') json.bytes(value ? PART.true : PART.false);
  else if (typeof value === 'number') json.raw(type === 'int' ? `{"intValue":"${Math.trunc(value)}"}` : `{"doubleValue":${value}}`);
  else {
    const items = value.filter((item: string | number | boolean) => isWritable(type, item));
    writeList(json, PART.list, items, (_, item) => writeValue(json, type, item));
    json.bytes(PART.closeBoth);
  }
}

/** False for what no receiver takes, and one such value has the whole request refused: NaN, infinities, an int that is beyond what a number holds exactly. */
export function isWritable(type: Key['type'], value: AttributeValue): boolean {
  return typeof value !== 'number' || (Number.isFinite(value) && (type !== 'int' || Number.isSafeInteger(Math.trunc(value))));
}

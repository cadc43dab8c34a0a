import type { AttributeValue, Drafts, EventDraft, LinkDraft, SpanDraft } from './draft.ts';
import { type AttributeType, declaredType } from './registry.ts';

/** One request: a line of the spool without its newline, and how many spans it carries. */
export interface OtlpLine {
  readonly body: Uint8Array;
  readonly spans: number;
}

/** A Collector's file receiver loses lines over 1 MiB without a word (peers.md §2). */
export const LINE_SPANS = 512;
export const LINE_BYTES = 512 * 1024;

/**
 * Spans as OTLP/JSON requests of at most 512 spans and 512 KB, one after the other: nothing is written before it is asked for, so that a slow receiver
 * slows the writer and not the memory.
 *
 * The writer is ours because the stock serializers take a number's type from its value: 66.7 leaves as a double and 100 as an int, which Tempo keeps in
 * different columns (otel.md §3.5). Here the registry decides: a key declared double is a double at 100 too. NaN and infinities are left out.
 */
export function* otlpLines(drafts: Drafts, spans: Iterable<SpanDraft> = drafts.spans): Generator<OtlpLine> {
  const head = `{"resourceSpans":[{"resource":{"attributes":${attributesJson(drafts.resource)}},"scopeSpans":[{"scope":{"name":${quoted(drafts.scope.name)},"version":${quoted(drafts.scope.version)}},"spans":[`;
  const tail = ']}]}]}';
  const frame = Buffer.byteLength(head) + tail.length + 1;
  let batch: string[] = [];
  let bytes = frame;
  for (const span of spans) {
    const written = spanJson(span);
    const size = Buffer.byteLength(written) + 1;
    if (batch.length > 0 && (batch.length === LINE_SPANS || bytes + size > LINE_BYTES)) {
      yield { body: Buffer.from(head + batch.join(',') + tail), spans: batch.length };
      batch = [];
      bytes = frame;
    }
    batch.push(written);
    bytes += size;
  }
  if (batch.length > 0) yield { body: Buffer.from(head + batch.join(',') + tail), spans: batch.length };
}

/** INTERNAL. */
const KIND = 1;
/** Sampled, and "we know whether the parent is remote"; the second flag says that it is. */
const FLAGS = 0x101;
const REMOTE = 0x200;
const STATUS = { UNSET: 0, OK: 1, ERROR: 2 } as const;

function spanJson(span: SpanDraft): string {
  return (
    `{"traceId":"${span.traceId}","spanId":"${span.spanId}"` +
    (span.traceState ? `,"traceState":${quoted(span.traceState)}` : '') +
    (span.parentSpanId ? `,"parentSpanId":"${span.parentSpanId}"` : '') +
    `,"flags":${span.parentIsRemote ? FLAGS | REMOTE : FLAGS}` +
    `,"name":${quoted(span.name)},"kind":${KIND},"startTimeUnixNano":"${span.start}","endTimeUnixNano":"${span.end}"` +
    `,"attributes":${attributesJson(span.attributes)}` +
    (span.events.length > 0 ? `,"events":[${span.events.map(eventJson).join(',')}]` : '') +
    (span.links.length > 0 ? `,"links":[${span.links.map(linkJson).join(',')}]` : '') +
    `,"status":{${span.status.message ? `"message":${quoted(span.status.message)},` : ''}"code":${STATUS[span.status.code]}}}`
  );
}

function eventJson(event: EventDraft): string {
  return `{"timeUnixNano":"${event.time}","name":${quoted(event.name)},"attributes":${attributesJson(event.attributes)}}`;
}

function linkJson(link: LinkDraft): string {
  return `{"traceId":"${link.traceId}","spanId":"${link.spanId}","flags":${FLAGS},"attributes":${attributesJson(link.attributes)}}`;
}

function attributesJson(attributes: Readonly<Record<string, AttributeValue>>): string {
  let json = '';
  for (const key in attributes) {
    const value = valueJson(key, attributes[key]!);
    if (value !== undefined) json += `${json === '' ? '' : ','}{"key":${quotedKey(key)},"value":${value}}`;
  }
  return `[${json}]`;
}

function valueJson(key: string, value: AttributeValue): string | undefined {
  if (typeof value === 'string') return `{"stringValue":${quoted(value)}}`;
  if (typeof value === 'boolean') return `{"boolValue":${value}}`;
  if (typeof value === 'number') return numberJson(typeOf(key), value);
  const items = value.map((item) => valueJson(key, item)).filter((item) => item !== undefined);
  return `{"arrayValue":{"values":[${items.join(',')}]}}`;
}

function numberJson(type: AttributeType | 'any', value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  return type === 'int' ? `{"intValue":"${Math.trunc(value)}"}` : `{"doubleValue":${value}}`;
}

const types = new Map<string, AttributeType | 'any'>();
function typeOf(key: string): AttributeType | 'any' {
  const known = types.get(key);
  if (known !== undefined) return known;
  const type = declaredType(key) ?? 'any';
  if (types.size < 10_000) types.set(key, type);
  return type;
}

const keys = new Map<string, string>();
function quotedKey(key: string): string {
  const known = keys.get(key);
  if (known !== undefined) return known;
  const made = quoted(key);
  if (keys.size < 10_000) keys.set(key, made);
  return made;
}

// A lone surrogate is valid for JSON.stringify (it escapes it) but not for every receiver.
function quoted(value: string): string {
  return JSON.stringify(value.isWellFormed() ? value : value.toWellFormed());
}

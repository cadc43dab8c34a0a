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
  const { resource, scope } = drafts;
  const head = `{"resourceSpans":[{"resource":{"attributes":${attributesJson(resource)}},"scopeSpans":[{"scope":{"name":${stringify(scope.name)},"version":${stringify(scope.version)}},"spans":[`;
  let line = new LineWriter(head);
  for (const span of spans) {
    const written = spanJson(span);
    if (!line.fits(written)) {
      yield line.finish();
      line = new LineWriter(head);
    }
    line.add(written);
  }
  if (line.spans > 0) yield line.finish();
}

const TAIL = ']}]}]}';

/** One line, written straight into its bytes; measuring first would go over every span twice. */
class LineWriter {
  spans = 0;
  #buffer = Buffer.allocUnsafe(LINE_BYTES);
  #at: number;

  constructor(head: string) {
    this.#at = this.#buffer.write(head);
  }

  /** A line always takes its first span, however large. */
  fits(span: string): boolean {
    if (this.spans === 0) return true;
    const room = LINE_BYTES - TAIL.length - 1 - this.#at;
    return this.spans < LINE_SPANS && (span.length * 3 < room || Buffer.byteLength(span) < room);
  }

  add(span: string): void {
    if (this.spans === 0) this.#makeRoom(span);
    if (this.spans > 0) this.#at += this.#buffer.write(',', this.#at);
    this.#at += this.#buffer.write(span, this.#at);
    this.spans += 1;
  }

  #makeRoom(span: string): void {
    const needed = this.#at + Buffer.byteLength(span) + TAIL.length;
    if (needed > this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer.subarray(0, this.#at)], needed);
  }

  finish(): OtlpLine {
    this.#at += this.#buffer.write(TAIL, this.#at);
    return { body: this.#buffer.subarray(0, this.#at), spans: this.spans };
  }
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
    if (value !== undefined) json += (json === '' ? '' : ',') + keyJson(key) + value + '}';
  }
  return '[' + json + ']';
}

function valueJson(key: string, value: AttributeValue): string | undefined {
  if (typeof value === 'string') return '{"stringValue":' + quoted(value) + '}';
  if (typeof value === 'boolean') return value ? '{"boolValue":true}' : '{"boolValue":false}';
  if (typeof value === 'number') return numberJson(typeOf(key), value);
  const items = value.map((item) => valueJson(key, item)).filter((item) => item !== undefined);
  return '{"arrayValue":{"values":[' + items.join(',') + ']}}';
}

function numberJson(type: AttributeType | 'any', value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  return type === 'int' ? `{"intValue":"${Math.trunc(value)}"}` : `{"doubleValue":${value}}`;
}

const typeOf = remembered((key: string): AttributeType | 'any' => declaredType(key) ?? 'any', 0);
const keyJson = remembered((key: string) => `{"key":${stringify(key)},"value":`, 0);
/** Payloads come again for every artifact of a type, and escaping them is most of the work. */
const quoted = remembered(stringify, 48);

// A lone surrogate is valid for JSON.stringify (it escapes it) but not for every receiver.
function stringify(value: string): string {
  return JSON.stringify(value.isWellFormed() ? value : value.toWellFormed());
}

/** The function with its last answers kept, for texts from a length on. Bounded, so that a stranger's keys cannot fill the memory. */
function remembered<T>(make: (text: string) => T, from: number): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    if (text.length < from) return make(text);
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= 2_000) known.clear();
    const made = make(text);
    known.set(text, made);
    return made;
  };
}

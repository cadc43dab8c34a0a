import type { AttributeValue, Drafts, EventDraft, LinkDraft, SpanDraft } from './draft.ts';
import { type AttributeType, declaredType } from './registry.ts';

/** One request: a line of the spool without its newline, and how many spans it carries. */
export interface OtlpLine {
  readonly body: Uint8Array;
  readonly spans: number;
  /** Where its first span stands among all of them, from 1. */
  readonly first?: number;
  /** Gives the bytes back, for a later line to be written into. Nobody may read them then. */
  readonly release?: () => void;
  /** The same request in protobuf, where it was wanted when the spans were at hand. */
  readonly protobuf?: Uint8Array;
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
export function* otlpLines(
  { resource, scope, spans: drafted }: Pick<Drafts, 'resource' | 'scope' | 'spans'>,
  spans: Iterable<SpanDraft> = drafted,
  startProtobuf?: () => RequestWriter,
): Generator<OtlpLine> {
  const head = `{"resourceSpans":[{"resource":{"attributes":${attributesJson(resource)}},"scopeSpans":[{"scope":{"name":${stringify(scope.name)},"version":${stringify(scope.version)}},"spans":[`;
  const spare: Buffer[] = [];
  let line = new LineWriter(head, spare);
  let protobuf = startProtobuf?.();
  let first = 1;
  for (const span of spans) {
    const written = spanJson(span);
    if (!line.fits(written)) {
      yield { ...withProtobuf(line.finish(), protobuf), first };
      first += line.spans;
      line = new LineWriter(head, spare);
      protobuf = startProtobuf?.();
    }
    line.add(written);
    protobuf?.add(span);
  }
  if (line.spans > 0) yield { ...withProtobuf(line.finish(), protobuf), first };
}

/** Writes the spans of a line a second time, in another encoding. */
export interface RequestWriter {
  readonly add: (span: SpanDraft) => void;
  readonly finish: () => { readonly body: Uint8Array; readonly release: () => void };
}

function withProtobuf(line: OtlpLine, writer: RequestWriter | undefined): OtlpLine {
  if (!writer) return line;
  const { body, release } = writer.finish();
  return {
    ...line,
    protobuf: body,
    release: () => {
      line.release?.();
      release();
    },
  };
}

const TAIL = ']}]}]}';

/** One line, written straight into its bytes; measuring first would go over every span twice. */
class LineWriter {
  spans = 0;
  readonly #spare: Buffer[];
  #buffer: Buffer;
  #at: number;

  /** `spare` are the buffers of lines that are done with: left to the garbage collector, they would pile up faster than it comes. */
  constructor(head: string, spare: Buffer[]) {
    this.#spare = spare;
    this.#buffer = spare.pop() ?? Buffer.allocUnsafeSlow(LINE_BYTES);
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
    const [buffer, spare] = [this.#buffer, this.#spare];
    const release = buffer.length === LINE_BYTES ? { release: () => void spare.push(buffer) } : {};
    return { body: buffer.subarray(0, this.#at), spans: this.spans, ...release };
  }
}

/** INTERNAL. */
export const KIND = 1;
/** Sampled, and "we know whether the parent is remote"; the second flag says that it is. */
export const FLAGS = 0x101;
export const REMOTE = 0x200;
export const STATUS = { UNSET: 0, OK: 1, ERROR: 2 } as const;

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

/** Attributes as OTLP/JSON, each number with the type that its key declares. */
export function attributesJson(attributes: Readonly<Record<string, AttributeValue>>): string {
  let json = '';
  for (const key in attributes) {
    const written = attributeJson(keyOf(key), attributes[key]!);
    if (written !== undefined) json += json === '' ? written : ',' + written;
  }
  return '[' + json + ']';
}

/** What is known of a key. Neighbours often hold the same text under it, so the last one is kept as it was written. */
interface Key {
  readonly head: string;
  readonly type: AttributeType | 'any';
  last: string | undefined;
  written: string;
}

function attributeJson(key: Key, value: AttributeValue): string | undefined {
  if (typeof value !== 'string') {
    const json = valueJson(key.type, value);
    return json === undefined ? undefined : key.head + json + '}';
  }
  if (value !== key.last) {
    key.written = key.head + '{"stringValue":' + quoted(value) + '}}';
    key.last = value;
  }
  return key.written;
}

function valueJson(type: Key['type'], value: AttributeValue): string | undefined {
  if (typeof value === 'string') return '{"stringValue":' + quoted(value) + '}';
  if (typeof value === 'boolean') return value ? '{"boolValue":true}' : '{"boolValue":false}';
  if (typeof value === 'number') return numberJson(type, value);
  const items = value.map((item) => valueJson(type, item)).filter((item) => item !== undefined);
  return '{"arrayValue":{"values":[' + items.join(',') + ']}}';
}

function numberJson(type: Key['type'], value: number): string | undefined {
  if (!isWritable(type, value)) return undefined;
  return type === 'int' ? `{"intValue":"${Math.trunc(value)}"}` : `{"doubleValue":${value}}`;
}

/** False for what no receiver takes, and one such value has the whole request refused: NaN, infinities, an int that is beyond what a number holds exactly. */
export function isWritable(type: Key['type'], value: AttributeValue): boolean {
  return typeof value !== 'number' || (Number.isFinite(value) && (type !== 'int' || Number.isSafeInteger(Math.trunc(value))));
}

export const keyOf = remembered(
  (key: string): Key => ({ head: `{"key":${stringify(key)},"value":`, type: declaredType(key) ?? 'any', last: undefined, written: '' }),
  0,
);
/** Payloads come again for every artifact of a type, and escaping them is most of the work. */
const quoted = remembered(stringify, 48);

/** Characters that JSON escapes, and surrogates, of which one alone is no text. */
const SPECIAL = /[^\x20\x21\x23-\x5b\x5d-\ud7ff\ue000-\uffff]/;

// A lone surrogate is valid for JSON.stringify (it escapes it) but not for every receiver.
export function stringify(value: string): string {
  return SPECIAL.test(value) ? JSON.stringify(value.toWellFormed()) : '"' + value + '"';
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

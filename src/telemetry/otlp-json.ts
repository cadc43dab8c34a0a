import type { Drafts, SpanDraft } from './draft.ts';
import { JsonBytes, stringify } from './json-bytes.ts';
import { attributesJson, writeSpan } from './span-json.ts';

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
 */
export function* otlpLines(
  { resource, scope, spans: drafted }: Pick<Drafts, 'resource' | 'scope' | 'spans'>,
  spans: Iterable<SpanDraft> = drafted,
  startProtobuf?: () => RequestWriter,
): Generator<OtlpLine> {
  const head = Buffer.from(
    `{"resourceSpans":[{"resource":{"attributes":${attributesJson(resource)}},"scopeSpans":[{"scope":{"name":${stringify(scope.name)},"version":${stringify(scope.version)}},"spans":[`,
  );
  const spare: Buffer[] = [];
  let line = new LineWriter(head, spare);
  let protobuf = startProtobuf?.();
  let first = 1;
  for (const span of spans) {
    const full = line.add(span);
    if (full) {
      yield { ...withProtobuf(full.finished, protobuf), first };
      first += full.finished.spans;
      line = full.next;
      protobuf = startProtobuf?.();
    }
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
/** A span is written before it is known to fit; most need no more beyond the line. */
const BUFFER_BYTES = LINE_BYTES + 64 * 1024;

/** One line, written straight into its bytes; measuring first would go over every span twice. */
class LineWriter {
  spans = 0;
  readonly #head: Uint8Array;
  readonly #spare: Buffer[];
  readonly #json: JsonBytes;

  constructor(head: Uint8Array, spare: Buffer[]) {
    this.#head = head;
    this.#spare = spare;
    this.#json = new JsonBytes(spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES));
    this.#json.bytes(head);
  }

  /** Adds a span. When it does not fit, the line is finished without it, and the next one begins with it; a line always takes its first span, however large. */
  add(span: SpanDraft): { readonly finished: OtlpLine; readonly next: LineWriter } | undefined {
    const end = this.#json.length;
    if (this.spans > 0) this.#json.raw(',');
    const start = this.#json.length;
    writeSpan(this.#json, span);
    if (this.spans === 0 || (this.spans < LINE_SPANS && this.#json.length + TAIL.length < LINE_BYTES)) {
      this.spans += 1;
      return undefined;
    }
    const next = new LineWriter(this.#head, this.#spare);
    next.#json.take(this.#json, start);
    next.spans = 1;
    this.#json.length = end;
    return { finished: this.finish(), next };
  }

  finish(): OtlpLine {
    this.#json.raw(TAIL);
    const body = this.#json.written();
    const spare = this.#spare;
    return { body, spans: this.spans, release: () => keepSpare(spare, body, BUFFER_BYTES) };
  }
}

/** Keeps the buffer of a request that is done with, unless it grew for something rare: left to the garbage collector they pile up faster than it comes. */
export function keepSpare(spare: Buffer[], { buffer }: Uint8Array, largest: number): void {
  if (buffer.byteLength <= largest) spare.push(Buffer.from(buffer));
}

import type { JsonValue } from './json.ts';
import type { Span } from './spans.ts';

export interface PlainDocument {
  readonly root: JsonValue;
  readonly span: Span;
}

/**
 * Reads YAML as most of it is written, one entry to a line: mappings and lists by indentation, words, numbers, texts in quotes without escapes, blocks of text, and
 * lists and mappings in brackets. Undefined for anything else, be it right or wrong: the parser then reads it and says which. It takes ten times as long.
 */
export function readPlainYaml(text: string): readonly PlainDocument[] | undefined {
  if (text.length > LARGEST || !CHARACTERS.test(text)) return undefined;
  try {
    return new Reader(text).documents();
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
}

/** A larger file may have mappings so large that the parser's way with them is the faster one. */
const LARGEST = 200_000;
const DEEPEST = 40;

/** No tabs, no carriage returns, nothing that is not printed, no surrogates. */
const CHARACTERS = /^[\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe]*$/;
const KEY = /[A-Za-z0-9_][\w./-]{0,99}(?=:(?: |\n|$))/y;
/** After a value that says where it ends. */
const REST = /(?: +#[^\n]*| *)(?=\n|$)/y;
const BLOCK = /([|>])(-?)\n/y;
const STARTS_WORDS = /^[A-Za-z0-9_/$(]/;
/** Words in brackets. */
const WORDS = /[A-Za-z0-9_](?:[\w./ -]*[\w./-])?/y;

const BLANK = 32;

const NOT_PLAIN = new Error('not plain');

/** Stands at the first character of a line that says something, or at the end. */
class Reader {
  readonly #text: string;
  #start = 0;
  #indent = 0;
  /** Where the line ends. */
  #end = 0;

  constructor(text: string) {
    this.#text = text;
  }

  documents(): readonly PlainDocument[] {
    const found: PlainDocument[] = [];
    this.#line(0);
    do {
      if (this.#isMarker()) this.#line(this.#end + 1);
      if (this.#indent !== 0) throw NOT_PLAIN;
      found.push(this.#block(0, undefined, 0));
    } while (this.#isMarker());
    if (this.#start < this.#text.length) throw NOT_PLAIN;
    return found;
  }

  #isMarker(): boolean {
    return this.#indent === 0 && this.#end - this.#start === 3 && this.#text.startsWith('---', this.#start);
  }

  /** Goes on from a line's start to what is neither blank nor a comment. */
  #line(from: number): void {
    for (let line = from; line < this.#text.length; line = this.#end + 1) {
      this.#start = this.#pastBlanks(line);
      const feed = this.#text.indexOf('\n', this.#start);
      this.#end = feed === -1 ? this.#text.length : feed;
      this.#indent = this.#start - line;
      if (this.#start < this.#end && this.#text[this.#start] !== '#') return;
    }
    this.#start = this.#text.length;
    this.#end = this.#start;
    this.#indent = -1;
  }

  #pastBlanks(from: number): number {
    let at = from;
    while (this.#text.charCodeAt(at) === BLANK) at++;
    return at;
  }

  /** Where a pattern that starts here ends; here when it does not fit. */
  #past(pattern: RegExp, at: number): number {
    pattern.lastIndex = at;
    return pattern.test(this.#text) ? pattern.lastIndex : at;
  }

  #block(indent: number, key: number | undefined, depth: number): PlainDocument {
    if (depth > DEEPEST) throw NOT_PLAIN;
    return this.#isItem() ? this.#list(indent, key, depth) : this.#mapping(indent, key, depth);
  }

  #isItem(): boolean {
    return this.#text[this.#start] === '-' && this.#text[this.#start + 1] === ' ';
  }

  #list(indent: number, key: number | undefined, depth: number): PlainDocument {
    const start = this.#start;
    const root: JsonValue[] = [];
    const children = new Map<string | number, Span>();
    let end = start;
    while (this.#indent === indent && this.#isItem()) {
      const at = this.#pastBlanks(this.#start + 1);
      const item = this.#past(KEY, at) > at ? this.#mappingAt(at, depth + 1) : this.#scalar(at, indent, undefined, depth);
      children.set(root.length, item.span);
      root.push(item.root);
      end = item.span.end;
    }
    return { root, span: spanOf(start, end, key, children) };
  }

  /** A mapping that starts in the line of its list's dash. */
  #mappingAt(at: number, depth: number): PlainDocument {
    this.#indent += at - this.#start;
    this.#start = at;
    return this.#block(this.#indent, undefined, depth);
  }

  #mapping(indent: number, key: number | undefined, depth: number): PlainDocument {
    const start = this.#start;
    const root: Record<string, JsonValue> = {};
    const children = new Map<string | number, Span>();
    let end = start;
    while (this.#indent === indent) {
      const after = this.#past(KEY, this.#start);
      if (after === this.#start) break;
      const name = this.#text.slice(this.#start, after);
      if (children.has(name) || name === '__proto__') throw NOT_PLAIN;
      const value = this.#value(after + 1, indent, this.#start, depth);
      children.set(name, value.span);
      root[name] = value.root;
      end = value.span.end;
    }
    if (children.size === 0) throw NOT_PLAIN;
    return { root, span: spanOf(start, end, key, children) };
  }

  /** What follows a colon: something in the same line, or a block below. Nothing at all is not plain. */
  #value(colon: number, indent: number, key: number, depth: number): PlainDocument {
    const at = this.#pastBlanks(colon);
    if (at < this.#end && this.#text[at] !== '#') return this.#scalar(at, indent, key, depth);
    this.#line(this.#end + 1);
    if (this.#indent < indent || (this.#indent === indent && !this.#isItem())) throw NOT_PLAIN;
    return this.#block(this.#indent, key, depth + 1);
  }

  #scalar(at: number, indent: number, key: number | undefined, depth: number): PlainDocument {
    const char = this.#text[at];
    if (char === '"' || char === "'") return this.#closed(this.#inQuotes(at, char, key));
    if (char === '|' || char === '>') return this.#lines(at, indent, key);
    if (char === '[' || char === '{') return this.#closed(this.#brackets(at, key, depth + 1));
    return this.#words(at, key);
  }

  #inQuotes(at: number, quote: string, key: number | undefined): PlainDocument {
    const close = this.#text.indexOf(quote, at + 1);
    const root = this.#text.slice(at + 1, close);
    if (close === -1 || close > this.#end || (quote === '"' && root.includes('\\'))) throw NOT_PLAIN;
    return { root, span: spanOf(at, close + 1, key) };
  }

  /** Only blanks and a comment may follow in the line. */
  #closed(value: PlainDocument): PlainDocument {
    const { end } = value.span;
    REST.lastIndex = end;
    if (end !== this.#end && !REST.test(this.#text)) throw NOT_PLAIN;
    this.#line(this.#end + 1);
    return value;
  }

  #words(at: number, key: number | undefined): PlainDocument {
    const line = this.#text.slice(at, this.#end);
    const comment = line.indexOf(' #');
    let length = comment === -1 ? line.length : comment;
    while (line.charCodeAt(length - 1) === BLANK) length--;
    const source = length === line.length ? line : line.slice(0, length);
    if (!STARTS_WORDS.test(source) || (source.includes(':') && (source.includes(': ') || source.endsWith(':')))) throw NOT_PLAIN;
    this.#line(this.#end + 1);
    return { root: resolved(source), span: spanOf(at, at + length, key) };
  }

  /** `[]`, `{}`, `[a, "b"]` and `{ a: b, c: [d] }` in one line. */
  #brackets(open: number, key: number | undefined, depth: number): PlainDocument {
    if (depth > DEEPEST) throw NOT_PLAIN;
    return this.#text[open] === '[' ? this.#listIn(open, key, depth) : this.#mappingIn(open, key, depth);
  }

  #listIn(open: number, key: number | undefined, depth: number): PlainDocument {
    const root: JsonValue[] = [];
    const children = new Map<string | number, Span>();
    let at = this.#pastBlanks(open + 1);
    while (this.#text[at] !== ']') {
      const item = this.#inBrackets(at, undefined, depth);
      children.set(root.length, item.span);
      root.push(item.root);
      at = this.#next(item.span.end, ']');
    }
    return { root, span: { ...spanOf(open, at + 1, key, children), inline: true } };
  }

  #mappingIn(open: number, key: number | undefined, depth: number): PlainDocument {
    const root: Record<string, JsonValue> = {};
    const children = new Map<string | number, Span>();
    let at = this.#pastBlanks(open + 1);
    while (this.#text[at] !== '}') {
      const after = this.#past(KEY, at);
      if (after === at) throw NOT_PLAIN;
      const name = this.#text.slice(at, after);
      if (children.has(name) || name === '__proto__') throw NOT_PLAIN;
      const value = this.#inBrackets(this.#pastBlanks(after + 1), at, depth);
      children.set(name, value.span);
      root[name] = value.root;
      at = this.#next(value.span.end, '}');
    }
    return { root, span: { ...spanOf(open, at + 1, key, children), inline: true } };
  }

  #inBrackets(at: number, key: number | undefined, depth: number): PlainDocument {
    const char = this.#text[at];
    if (char === '[' || char === '{') return this.#brackets(at, key, depth + 1);
    if (char === '"' || char === "'") return this.#inQuotes(at, char, key);
    const end = this.#past(WORDS, at);
    if (end === at) throw NOT_PLAIN;
    return { root: resolved(this.#text.slice(at, end)), span: spanOf(at, end, key) };
  }

  /** Where the next member starts, or the bracket stands that closes. */
  #next(end: number, close: string): number {
    const at = this.#pastBlanks(end);
    if (this.#text[at] === close) return at;
    if (this.#text[at] !== ',' || this.#text[at + 1] !== ' ') throw NOT_PLAIN;
    return this.#pastBlanks(at + 1);
  }

  /** A block of text: its lines as they are, or made one. */
  #lines(at: number, indent: number, key: number | undefined): PlainDocument {
    BLOCK.lastIndex = at;
    const [header = '', style, chomp] = BLOCK.exec(this.#text) ?? [];
    const start = at + header.length;
    const own = this.#pastBlanks(start) - start;
    if (own <= indent) throw NOT_PLAIN;
    let end = start;
    for (let line = start; line < this.#text.length; ) {
      const first = this.#pastBlanks(line);
      const feed = this.#text.indexOf('\n', first);
      if (feed === first && first > line) throw NOT_PLAIN;
      if (feed !== first) {
        const deep = first - line;
        if (deep <= indent) break;
        if (deep < own || feed === -1) throw NOT_PLAIN;
        if (style === '>' && (deep > own || line > end || this.#text[feed - 1] === ' ')) throw NOT_PLAIN;
        end = feed + 1;
      }
      line = feed + 1;
    }
    if (end === start) throw NOT_PLAIN;
    const body = this.#text.slice(start + own, end - 1).replaceAll(`\n${' '.repeat(own)}`, style === '>' ? ' ' : '\n');
    this.#line(end);
    return { root: chomp === '-' ? body : `${body}\n`, span: spanOf(at, end, key) };
  }
}

function spanOf(start: number, end: number, key: number | undefined, children?: Map<string | number, Span>): Span {
  if (children === undefined) return key === undefined ? { start, end } : { start, end, key };
  return key === undefined ? { start, end, children } : { start, end, key, children };
}

/** What a word means (YAML 1.2, core schema); numbers and words that are written in some rarer way are left to the parser. */
function resolved(source: string): JsonValue {
  const first = source.charCodeAt(0);
  if (first >= ZERO && first <= NINE) return number(source);
  if (source.length > 5) return source;
  if (source === 'true' || source === 'false') return source === 'true';
  if (ODD_WORDS.test(source)) throw NOT_PLAIN;
  return source;
}

const ZERO = 48;
const NINE = 57;
const ODD_WORDS = /^(?:null|true|false)$/i;
const NUMBER = /^(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;

function number(source: string): JsonValue {
  const value = Number(source);
  if (Number.isNaN(value)) return source;
  if (!NUMBER.test(source)) throw NOT_PLAIN;
  return value;
}

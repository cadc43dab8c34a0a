import type { JsonValue } from '../../host/json.ts';
import type { Place } from '../../host/place.ts';
import { findSpan, type Span } from '../../host/spans.ts';
import { createLocator, offsetsWithin } from './line-starts.ts';
import { seekValue } from './seek-json.ts';
import type { Path, Side, Tree } from './tree.ts';

export type ReadJson = { readonly tree: Tree } | { readonly fault: { readonly place: Place; readonly message: string } };

/** Reads a JSON text. Its places are worked out when first asked for. */
export function readJson(file: string, text: string): ReadJson {
  const locate = createLocator(file, text);
  let root: JsonValue;
  try {
    root = JSON.parse(text) as JsonValue;
  } catch {
    const offset = Math.min(new Scanner(text).scan().fault ?? 0, text.trimEnd().length);
    return { fault: { place: locate(offset), message: `This is no JSON: ${complain(text, offset)}.` } };
  }
  const all = { start: 0, end: text.length };
  let spans: Span | undefined;
  let sought = 0;
  const find = (path: Path) => {
    if (path.length === 0) return { span: all, exact: true };
    spans ??= new Scanner(text).scan().span ?? all;
    return findSpan(spans, path);
  };
  /** Most files are asked for a place or two. */
  const start = (path: Path) => {
    if (spans === undefined && path.length > 0 && sought++ < MOST_SOUGHT) return seekValue(text, path);
    const { span, exact } = find(path);
    return { ...span, exact };
  };
  const placesWithin = (path: Path, offsets: readonly number[]): readonly Place[] => {
    const { span, exact } = find(path);
    if (!exact) return offsets.map(() => locate(span.start));
    return offsetsWithin(text, span.start, span.end, valueAt(text, span), offsets).map(locate);
  };
  return {
    tree: {
      root,
      place: (path: Path, side: Side) => {
        const found = start(path);
        return locate((side === 'key' || !found.exact ? found.key : undefined) ?? found.start);
      },
      placeWithin: (path, offset) => placesWithin(path, [offset])[0]!,
      placesWithin,
      written: (path) => {
        const { span, exact } = find(path);
        return exact ? text.slice(span.start, span.end) : undefined;
      },
    },
  };
}

/** Beyond, it is quicker to go through the text once and note all places. */
const MOST_SOUGHT = 8;

function valueAt(text: string, span: Span): string {
  const value: unknown = JSON.parse(text.slice(span.start, span.end));
  return typeof value === 'string' ? value : '';
}

function complain(text: string, offset: number): string {
  if (text.trim() === '') return 'the file is empty';
  if (offset >= text.trimEnd().length) return 'it ends before every bracket and quote is closed';
  const before = text.slice(0, offset).trimEnd().at(-1);
  const found = JSON.stringify(text[offset]);
  if (before === ',' && (text[offset] === '}' || text[offset] === ']')) return `${found} follows a comma; remove the comma`;
  return `${found} may not stand here; a comma, a quote or a bracket before it may be missing`;
}

const SCALAR =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/y;

/** Reads once, with a stack of what is open and never deeper than the text allows, so that no nesting is too deep for it. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): { readonly span?: Span; readonly fault?: number } {
    const open: { span: Span; list: boolean; index: number }[] = [];
    let root: Span | undefined;
    for (;;) {
      const start = this.#skip();
      const char = this.#text[start];
      const parent = open.at(-1);
      let key: { name: string | number; at?: number } | undefined;
      if (parent !== undefined) {
        const empty = parent.span.children!.size === 0;
        if (char === (parent.list ? ']' : '}') && empty && parent.index === 0) {
          this.#close(open);
          if (this.#after(open)) continue;
          return { ...(root && { span: root }), ...this.#rest(open.length) };
        }
        if (parent.list) key = { name: parent.index };
        else {
          const name = char === '"' ? this.#token() : undefined;
          if (name === undefined) return { fault: this.#at };
          if (this.#text[this.#skip()] !== ':') return { fault: this.#at };
          this.#at++;
          key = { name: String(JSON.parse(name)), at: start };
        }
        parent.index++;
      }
      const valueStart = this.#skip();
      const bracket = this.#text[valueStart];
      const opens = bracket === '{' || bracket === '[';
      const span: Span = {
        start: valueStart,
        end: valueStart,
        ...(key?.at !== undefined && { key: key.at }),
        ...(opens && { children: new Map() }),
      };
      root ??= span;
      if (key !== undefined) parent!.span.children!.set(key.name, span);
      if (opens) {
        this.#at++;
        open.push({ span, list: bracket === '[', index: 0 });
        continue;
      }
      if (this.#token() === undefined) return { fault: this.#at };
      span.end = this.#at;
      if (!this.#after(open)) return { ...(root && { span: root }), ...this.#rest(open.length) };
    }
  }

  /** After a value: a comma goes on, brackets close; false when nothing is open any more, or what stands here is wrong. */
  #after(open: { span: Span; list: boolean }[]): boolean {
    for (;;) {
      const parent = open.at(-1);
      if (parent === undefined) return false;
      const char = this.#text[this.#skip()];
      if (char === ',') {
        this.#at++;
        const next = this.#text[this.#skip()];
        return next !== ']' && next !== '}';
      }
      if (char !== (parent.list ? ']' : '}')) return false;
      this.#close(open);
    }
  }

  #close(open: { span: Span; list: boolean }[]): void {
    this.#at++;
    open.pop()!.span.end = this.#at;
  }

  /** A fault when anything is left, or open. */
  #rest(open: number): { readonly fault?: number } {
    const at = this.#skip();
    return open > 0 || at < this.#text.length ? { fault: at } : {};
  }

  #token(): string | undefined {
    SCALAR.lastIndex = this.#at;
    const token = SCALAR.exec(this.#text)?.[0];
    if (token !== undefined) this.#at += token.length;
    return token;
  }

  #skip(): number {
    while (this.#at < this.#text.length && ' \n\r\t'.includes(this.#text[this.#at]!)) this.#at++;
    return this.#at;
  }
}

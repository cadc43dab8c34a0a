import { isBlank } from './line-starts.ts';
import type { Path } from './tree.ts';

/** Where a value starts, and its key if it has one. */
interface Start {
  readonly start: number;
  readonly key?: number;
}

/** Goes to one value of a text that is JSON, passing over all others; to its nearest ancestor where the path leads nowhere. */
export function seekValue(text: string, path: Path): Start & { readonly exact: boolean } {
  let found: Start = { start: pastBlanks(text, 0) };
  for (const name of path) {
    const inside = text[found.start] === '[' ? element(text, found.start, name) : member(text, found.start, name);
    if (inside === undefined) return { ...found, exact: false };
    found = inside;
  }
  return { ...found, exact: true };
}

function element(text: string, open: number, index: string | number): Start | undefined {
  let at = pastBlanks(text, open + 1);
  for (let passed = 0; text[at] !== ']'; passed++) {
    if (passed === index) return { start: at };
    at = pastComma(text, endOf(text, at));
  }
  return undefined;
}

/** Of a key that stands twice the last counts, as it does for the parser. */
function member(text: string, open: number, name: string | number): Start | undefined {
  if (text[open] !== '{') return undefined;
  let found: Start | undefined;
  for (let at = pastBlanks(text, open + 1); text[at] !== '}'; ) {
    const end = endOf(text, at);
    const start = pastBlanks(text, pastBlanks(text, end) + 1);
    if (JSON.parse(text.slice(at, end)) === name) found = { start, key: at };
    at = pastComma(text, endOf(text, start));
  }
  return found;
}

function pastComma(text: string, end: number): number {
  const at = pastBlanks(text, end);
  return text[at] === ',' ? pastBlanks(text, at + 1) : at;
}

/** The offset after a value. */
function endOf(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfText(text, start);
  const isOpen = first === '{' || first === '[';
  const pattern = isOpen ? BRACKET : AFTER_WORD;
  let depth = 0;
  let at = start;
  do {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return text.length;
    at = pattern.lastIndex;
    const char = text[at - 1];
    if (!isOpen) return at - 1;
    if (char === '"') at = endOfText(text, at - 1);
    else depth += char === '{' || char === '[' ? 1 : -1;
  } while (depth > 0);
  return at;
}

const BRACKET = /["{}[\]]/g;
const AFTER_WORD = /[\s,}\]]/g;

function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end + 1;
}

/** After an odd number of backslashes. */
function isEscaped(text: string, at: number): boolean {
  let from = at;
  while (text[from - 1] === '\\') from--;
  return (at - from) % 2 === 1;
}

function pastBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

import { createHash } from 'node:crypto';
import { sortByCodePoint } from '../host/code-points.ts';
import { jsonPieces } from '../host/json-pieces.ts';
import { TextBytes } from '../host/text-bytes.ts';
import { ChunkedText } from './chunked-text.ts';
import type { Document, DocumentValue } from './document.ts';
import { Float } from './float.ts';

/** The text of a `.json` file (export.md §5.2): two spaces of indent, pure ASCII, keys in the order given, no line end after the last brace. */
export function jsonText(value: DocumentValue): string {
  return ascii(JSON.stringify(value, null, 2));
}

/** The same as bytes. */
export function jsonBytes(value: DocumentValue): Buffer {
  const bytes = new TextBytes('latin1');
  jsonPieces(value, (piece) => bytes.add(ascii(piece)));
  return bytes.toBytes();
}

/** SHA-256, lower-case hex, of the text that an inventory digest is taken of (export.md §5.5): one line, keys sorted by code point at every level, pure ASCII. */
export function canonicalDigest(value: DocumentValue): string {
  const hash = createHash('sha256');
  const out = new ChunkedText((chunk) => hash.update(ascii(chunk), 'latin1'));
  canonical(value, out);
  out.end();
  return hash.digest('hex');
}

function canonical(value: DocumentValue, out: ChunkedText): void {
  if (typeof value === 'string') out.add(quoted(value));
  else if (typeof value !== 'object' || value === null || value instanceof Float) out.add(JSON.stringify(value));
  else if (isList(value)) canonicalList(value, out);
  else canonicalObject(value, out);
}

function canonicalList(items: readonly DocumentValue[], out: ChunkedText): void {
  out.add('[');
  for (let index = 0; index < items.length; index++) {
    if (index > 0) out.add(', ');
    canonical(items[index]!, out);
  }
  out.add(']');
}

function canonicalObject(object: Document, out: ChunkedText): void {
  let before = '{';
  const keys = sortedKeys(object);
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at]!;
    const item = object[key];
    if (item === undefined) continue;
    out.add(`${before}${quoted(key)}: `);
    canonical(item, out);
    before = ', ';
  }
  out.add(before === '{' ? '{}' : '}');
}

/** Objects come one after the other with the same keys. */
function sortedKeys(object: Document): readonly string[] {
  const keys = Object.keys(object);
  if (keys.length > MOST_KEYS) return sortByCodePoint(keys, (key) => key);
  const known = SORTED.find(({ given }) => given.length === keys.length && given.every((key, at) => key === keys[at]));
  if (known) return known.sorted;
  const sorted = sortByCodePoint(keys, (key) => key);
  if (SORTED.unshift({ given: keys, sorted }) > MOST_SORTED) SORTED.pop();
  return sorted;
}

const SORTED: { readonly given: readonly string[]; readonly sorted: readonly string[] }[] = [];
const MOST_KEYS = 30;
const MOST_SORTED = 32;

/** Most texts have nothing to escape, and asking costs less than having each looked at by the engine's own writer. */
function quoted(text: string): string {
  return NOTHING_TO_ESCAPE.test(text) ? `"${text}"` : JSON.stringify(text);
}

const NOTHING_TO_ESCAPE = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

function isList(value: object): value is readonly DocumentValue[] {
  return Array.isArray(value);
}

function ascii(json: string): string {
  // Most text is ASCII already, and counting its bytes tells so in a tenth of the time of looking for what is not.
  if (Buffer.byteLength(json) === json.length && !json.includes('\x7f')) return json;
  return json.replace(/[\u007f-\uffff]/g, (unit) => '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0'));
}

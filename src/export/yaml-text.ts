import { remembered } from '../host/remembered.ts';
import { TextBytes } from '../host/text-bytes.ts';
import { ChunkedText } from './chunked-text.ts';
import type { Document, DocumentValue } from './document.ts';
import { Float, floatText } from './float.ts';
import { keyText, scalarText } from './yaml-scalar.ts';

/** The text of a `.yaml` file, byte for byte as the reference writes it (export.md §5.1): block style, pure ASCII, dashes not indented, keys in the order given. */
export function yamlText(document: Document): string {
  return yamlBytes(document).toString('latin1');
}

/** The same as bytes. */
export function yamlBytes(document: Document): Buffer {
  const bytes = new TextBytes('latin1');
  const out = new YamlPieces((chunk) => bytes.add(chunk));
  if (isBlock(document)) block(document, '', out);
  else out.add(inline(document, 0, '') + '\n');
  out.end();
  return bytes.toBytes();
}

/** The pieces of one document. */
class YamlPieces extends ChunkedText {
  /** The lists of mappings that were written, since many artifacts hold the same one; with their lines, once they came twice. */
  readonly lists = new Map<readonly DocumentValue[], { readonly indent: string; lines?: string }>();
}

/** The lines of a list or mapping that has something in it, each ending in a line feed; the first without its indent, for the caller has written that. */
function block(value: readonly DocumentValue[] | Document, indent: string, out: YamlPieces): void {
  if (isList(value)) list(value, indent, out);
  else mapping(value, indent, out);
}

function list(items: readonly DocumentValue[], indent: string, out: YamlPieces): void {
  const known = out.lists.get(items);
  if (known?.indent === indent) {
    known.lines ??= linesOf(items, indent);
    out.add(known.lines);
    return;
  }
  if (isBlock(items[0]!)) out.lists.set(items, { indent });
  writeList(items, indent, out);
}

function linesOf(items: readonly DocumentValue[], indent: string): string {
  let lines = '';
  const out = new YamlPieces((chunk) => {
    lines += chunk;
  });
  writeList(items, indent, out);
  out.end();
  return lines;
}

function writeList(items: readonly DocumentValue[], indent: string, out: YamlPieces): void {
  const inner = indent + '  ';
  // By index, here and below: the engine makes an object for each step of an iterator until it has optimised the loop, and most runs are over by then.
  for (let index = 0; index < items.length; index++) {
    const item = items[index]!;
    const dash = index === 0 ? '- ' : `${indent}- `;
    if (!isBlock(item)) out.add(`${dash}${inline(item, inner.length, inner)}\n`);
    else {
      out.add(dash);
      block(item, inner, out);
    }
  }
}

function mapping(value: Document, indent: string, out: YamlPieces): void {
  let before = '';
  const keys = Object.keys(value);
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at]!;
    const item = value[key];
    if (item === undefined) continue;
    const head = headOf(key);
    if (head) simpleEntry(before, head, item, indent, out);
    else longEntry(before, key, item, indent, out);
    before = indent;
  }
}

/** A key that fits one line with its colon; empty for one that does not. A document of a thousand artifacts has the same thirty keys a thousand times. */
const headOf = remembered((key) => (isSimpleKey(key) ? keyText(key) + ':' : ''), 1000);

function simpleEntry(before: string, head: string, item: DocumentValue, indent: string, out: YamlPieces): void {
  const deeper = indent + '  ';
  if (isBlock(item)) {
    const inner = isList(item) ? indent : deeper;
    out.add(`${before}${head}\n${inner}`);
    block(item, inner, out);
  } else out.add(`${before}${head} ${inline(item, indent.length + head.length + 1, deeper)}\n`);
}

function longEntry(before: string, key: string, item: DocumentValue, indent: string, out: YamlPieces): void {
  const inner = indent + '  ';
  out.add(`${before}? ${scalarText(key, { column: inner.length, indent: inner })}\n${indent}: `);
  if (isBlock(item)) block(item, inner, out);
  else out.add(inline(item, inner.length, inner) + '\n');
}

/** What a reader may look ahead for a colon is limited, and empty and broken names have forms of their own. */
function isSimpleKey(key: string): boolean {
  return key !== '' && !/[\n\x85\u2028\u2029]/.test(key) && (key.length <= LONGEST_SIMPLE_KEY || [...key].length <= LONGEST_SIMPLE_KEY);
}

/** The reference's writer counts a tag with it, which it then does not write. */
const LONGEST_SIMPLE_KEY = 122;

function isBlock(value: DocumentValue): value is readonly DocumentValue[] | Document {
  if (typeof value !== 'object' || value === null || value instanceof Float) return false;
  if (isList(value)) return value.length > 0;
  for (const key of Object.keys(value)) if (value[key] !== undefined) return true;
  return false;
}

function isList(value: DocumentValue): value is readonly DocumentValue[] {
  return Array.isArray(value);
}

function inline(value: DocumentValue, column: number, indent: string): string {
  if (typeof value === 'string') return scalarText(value, { column, indent });
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : number(value);
  if (value instanceof Float) return number(value.value);
  if (isList(value)) return '[]';
  return value === null || typeof value === 'boolean' ? String(value) : '{}';
}

/** A YAML 1.1 reader takes `1e+21` for text; with a fraction it is a number to both. */
function number(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  const text = floatText(value);
  const exponent = text.indexOf('e');
  return exponent < 0 || text.includes('.') ? text : `${text.slice(0, exponent)}.0${text.slice(exponent)}`;
}

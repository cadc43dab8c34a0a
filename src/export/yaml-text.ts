import type { Document, DocumentValue } from './document.ts';
import { Float, floatText } from './float.ts';

/**
 * The text of a `.yaml` file (export.md §5.1): block style, pure ASCII, dashes not indented, keys in the order given. A string that a YAML 1.1 or a
 * YAML 1.2 reader would take for something else is quoted, so that both read the same. Lines are not folded.
 */
export function yamlText(document: Document): string {
  return isBlock(document) ? block(document, '') : inline(document) + '\n';
}

/** The lines of a list or mapping that has something in it, each ending in a line feed; the first without its indent, for the caller has written that. */
function block(value: readonly DocumentValue[] | Document, indent: string): string {
  return isList(value) ? list(value, indent) : mapping(value, indent);
}

function list(items: readonly DocumentValue[], indent: string): string {
  let text = '';
  for (const item of items) {
    text += (text === '' ? '' : indent) + (isBlock(item) ? '- ' + block(item, indent + '  ') : `- ${inline(item)}\n`);
  }
  return text;
}

function mapping(value: Document, indent: string): string {
  let text = '';
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item === undefined) continue;
    if (text !== '') text += indent;
    const name = scalar(key);
    text += name.length > LONGEST_IMPLICIT_KEY ? `? ${name}\n${indent}:` : name + ':';
    if (!isBlock(item)) text += ` ${inline(item)}\n`;
    else {
      const inner = isList(item) ? indent : indent + '  ';
      text += '\n' + inner + block(item, inner);
    }
  }
  return text;
}

function isBlock(value: DocumentValue): value is readonly DocumentValue[] | Document {
  if (typeof value !== 'object' || value === null || value instanceof Float) return false;
  if (isList(value)) return value.length > 0;
  for (const key of Object.keys(value)) if (value[key] !== undefined) return true;
  return false;
}

function isList(value: DocumentValue): value is readonly DocumentValue[] {
  return Array.isArray(value);
}

function inline(value: DocumentValue): string {
  if (typeof value === 'string') return scalar(value);
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
  if (exponent < 0) return text;
  const mantissa = text.slice(0, exponent);
  return (mantissa.includes('.') ? mantissa : mantissa + '.0') + text.slice(exponent);
}

function scalar(text: string): string {
  if (!PRINTABLE.test(text)) return `"${text.replace(TO_ESCAPE, escaped)}"`;
  return isPlain(text) ? text : `'${text.replaceAll("'", "''")}'`;
}

/** Errs on the side of quotes: a plain scalar begins with what can begin nothing else, and reads as no other type in either version. */
function isPlain(text: string): boolean {
  if (!PLAIN_START.test(text) || BREAKS_PLAIN.test(text)) return false;
  if (text.length <= LONGEST_WORD && WORDS.has(text.toLowerCase())) return false;
  return !NUMBER_OR_DATE.test(text);
}

function escaped(character: string): string {
  const short = SHORT_ESCAPES.get(character);
  if (short !== undefined) return short;
  const point = character.codePointAt(0) ?? 0;
  const hex = point.toString(16).toUpperCase();
  if (point < 0x100) return '\\x' + hex.padStart(2, '0');
  return point < 0x10000 ? '\\u' + hex.padStart(4, '0') : '\\U' + hex.padStart(8, '0');
}

/** Readers give up on an implicit key beyond 1,024 characters; the colon and what a parser looks ahead are left room. */
const LONGEST_IMPLICIT_KEY = 1000;

const PRINTABLE = /^[\x20-\x7e]*$/;
const TO_ESCAPE = /["\\]|[^\x20-\x7e]/gu;
const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\t', '\\t'],
  ['\r', '\\r'],
]);
const PLAIN_START = /^[A-Za-z_/$0-9]|^\.(?=[A-Za-z0-9_/])/;
const BREAKS_PLAIN = /: | #|[: ]$/;
const WORDS: ReadonlySet<string> = new Set(['null', 'true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n', '.inf', '.nan']);
const LONGEST_WORD = 5;
/** Every form of number, sexagesimal, date and time that either version knows, and some that neither does. */
const NUMBER_OR_DATE = /^[.0-9][-+.,:_0-9a-fA-FxXoOtTzZ ]*$/;

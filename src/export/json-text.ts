import { sortByCodePoint } from '../host/code-points.ts';
import type { DocumentValue } from './document.ts';
import { Float } from './float.ts';

/** The text of a `.json` file (export.md §5.2): two spaces of indent, pure ASCII, keys in the order given, no line end after the last brace. */
export function jsonText(value: DocumentValue): string {
  return ascii(JSON.stringify(value, null, 2));
}

/** The text that an inventory digest is taken of (export.md §5.5): one line, keys sorted by code point at every level, pure ASCII. */
export function canonicalJson(value: DocumentValue): string {
  return ascii(canonical(value));
}

function canonical(value: DocumentValue): string {
  if (typeof value !== 'object' || value === null || value instanceof Float) return JSON.stringify(value);
  let text = '';
  if (isList(value)) {
    for (const item of value) text += (text === '' ? '' : ', ') + canonical(item);
    return `[${text}]`;
  }
  for (const key of sortByCodePoint(Object.keys(value), (name) => name)) {
    const item = value[key];
    if (item !== undefined) text += (text === '' ? '' : ', ') + JSON.stringify(key) + ': ' + canonical(item);
  }
  return `{${text}}`;
}

function isList(value: object): value is readonly DocumentValue[] {
  return Array.isArray(value);
}

function ascii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0'));
}

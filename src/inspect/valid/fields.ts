import { DURATION_ADVICE, goDuration, prometheusDuration } from './durations.ts';
import type { Book } from './reading.ts';
import { refuseUnknown } from './structure.ts';
import { type At, describe, eachEntry, entries, has, isMapping, items, placeOf, textOf } from './tree.ts';

/** What a key's value must be: a word of `JUDGES`, or the fields of a mapping, or of each mapping of a list. */
export type FieldType = string | { readonly each: boolean; readonly fields: Fields };

/** The keys of a mapping, all that a strict reader takes. */
export type Fields = ReadonlyMap<string, FieldType>;

/** Reads `name send_resolved:flag tls_config:{tls} actions:[action]`; a key without a type is of the plain one. */
export function readFields(text: string, shapes: Readonly<Record<string, Fields>> = {}, plain = 'text'): Fields {
  return new Map(
    text.split(' ').map((word) => {
      const [key = '', type = plain] = word.split(':');
      const shape = /^([{[])(\w+)[}\]]$/.exec(type);
      return [key, shape ? { each: shape[1] === '[', fields: shapes[shape[2]!]! } : type] as const;
    }),
  );
}

/** Unknown keys, and values that are not what their key asks for. Null counts as absent, as everywhere. */
export function checkFields(at: At, fields: Fields, what: string, book: Book): void {
  if (!isMapping(at)) return;
  refuseUnknown(at, fields, what, book);
  eachEntry(at, (key, value) => {
    const type = fields.get(key);
    if (type === undefined || !has(value)) return;
    if (typeof type === 'string') refuse(value, key, what, JUDGES[type]?.(value), book, PLAIN.has(type));
    else if (type.each) checkEach(value, key, type.fields, what, book);
    else if (isMapping(value)) checkFields(value, type.fields, `"${key}"`, book);
    else refuse(value, key, what, MAPPING, book);
  });
}

function checkEach(list: At, key: string, fields: Fields, what: string, book: Book): void {
  if (!Array.isArray(list.value)) refuse(list, key, what, LIST, book);
  for (const item of items(list)) {
    if (has(item) && !isMapping(item)) refuse(item, key, what, 'has mappings as members', book);
    checkFields(item, fields, `A member of "${key}"`, book);
  }
}

/** Values of these are no secrets, whatever is written there; an address or a text may be one, and is not repeated. */
const PLAIN = new Set(['flag', 'number', 'count', 'duration', 'goDuration', 'goDurationText']);

function refuse(at: At, key: string, what: string, why: string | undefined, book: Book, isPlain = false): void {
  if (why === undefined) return;
  const found =
    isPlain || typeof at.value === 'object' ? describe(at.value) : `a ${typeof at.value === 'string' ? 'text' : typeof at.value}`;
  book.error(placeOf(at), `"${key}" of ${what.charAt(0).toLowerCase()}${what.slice(1)} ${why}; here is ${found}.`);
}

const MAPPING = 'is a mapping';
const LIST = 'is a list';

/** For each word, what a value is not. Numbers and booleans are texts to the readers of YAML in Go, and `yes` is true. */
const JUDGES: Readonly<Record<string, (at: At) => string | undefined>> = {
  text: (at) => (textOf(at) === undefined ? 'is a text' : undefined),
  string: (at) => (typeof at.value === 'string' ? undefined : 'is a text'),
  flag: (at) => (typeof at.value === 'boolean' || /^(?:yes|no|on|off|y|n)$/i.test(textOf(at) ?? '') ? undefined : 'is true or false'),
  number: (at) => (typeof at.value === 'number' ? undefined : 'is a whole number'),
  count: (at) => (typeof at.value === 'number' && at.value >= 0 ? undefined : 'is a whole number from 0 on'),
  list: (at) => (Array.isArray(at.value) ? undefined : LIST),
  texts: (at) =>
    !Array.isArray(at.value) ? LIST : items(at).some((item) => has(item) && textOf(item) === undefined) ? 'is a list of texts' : undefined,
  map: (at) => (isMapping(at) ? undefined : MAPPING),
  labels: (at) =>
    !isMapping(at)
      ? MAPPING
      : entries(at).some(([, value]) => has(value) && textOf(value) === undefined)
        ? 'has texts as values'
        : undefined,
  any: () => undefined,
  url: (at) => (isUrl(textOf(at)) ? undefined : 'is an address with http:// or https://'),
  // Filled in for each notification.
  templateUrl: (at) =>
    textOf(at) === '' || textOf(at)?.includes('{{') || isUrl(textOf(at)) ? undefined : 'is an address with http:// or https://',
  duration: (at) => (prometheusDuration(textOf(at) ?? '') === undefined ? `is a duration (${DURATION_ADVICE})` : undefined),
  // Go's own durations: fractions, and no unit longer than the hour. YAML's numbers are nanoseconds.
  goDuration: (at) => (typeof at.value === 'number' || goDuration(textOf(at) ?? '') !== undefined ? undefined : GO),
  goDurationText: (at) => (goDuration(textOf(at) ?? '') === undefined ? GO : undefined),
};

const GO = 'is a duration in h, m, s or ms, such as 1.5h or 90s';

function isUrl(text: string | undefined): boolean {
  return text !== undefined && (text === '<secret>' || /^https?:\/\/[^/?#]/i.test(text));
}

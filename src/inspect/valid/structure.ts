import { DURATION_ADVICE, prometheusDuration } from './durations.ts';
import { didYouMean } from './names.ts';
import type { Book } from './reading.ts';
import { type At, describe, entries, has, isMapping, keys, placeOf, shorten, step, textOf, walk } from './tree.ts';

/** A mapping, or a fault at its place. */
export function expectMapping(at: At, what: string, book: Book): boolean {
  if (isMapping(at)) return true;
  book.error(placeOf(at), `${what} must be a mapping; here is ${describe(at.value)}.`);
  return false;
}

/** A list that may be absent; true when its members can be looked at. */
export function expectList(at: At, what: string, book: Book): boolean {
  if (Array.isArray(at.value)) return true;
  if (has(at)) book.error(placeOf(at), `${what} must be a list; here is ${describe(at.value)}.`);
  return false;
}

/** A text that must be there and say something. */
export function requireText(at: At, key: string, what: string, book: Book): string | undefined {
  const value = step(at, key);
  const text = textOf(value);
  if (text !== undefined && text.trim() !== '') return text;
  book.error(
    placeOf(value, 'key'),
    has(value) && text === undefined ? `"${key}" of ${what} must be a text; here is ${describe(value.value)}.` : `${what} has no "${key}".`,
  );
  return undefined;
}

/** Milliseconds of a duration that may be absent; a fault when it is none. */
export function optionalDuration(at: At, key: string, what: string, book: Book): number | undefined {
  const value = step(at, key);
  if (!has(value)) return undefined;
  const text = textOf(value);
  const duration = text === undefined ? undefined : prometheusDuration(text);
  if (duration === undefined)
    book.error(placeOf(value), `"${key}" of ${what} is ${describe(value.value)}, which is no duration; ${DURATION_ADVICE}.`);
  return duration;
}

/** Keys that no program reads here: each a fault with the key that may be meant. */
export function refuseUnknown(at: At, known: Known, what: string, book: Book): void {
  if (keys(at).every((key) => known.has(key))) return;
  for (const [key, value] of entries(at)
    .filter(([name]) => !known.has(name))
    .slice(0, 100))
    book.error(placeOf(value, 'key'), `${what} has no key "${shorten(key)}".${didYouMean(key, known.keys())}`);
}

/** A set of names, or a table by names. */
type Known = Pick<ReadonlySet<string>, 'has' | 'keys'>;

/** A name that must be one of those that the file declares elsewhere; an absent or empty one is none. */
export function requireDeclared(at: At, declared: ReadonlySet<string>, tell: (name: string) => string, book: Book): void {
  const name = textOf(at);
  if (name && !declared.has(name)) book.error(placeOf(at), `${tell(shorten(name))}${didYouMean(name, declared)}`);
}

/** Of a route and a receiver. */
export function leadsNowhere(name: string): string {
  return `The route leads to the receiver "${name}", which is not under "receivers".`;
}

/** `apiVersion`, and a name by which the cluster knows the object. */
export function checkObject(at: At, apiVersions: readonly string[], what: string, book: Book): void {
  const version = step(at, 'apiVersion');
  if (!apiVersions.includes(textOf(version) ?? ''))
    book.error(placeOf(version), `${what} is an object of ${apiVersions[0]}; here "apiVersion" is ${describe(version.value)}.`);
  const name = walk(at, 'metadata', 'name');
  if (!has(walk(at, 'metadata', 'generateName'))) {
    const text = textOf(name);
    if (text === undefined || text === '') book.error(placeOf(name), `${what} has no "metadata.name".`);
    else if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text) && !text.includes('{{'))
      book.error(placeOf(name), `"${shorten(text)}" is no name for a Kubernetes object: lower-case letters, digits, "-" and "." only.`);
  }
}

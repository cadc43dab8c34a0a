import { isJsonObject, type JsonObject, type JsonValue } from '../../host/json.ts';
import type { Place } from '../../host/place.ts';

/** Steps from a document's root to a value. */
export type Path = readonly (string | number)[];

export type Side = 'key' | 'value';

/** A parsed document which still knows where each of its values was written. */
export interface Tree {
  readonly root: JsonValue;
  /** Of the value, or of its key; of the nearest ancestor, its key if it has one, where the path leads nowhere. */
  place(path: Path, side: Side): Place;
  /** Of one character of a text: the line of the file it was written on, also inside a block of several lines. */
  placeWithin(path: Path, offset: number): Place;
  /** The same of several, in ascending order, at the cost of one. */
  placesWithin(path: Path, offsets: readonly number[]): readonly Place[];
  /** A scalar that is no text as it was written, `0.10`. */
  written(path: Path): string | undefined;
}

/** A value and the way to it. The value is undefined where the document has none; the place is then that of the nearest ancestor. */
export interface At {
  readonly tree: Tree;
  readonly path: Path;
  readonly value: JsonValue | undefined;
}

/** Many steps are taken, and few of them are asked for their path. */
class Step implements At {
  readonly tree: Tree;
  readonly value: JsonValue | undefined;
  readonly #from: At;
  readonly #name: string | number;

  constructor(from: At, name: string | number, value: JsonValue | undefined) {
    this.tree = from.tree;
    this.value = value;
    this.#from = from;
    this.#name = name;
  }

  get path(): Path {
    const names = [this.#name];
    let at = this.#from;
    for (; at instanceof Step; at = at.#from) names.push(at.#name);
    names.reverse();
    return at.path.length === 0 ? names : [...at.path, ...names];
  }
}

export function rootOf(tree: Tree): At {
  return { tree, path: [], value: tree.root };
}

/** The value under a key. Null counts as absent, as it does for every reader of these files. */
export function step(at: At, key: string): At {
  const value = isJsonObject(at.value) ? (at.value[key] ?? undefined) : undefined;
  // Most keys that are asked for are not there; of those that are, some are every object's.
  return new Step(at, key, value === undefined || Object.hasOwn(at.value as JsonObject, key) ? value : undefined);
}

export function walk(at: At, ...keys: readonly string[]): At {
  let there = at;
  for (let index = 0; index < keys.length; index++) there = step(there, keys[index]!);
  return there;
}

/** The members of a list; none of anything else. */
export function items(at: At): readonly At[] {
  return Array.isArray(at.value) ? at.value.map((value, index) => new Step(at, index, value)) : [];
}

/** The keys of a mapping, those of nulls too; none of anything else. */
export function keys(at: At): readonly string[] {
  return isJsonObject(at.value) ? Object.keys(at.value) : [];
}

/** Whether a mapping has a key, be it a null's. */
export function hasKey(at: At, key: string): boolean {
  return isJsonObject(at.value) && Object.hasOwn(at.value, key);
}

/** Keys and values of a mapping, nulls too; none of anything else. */
export function entries(at: At): readonly (readonly [string, At])[] {
  const { value } = at;
  return isJsonObject(value) ? Object.keys(value).map((key) => [key, new Step(at, key, value[key])] as const) : [];
}

/** The same one by one, where most have nothing to be said of and there are thousands. */
export function eachEntry(at: At, visit: (key: string, value: At) => void): void {
  const { value } = at;
  if (!isJsonObject(value)) return;
  const names = Object.keys(value);
  for (let index = 0; index < names.length; index++) visit(names[index]!, new Step(at, names[index]!, value[names[index]!]));
}

export function has(at: At): boolean {
  return at.value !== undefined && at.value !== null;
}

export function isMapping(at: At): boolean {
  return isJsonObject(at.value);
}

/** A scalar as text, numbers and booleans as they were written; undefined for everything else. */
export function textOf(at: At): string | undefined {
  if (typeof at.value === 'string') return at.value;
  if (typeof at.value === 'number' || typeof at.value === 'boolean') return at.tree.written(at.path) ?? String(at.value);
  return undefined;
}

export function placeOf(at: At, side: Side = 'value'): Place {
  return at.tree.place(at.path, side);
}

/** What a value is, in a reader's words. */
export function describe(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? `the text "${shorten(value)}"` : `the ${typeof value} ${String(value)}`;
}

/** A stranger's text cut to what a sentence can bear. */
export function shorten(text: string, longest = 80): string {
  const line = /\s/.test(text) ? text.replace(/\s+/g, ' ').trim() : text;
  return line.length > longest ? `${line.slice(0, longest - 1).toWellFormed()}…` : line;
}

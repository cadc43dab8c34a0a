import type * as z from 'zod/mini';
import type { JsonObject, JsonValue } from '../host/json.ts';
import { isJsonObject } from '../host/json.ts';
import type { FaultBook, Path } from './fault.ts';
import { snakeCase } from './yaml-find.ts';

type Schema = z.core.$ZodType;

/** A value without its nulls: an optional field is there or not, since `readKeys` takes nulls out before a schema sees the value. */
export type Present<T> = T extends readonly (infer Item)[]
  ? Present<Item>[]
  : T extends object
    ? { [Key in keyof T]: Present<Exclude<T[Key], null | undefined>> }
    : T;

/** A value under a spelling that another spelling of the same key takes precedence over. It is not read, but must still be of the right type. */
export interface Shadowed {
  readonly schema: Schema;
  readonly value: JsonValue;
  readonly path: Path;
}

/** Told of every key that no schema knows, with the keys known there and, where the key is a spelling that is not read, the one that is. */
export type OnUnknownKey = (path: Path, known: readonly string[], spelt: string | undefined) => void;

/** Declares that an object's keys are read in camelCase only (spec/manifest.md §4). */
export function oneSpelling<S extends Schema>(schema: S): S {
  SPELLINGS.set(schema, (key) => key);
  return schema;
}

/** Declares other spellings than snake_case for some keys of an object. */
export function respell<S extends Schema>(schema: S, others: Readonly<Record<string, string>>): S {
  SPELLINGS.set(schema, (key) => others[key] ?? snakeCase(key));
  return schema;
}

const SPELLINGS = new WeakMap<Schema, (key: string) => string>();

/**
 * A document as its schema names things: other spellings renamed, optional nulls and unknown keys gone, and a warning for every key that is not read.
 * Values of a wrong type pass unchanged, for the schema to judge.
 */
export function readKeys(
  root: JsonValue,
  schema: Schema,
  unknown: OnUnknownKey,
  book: FaultBook,
): { readonly value: JsonValue; readonly shadowed: readonly Shadowed[] } {
  const shadowed: Shadowed[] = [];

  function read(value: JsonValue, outer: Schema, path: Path): JsonValue {
    const inner = unwrap(outer);
    if (inner.type === 'object' && isJsonObject(value)) return readObject(value, keysOf(inner.schema), path);
    if (inner.type === 'array' && Array.isArray(value)) return value.map((item: JsonValue, i) => read(item, inner.item, [...path, i]));
    if (inner.type === 'record' && isJsonObject(value)) return mapValues(value, (item, key) => read(item, inner.item, [...path, key]));
    return value;
  }

  function readObject(value: JsonObject, keys: Keys, path: Path): JsonObject {
    const result: Record<string, JsonValue> = Object.create(null);
    for (const [written, item] of Object.entries(value)) {
      const here = [...path, written];
      const key = keys.bySpelling.get(written);
      if (key === undefined) unknown(here, keys.names, keys.unread.get(written));
      else if (key.name !== written && Object.hasOwn(value, key.name)) shadow(key, item ?? null, here);
      else if (!(item === null && key.nullable)) result[key.name] = read(item ?? null, key.schema, here);
    }
    return result;
  }

  function shadow(key: Key, value: JsonValue, path: Path): void {
    book.warn(
      'shadowed-key',
      path,
      (name) => `${name} is given beside ${key.name}, which is the one that is read; remove one of the two.`,
      {
        side: 'key',
      },
    );
    shadowed.push({ schema: key.schema, value: read(value, key.schema, path), path });
  }

  return { value: read(root, schema, []), shadowed };
}

interface Key {
  readonly name: string;
  readonly schema: Schema;
  readonly nullable: boolean;
}

interface Keys {
  readonly names: readonly string[];
  readonly bySpelling: ReadonlyMap<string, Key>;
  /** Spellings that one might expect, and that are not read, with the one that is. */
  readonly unread: ReadonlyMap<string, string>;
}

const KEYS = new WeakMap<Schema, Keys>();

/** The spellings of an object's keys beside their names, each with the name; for those who tell editors what is read. */
export function otherSpellings(schema: z.core.$ZodObject): ReadonlyMap<string, string> {
  const all = [...keysOf(schema).bySpelling].map(([spelling, { name }]) => [spelling, name] as const);
  return new Map(all.filter(([spelling, name]) => spelling !== name));
}

function keysOf(schema: z.core.$ZodObject): Keys {
  const known = KEYS.get(schema);
  if (known) return known;
  const spell = SPELLINGS.get(schema) ?? snakeCase;
  const bySpelling = new Map<string, Key>();
  const unread = new Map<string, string>();
  for (const [name, field] of Object.entries(schema._zod.def.shape)) {
    const key = { name, schema: field, nullable: isNullable(field) };
    bySpelling.set(name, key).set(spell(name), key);
    if (!bySpelling.has(snakeCase(name))) unread.set(snakeCase(name), name);
  }
  const keys = { names: Object.keys(schema._zod.def.shape), bySpelling, unread };
  KEYS.set(schema, keys);
  return keys;
}

type Inner =
  | { readonly type: 'object'; readonly schema: z.core.$ZodObject }
  | { readonly type: 'array' | 'record'; readonly item: Schema }
  | { readonly type: 'other' };

/** A schema without what surrounds it: optional, nullable, default. */
function unwrap(schema: Schema): Inner {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
      return unwrap(def.innerType);
    case 'object':
      return { type: 'object', schema: schema as z.core.$ZodObject };
    case 'array':
      return { type: 'array', item: def.element };
    case 'record':
      return { type: 'record', item: def.valueType };
    default:
      return { type: 'other' };
  }
}

function isNullable(schema: Schema): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === 'nullable' || (def.type === 'optional' && isNullable(def.innerType));
}

function mapValues(value: JsonObject, change: (item: JsonValue, key: string) => JsonValue): JsonObject {
  const result: Record<string, JsonValue> = Object.create(null);
  for (const [key, item] of Object.entries(value)) result[key] = change(item ?? null, key);
  return result;
}

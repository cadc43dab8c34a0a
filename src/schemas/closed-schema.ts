import * as z from 'zod/mini';
import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';
import { otherSpellings } from '../manifest/known-keys.ts';

type JsonSchema = Record<string, unknown>;
type Checks = readonly {
  readonly _zod: { readonly def: { readonly check: string; readonly pattern?: RegExp; readonly tx?: (value: unknown) => unknown } };
}[];

/** Draft 7 is what editors understand of YAML; programs get the newest. */
export type Draft = 'draft-07' | 'draft-2020-12';

/** What editors tell of the keys of a schema, by dotted path: `spec.targets[].name`, `gates.*` for the values of a free mapping. */
export type Descriptions = Readonly<Record<string, string>>;

/**
 * The JSON Schema of what a zod schema accepts. Objects that declare their keys know no others, so that a misspelt key is an error; every spelling that is read is
 * there, and a text that is trimmed or folded before it is judged is judged likewise.
 */
export function closedSchema(schema: z.core.$ZodType, draft: Draft, descriptions: Descriptions = {}): JsonObject {
  const { $schema: _draft, ...json } = z.toJSONSchema(schema, { target: draft, io: 'input', override: complete }) as JsonObject;
  return described(json, '', descriptions) as JsonObject;
}

/** A schema with its `$schema`, `$id` and title, ready to be published. */
export function published(schema: JsonObject, draft: Draft, id: string, title: string, description: string): JsonObject {
  return { $schema: DRAFTS[draft], $id: id, title, description, ...schema };
}

const DRAFTS: Readonly<Record<Draft, string>> = {
  'draft-07': 'http://json-schema.org/draft-07/schema#',
  'draft-2020-12': 'https://json-schema.org/draft/2020-12/schema',
};

function complete({ zodSchema, jsonSchema }: { readonly zodSchema: z.core.$ZodType; readonly jsonSchema: unknown }): void {
  const { def } = (zodSchema as z.core.$ZodTypes)._zod;
  const json = jsonSchema as JsonSchema;
  if (def.type === 'object') closeObject(zodSchema as z.core.$ZodObject, json);
  if (def.type === 'string') loosenPatterns((def.checks ?? []) as unknown as Checks, json);
  if (def.type === 'pipe' && isUrl(def.out)) json['pattern'] = '^\\s*[hH][tT][tT][pP][sS]?:';
}

/** Stands in a property until what it repeats has its descriptions; no keyword of JSON Schema. */
const SAME_AS = 'same as';

function closeObject(schema: z.core.$ZodObject, json: JsonSchema): void {
  const properties = json['properties'] as Record<string, unknown>;
  const required = new Set((json['required'] ?? []) as readonly string[]);
  const others = [...otherSpellings(schema)];
  for (const [spelling, name] of others) properties[spelling] = { [SAME_AS]: name };
  json['additionalProperties'] = false;
  const eithers = others
    .filter(([, name]) => required.delete(name))
    .map(([spelling, name]) => ({ anyOf: [{ required: [name] }, { required: [spelling] }] }));
  if (required.size > 0) json['required'] = [...required];
  else delete json['required'];
  if (eithers.length > 0) json['allOf'] = eithers;
}

function loosenPatterns(checks: Checks, json: JsonSchema): void {
  const tidied = checks.reduce<unknown>((text, { _zod: { def } }) => (def.tx ? def.tx(text) : text), ' A ');
  const ignoresCase = tidied === 'a' || checks.some(({ _zod: { def } }) => def.pattern?.flags.includes('i'));
  const isTrimmed = tidied !== ' A ';
  const loosen = (holder: JsonSchema): void => {
    if (typeof holder['pattern'] !== 'string') return;
    const folded = ignoresCase ? anyCase(holder['pattern']) : holder['pattern'];
    holder['pattern'] = isTrimmed ? folded.replace(/^\^/, '^\\s*').replace(/\$$/, '\\s*$') : folded;
  };
  loosen(json);
  for (const part of (json['allOf'] ?? []) as readonly JsonSchema[]) loosen(part);
}

/** JSON Schema has no flags. Good for patterns whose letters stand for themselves, as those of units and of words for true and false do. */
function anyCase(pattern: string): string {
  return pattern.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function isUrl(schema: z.core.$ZodType): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === 'string' && 'format' in def && def.format === 'url';
}

function described(value: JsonValue, path: string, descriptions: Descriptions): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => described(item, path, descriptions));
  if (!isJsonObject(value)) return value;
  const below = (key: string, at: string) => (value[key] === undefined ? {} : { [key]: described(value[key], at, descriptions) });
  const { properties } = value;
  return {
    ...(descriptions[path] === undefined ? {} : { description: descriptions[path] }),
    ...value,
    ...(isJsonObject(properties) ? { properties: describedKeys(properties, path, descriptions) } : {}),
    ...below('items', `${path}[]`),
    ...below('anyOf', `${path}|`),
    ...below('additionalProperties', `${path}.*`),
  };
}

function describedKeys(properties: JsonObject, path: string, descriptions: Descriptions): JsonObject {
  const base = path.replaceAll('|', '');
  const entries = Object.entries(properties).map(([key, value]) => {
    const name = isJsonObject(value) && typeof value[SAME_AS] === 'string' ? value[SAME_AS] : key;
    return [key, described(properties[name] ?? null, base === '' ? name : `${base}.${name}`, descriptions)];
  });
  return Object.fromEntries(entries);
}

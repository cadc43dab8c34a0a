import type { JsonObject, JsonValue } from '../host/json.ts';
import { manifestV1, manifestV2 } from '../manifest/manifest-schema.ts';
import { V2_API_VERSIONS } from '../manifest/version.ts';
import { closedSchema, published } from './closed-schema.ts';
import { MANIFEST_DESCRIPTIONS } from './manifest-descriptions.ts';

/** Where a v2 document says its version, `version` being allowed to agree (spec/manifest.md §2). */
const IS_V2: JsonObject = {
  anyOf: [
    { properties: { apiVersion: { enum: V2_API_VERSIONS } }, required: ['apiVersion'] },
    { properties: { version: { type: 'string', pattern: '^2' } }, required: ['version'] },
  ],
};

/** The JSON Schema of `.contextcore.yaml`, v2 and v1.1, told apart as the parser does. Documents from before v1.1, which have no metadata, are to be migrated. */
export function manifestJsonSchema(id: string): JsonObject {
  const v1 = closedSchema(manifestV1, 'draft-07', MANIFEST_DESCRIPTIONS);
  const { properties, ...v2 } = closedSchema(manifestV2, 'draft-07', MANIFEST_DESCRIPTIONS);
  const agreeing = { description: MANIFEST_DESCRIPTIONS['version'], type: 'string', pattern: '^2' };
  const shared = sharedKeys(properties, v1['properties']);
  const schema = {
    type: 'object',
    if: IS_V2,
    // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema
    then: { $ref: '#/definitions/v2' },
    else: { $ref: '#/definitions/v1.1' },
    definitions: {
      v2: { ...v2, properties: { ...referring(properties, shared), version: agreeing } },
      'v1.1': { ...v1, properties: referring(v1['properties'], shared) },
      ...shared,
    },
  } as const;
  const description = 'What a project is for, what it promises and which services it runs (.contextcore.yaml).';
  return published(schema, 'draft-07', id, 'ContextCore manifest', description);
}

/** Mappings that both versions have alike; they make most of the schema. */
function sharedKeys(one: JsonValue | undefined, other: JsonValue | undefined): JsonObject {
  const [ones, others] = [one as JsonObject, other as JsonObject];
  const alike = Object.keys(ones).filter((key) => JSON.stringify(ones[key]) === JSON.stringify(others[key]));
  return Object.fromEntries(alike.filter((key) => (ones[key] as JsonObject)['type'] === 'object').map((key) => [key, ones[key]]));
}

function referring(properties: JsonValue | undefined, shared: JsonObject): JsonObject {
  const entries = Object.entries(properties as JsonObject);
  return Object.fromEntries(entries.map(([key, value]) => [key, Object.hasOwn(shared, key) ? { $ref: `#/definitions/${key}` } : value]));
}

import type { JsonObject } from '../host/json.ts';
import { manifestV1, manifestV2 } from '../manifest/manifest-schema.ts';
import { V2_API_VERSIONS } from '../manifest/version.ts';
import { closedSchema, published } from './closed-schema.ts';
import { MANIFEST_DESCRIPTIONS } from './manifest-descriptions.ts';

/** Where a v2 document says its version, `version` being allowed to agree (spec/manifest.md §2). */
const IS_V2: JsonObject = {
  anyOf: [
    { properties: { apiVersion: { enum: [...V2_API_VERSIONS] } }, required: ['apiVersion'] },
    { properties: { version: { type: 'string', pattern: '^2' } }, required: ['version'] },
  ],
};

/** The JSON Schema of `.contextcore.yaml`, v2 and v1.1, told apart as the parser does. Documents from before v1.1, which have no metadata, are to be migrated. */
export function manifestJsonSchema(id: string): JsonObject {
  const v2 = closedSchema(manifestV2, 'draft-07', MANIFEST_DESCRIPTIONS);
  const v1 = closedSchema(manifestV1, 'draft-07', MANIFEST_DESCRIPTIONS);
  const agreeing = { version: { description: MANIFEST_DESCRIPTIONS['version'], type: 'string', pattern: '^2' } };
  const schema = {
    type: 'object',
    if: IS_V2,
    // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema
    then: { $ref: '#/definitions/v2' },
    else: { $ref: '#/definitions/v1.1' },
    definitions: { v2: { ...v2, properties: { ...(v2['properties'] as JsonObject), ...agreeing } }, 'v1.1': v1 },
  } as const;
  const title = 'ContextCore manifest';
  return published(schema, 'draft-07', id, title, 'What a project is for, what it promises and which services it runs (.contextcore.yaml).');
}

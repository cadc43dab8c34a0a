import { contractJsonSchema } from '../gatekeeper/contracts/json-schema.ts';
import { CONTRACT_NAMES, schemaFile } from '../gatekeeper/contracts/payload-report.ts';
import type { JsonObject } from '../host/json.ts';
import type { KnownNames } from '../manifest/policy.ts';
import { closedSchema, published } from './closed-schema.ts';
import { manifestJsonSchema } from './manifest.ts';
import { onboardingMetadata } from './onboarding-metadata.ts';
import { policyJsonSchema } from './policy.ts';
import { preview } from './preview.ts';
import { report } from './report.ts';

/** Where the schemas are published; the file's path in the package follows. */
const BASE = 'https://contextcore.io/schemas/';
const PROGRAMS = 'draft-2020-12';

/**
 * Every JSON Schema this package publishes, by its path below `dist/schemas/`, each made from the zod schema that the code itself reads by or that describes
 * what it writes. The same code always gives the same text.
 */
export function publishedSchemas(known: Required<KnownNames>): ReadonlyMap<string, JsonObject> {
  return new Map<string, JsonObject>([
    ['manifest.schema.json', manifestJsonSchema(`${BASE}manifest.schema.json`)],
    ['policy.schema.json', policyJsonSchema(`${BASE}policy.schema.json`, known)],
    ...CONTRACT_NAMES.map((name) => [`contracts/${schemaFile(name)}`, contractJsonSchema(name)] as const),
    written(
      'onboarding-metadata.schema.json',
      onboardingMetadata,
      'Onboarding metadata',
      'What a consumer of an export needs to begin (onboarding-metadata.json).',
    ),
    written(
      'task-emission-preview.schema.json',
      preview,
      'Emission preview',
      'The spans of an export, to be emitted or emitted (task-emission-preview.json).',
    ),
    written('export-tasks-report.schema.json', report, 'Export Tasks report', 'Everything a run learned (export-tasks-report.json).'),
  ]);
}

function written(
  file: string,
  schema: Parameters<typeof closedSchema>[0],
  title: string,
  description: string,
): readonly [string, JsonObject] {
  return [file, published(closedSchema(schema, PROGRAMS), PROGRAMS, BASE + file, title, description)];
}

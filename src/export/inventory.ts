import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';
import type { Document, DocumentValue } from './document.ts';
import { type ExportInput, ONBOARDING } from './export-input.ts';
import { canonicalDigest } from './json-text.ts';
import { utcStamp } from './timestamp.ts';

/** The sections of the onboarding metadata that later pipeline steps take up, each with the digest by which they can tell that it is the same (export.md §15.6, §22). */
export function exportInventory(input: ExportInput, onboarding: Document): readonly Document[] {
  return ROLES.flatMap((role) => {
    const section = onboarding[role.key];
    return isFilled(section) ? [inventoryEntry(role, section, input, onboarding)] : [];
  });
}

/** What earlier pipeline steps registered stays; what an earlier export registered is superseded, also where the section is gone. */
export function inheritedInventory(previous: JsonValue | undefined): readonly JsonObject[] {
  const entries = isJsonObject(previous) ? previous['artifact_inventory'] : undefined;
  if (!Array.isArray(entries)) return [];
  return entries
    .filter(isJsonObject)
    .filter(({ stage, artifact_id: id }) => stage !== 'export' && !(typeof id === 'string' && id.startsWith('export.')));
}

interface Role {
  readonly role: string;
  /** Top-level key of the onboarding metadata. */
  readonly key: string;
  readonly description: string;
  readonly hint: string;
  readonly consumers: readonly string[];
}

function inventoryEntry(
  { role, key, description, hint, consumers }: Role,
  section: DocumentValue,
  input: ExportInput,
  onboarding: Document,
): Document {
  return {
    artifact_id: `export.${role}`,
    role,
    description,
    produced_by: 'contextcore.manifest.export',
    stage: 'export',
    source_file: ONBOARDING,
    sha256: canonicalDigest(section),
    produced_at: utcStamp(input.now),
    consumers,
    consumption_hint: hint,
    json_path: `$.${key}`,
    freshness: { source_checksum: onboarding['source_checksum'], source_file: onboarding['source_path_relative'] },
  };
}

function isFilled(section: DocumentValue | undefined): section is DocumentValue {
  return typeof section === 'object' && section !== null && Object.keys(section).length > 0;
}

const DESIGN = 'artisan.design';
const IMPLEMENT = 'artisan.implement';

const ROLES: readonly Role[] = [
  {
    role: 'derivation_rules',
    key: 'derivation_rules',
    description: 'How each property of an artifact follows from a field of the manifest, by type',
    hint: 'Hand a task the rules of its type, so that nobody works out thresholds and severities a second time.',
    consumers: [DESIGN, IMPLEMENT],
  },
  {
    role: 'resolved_parameters',
    key: 'resolved_artifact_parameters',
    description: 'The values every artifact is to be made with',
    hint: 'Fill templates with these values as they are; they have been derived already.',
    consumers: [DESIGN, IMPLEMENT],
  },
  {
    role: 'output_contracts',
    key: 'expected_output_contracts',
    description: 'How deep and how long an artifact of each type should be, and what must occur in it',
    hint: 'Size the work by the depth given here, and look for the completeness markers in the result.',
    consumers: [DESIGN, IMPLEMENT, 'artisan.test'],
  },
  {
    role: 'dependency_graph',
    key: 'artifact_dependency_graph',
    description: 'Which artifacts have to be there before another can be made',
    hint: 'Order the tasks by these edges and add none by guesswork.',
    consumers: ['ingestion.parse', 'artisan.plan'],
  },
  {
    role: 'calibration_hints',
    key: 'design_calibration_hints',
    description: 'The depth and range of lines expected of each artifact type and service',
    hint: 'Where a type has a hint, let it go before an estimate from the number of lines.',
    consumers: ['ingestion.calibration', DESIGN],
  },
  {
    role: 'open_questions',
    key: 'open_questions',
    description: 'Questions of the manifest that nobody has answered yet',
    hint: 'Put them before whoever decides, rather than deciding in the design.',
    consumers: [DESIGN],
  },
  {
    role: 'semantic_conventions',
    key: 'semantic_conventions',
    description: 'Names of metrics and attributes, and queries to start from',
    hint: 'Use these names, so that what different artifacts ask for is the same thing.',
    consumers: [DESIGN, IMPLEMENT],
  },
];

import { isJsonObject, type JsonObject } from '../host/json.ts';
import type { KnownNames } from '../manifest/policy.ts';
import { policyFields } from '../manifest/policy-schema.ts';
import { closedSchema, type Descriptions, published } from './closed-schema.ts';

/** The JSON Schema of `.contextcore-quality.yaml`; gates and artifact types are those that the caller knows. */
export function policyJsonSchema(id: string, known: Required<KnownNames>): JsonObject {
  const schema = withNames(closedSchema(policyFields, 'draft-07', DESCRIPTIONS), known);
  return published(
    schema,
    'draft-07',
    id,
    'ContextCore quality policy',
    'What a repository asks of its exports and gates (.contextcore-quality.yaml).',
  );
}

/** Names the caller knows: gates are offered, since a policy may define its own; a type that is not known can only be a mistake. */
function withNames(schema: JsonObject, { gates, artifactTypes }: Required<KnownNames>): JsonObject {
  const properties = at(schema, 'properties');
  const levels = at(properties, 'gates');
  return {
    ...schema,
    properties: {
      ...properties,
      gates: { ...levels, properties: Object.fromEntries(gates.map((gate) => [gate, at(levels, 'additionalProperties')])) },
      waivers: withEntryField(at(properties, 'waivers'), 'gate', { examples: gates }),
      artifacts: withEntryField(at(properties, 'artifacts'), 'type', { enum: artifactTypes }),
    },
  };
}

function withEntryField(list: JsonObject, key: string, more: JsonObject): JsonObject {
  const items = at(list, 'items');
  const fields = at(items, 'properties');
  return { ...list, items: { ...items, properties: { ...fields, [key]: { ...at(fields, key), ...more } } } };
}

function at(schema: JsonObject, key: string): JsonObject {
  const found = schema[key];
  if (!isJsonObject(found)) throw new TypeError(`The schema of the policy has no "${key}" any more.`);
  return found;
}

const DESCRIPTIONS: Descriptions = {
  strict_quality_default: 'Whether exports are held to strict quality where no flag says otherwise.',
  deterministic_output_default: 'Whether artifacts are sorted by id where no flag says otherwise.',
  emit_quality_report_default: 'Whether export-quality-report.json is written where no flag says otherwise.',
  emit_run_provenance_default: 'Whether run-provenance.json is written where no flag says otherwise.',
  document_write_strategy_default: 'Whether replaced files are kept as .bak (update_existing) or not (new_output).',
  forbid_no_strict_quality_in_ci: 'Refuse an export without strict quality where CI is set.',
  ci_bootstrap_env_var: 'Variable that lifts that refusal for one job.',
  coverage_thresholds_by_env: 'Least coverage under strict quality, in percent, by environment.',
  default_environment: 'Environment whose threshold counts where CONTEXTCORE_ENV is not set.',
  scan_path_allowlist: 'Paths that strict quality lets be scanned for existing artifacts.',
  schema_pins: 'Versions that strict quality insists on; an empty pin insists on none.',
  'schema_pins.manifest_api_version': 'apiVersion of the manifest.',
  'schema_pins.onboarding_schema': 'schema of the onboarding metadata.',
  'schema_pins.validation_schema': 'schema of the validation report.',
  'schema_pins.schema_version': 'schema_version of both.',
  gates: 'How each gate counts when it fails, by its key.',
  'gates.*': 'off: it is not asked; otherwise the level of its failure.',
  waivers: 'Findings that are accepted until a day.',
  'waivers[].gate': 'Key of the gate.',
  'waivers[].artifact': 'Id of the artifact.',
  'waivers[].reason': 'Why it is accepted.',
  'waivers[].owner': 'Who answers for it.',
  'waivers[].expires': 'Last day on which it holds, such as 2026-12-31.',
  artifacts: 'Where existing artifacts lie, before the built-in conventions are tried; the first rule that matches wins.',
  'artifacts[].type': 'Type of the artifact.',
  'artifacts[].path': 'Path or glob below the scanned tree; {target} stands for the name of a service.',
  'artifacts[].target': 'The service whose artifact it is, where the path does not tell.',
  'artifacts[].match': 'How one file that holds several is divided.',
  'artifacts[].match.label': 'Label whose value names the service.',
  'artifacts[].match.annotation': 'Annotation whose value names the service.',
  'artifacts[].match.name': 'Name of the entry, with {target} for the name of the service.',
  'custom-gates': 'Gates of your own, each an expression over the contract.',
  'custom-gates[].name': 'Key of the gate, in kebab-case.',
  'custom-gates[].level': 'How it counts when it fails.',
  'custom-gates[].expr': 'CEL expression that must be true.',
  'custom-gates[].message': 'What to tell when it is not.',
  'coverage-policy': 'ratchet: coverage must not fall below that of the base; absolute: below min-coverage; off: neither.',
  'min-coverage': 'Least coverage in percent: 80 or "80%".',
};

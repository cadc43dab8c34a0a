import { artifactListOf } from '../gatekeeper/artifact-list.ts';
import { defineGate } from '../gatekeeper/define-gate.ts';
import {
  advice,
  confirmation,
  count,
  exportAgain,
  fails,
  finding,
  kindOf,
  malformed,
  malformedFile,
  named,
  onboardingSpot,
  passes,
  pointer,
} from '../gatekeeper/evidence.ts';
import type { Evidence, Spot } from '../gatekeeper/gate.ts';
import { isOmitted, metadataOf, own, sectionOf } from '../gatekeeper/read-subject.ts';
import type { Subject } from '../gatekeeper/subject.ts';
import { isJsonObject, type JsonObject } from '../host/json.ts';

const REQUIRED = [
  'version',
  'schema',
  'project_id',
  'generated_at',
  'coverage',
  'artifact_manifest_checksum',
  'project_context_checksum',
  'source_checksum',
] as const;

/** Sections every full export has; other profiles leave out some of them on purpose (export.md §10). */
const SECTIONS = ['derivation_rules', 'expected_output_contracts', 'file_ownership'] as const;

export const structuralIntegrity = defineGate({
  key: 'structural-integrity',
  title: 'Structural integrity',
  phase: 'EXPORT_CONTRACT',
  stage: 'EXPORT_CONTRACT',
  group: 'gate-1',
  fails: { severity: 'error', blocking: true },
  asks: 'Does the onboarding metadata hold what every consumer of an export relies on?',
  why: 'A consumer that finds a field missing guesses, and what it guesses is found out three steps later.',
  reads: ['onboarding-metadata.json', 'the files it names'],
  judge: (subject) => {
    const metadata = metadataOf(subject);
    const problems = [...unusable(subject), ...missingFields(subject, metadata), ...wrongKinds(metadata), ...brokenList(subject)];
    const schema = unexpectedSchema(metadata);
    const asides = [...missingSections(subject, metadata), ...missingReferences(subject, metadata)];
    if (problems.length === 0) {
      const verified = confirmation('structure_verified', 'onboarding-metadata.json', `All ${REQUIRED.length} required fields are there.`);
      return passes('The onboarding metadata holds every required field.', [verified], [...schema, ...asides]);
    }
    const missing = problems.filter((item) => item.type === 'missing_field').map((item) => item.ref);
    const wrong = problems.length - missing.length;
    const reason = [
      missing.length > 0 ? `The onboarding metadata lacks ${named(missing)}` : '',
      wrong > 0 ? `${count(wrong, 'value')} in the export ${wrong === 1 ? 'is' : 'are'} not of the kind that belongs there` : '',
    ];
    return fails(
      `${reason.filter(Boolean).join('; ')}.`,
      `Write the export again with "${exportAgain(subject)}" and leave its files as they are written.`,
      [...problems, ...schema, ...asides],
    );
  },
});

function unusable(subject: Subject): readonly Evidence[] {
  const file = subject.onboarding;
  if (file.state === 'malformed') return [malformedFile(subject, 'onboarding', 'onboarding-metadata.json', file.why)];
  if (file.state === 'absent' || isJsonObject(file.value)) return [];
  return [malformed('onboarding', '', `onboarding-metadata.json is ${kindOf(file.value)}; it must be an object.`)];
}

function isReadable(subject: Subject): boolean {
  return subject.onboarding.state === 'read' && isJsonObject(subject.onboarding.value);
}

function missingFields(subject: Subject, metadata: JsonObject): readonly Evidence[] {
  // Of a file that cannot be read nobody knows what it lacks.
  if (!isReadable(subject)) return [];
  const fields: readonly string[] = REQUIRED.filter(
    (key) => own(metadata, key) === undefined || (key === 'project_id' && own(metadata, key) === null),
  );
  const coverage = own(metadata, 'coverage');
  const hasContent = isJsonObject(coverage) && Object.keys(coverage).length > 0;
  const inner = hasContent
    ? ['totalRequired', 'gaps'].filter((key) => own(coverage, key) === undefined).map((key) => `coverage.${key}`)
    : [];
  return [...fields, ...inner].map((field) =>
    finding('missing_field', field, `"${field}" is missing from onboarding-metadata.json.`, { at: spotsOf(field) }),
  );
}

function spotsOf(field: string): readonly Spot[] {
  if (field === 'project_id') return [{ file: 'manifest', path: 'spec.project.id' }, onboardingSpot()];
  if (field.startsWith('coverage')) return [{ file: 'manifest', path: 'spec.targets' }, onboardingSpot('coverage')];
  return [onboardingSpot(), { file: 'manifest', path: '' }];
}

/** Values whose kind the reference takes for granted (gates.md G-9, D17). Null counts as given, except where a number or an object is reckoned with. */
function wrongKinds(metadata: JsonObject): readonly Evidence[] {
  const coverage = own(metadata, 'coverage');
  const id = own(metadata, 'project_id');
  const schema = own(metadata, 'schema');
  const rules = own(metadata, 'derivation_rules');
  const found: Evidence[] = [];
  const wrong = (keys: readonly string[], value: unknown, right: string) =>
    found.push(malformed('onboarding', pointer(...keys), `"${keys.join('.')}" is ${kindOf(value as never)}; it must be ${right}.`));
  if (schema !== undefined && schema !== null && typeof schema !== 'string')
    wrong(['schema'], schema, 'text that begins with contextcore.io/');
  if (id !== undefined && id !== null && (typeof id !== 'string' || id.trim() === '')) wrong(['project_id'], id, 'the id of the project');
  if (rules !== undefined && rules !== null && !isJsonObject(rules))
    wrong(['derivation_rules'], rules, 'an object of rules by artifact type');
  if (coverage === undefined) return found;
  if (!isJsonObject(coverage)) {
    wrong(['coverage'], coverage, 'an object with totalRequired and gaps');
    return found;
  }
  for (const key of ['totalRequired', 'totalExisting', 'overallCoverage']) {
    const value = own(coverage, key);
    if (value !== undefined && typeof value !== 'number') wrong(['coverage', key], value, 'a number');
  }
  return found;
}

function brokenList(subject: Subject): readonly Evidence[] {
  const list = artifactListOf(subject);
  if (list.state !== 'malformed' || !('name' in subject.artifactManifest)) return [];
  const description = `The artifact manifest "${subject.artifactManifest.name}" ${list.reason}.`;
  return [
    finding('malformed_input', '/artifact_manifest_path', description, {
      at: [{ file: 'artifact-manifest', path: '' }, onboardingSpot('artifact_manifest_path')],
    }),
  ];
}

function unexpectedSchema(metadata: JsonObject): readonly Evidence[] {
  const schema = own(metadata, 'schema');
  if (typeof schema !== 'string' || schema === '' || schema.startsWith('contextcore.io/')) return [];
  return [
    advice(
      'unexpected_schema',
      'schema',
      `The schema is "${schema}"; exports of this pipeline name one that begins with contextcore.io/.`,
      { at: [onboardingSpot('schema')] },
    ),
  ];
}

function missingSections(subject: Subject, metadata: JsonObject): readonly Evidence[] {
  const profile = own(metadata, 'generation_profile');
  if (!isReadable(subject) || (profile !== undefined && profile !== 'full')) return [];
  return SECTIONS.filter((key) => sectionOf(subject, key).state === 'absent' && !isOmitted(own(metadata, key))).map((key) =>
    finding(
      'missing_section',
      key,
      `The section "${key}" is missing or empty; the steps after the export then have to guess what it would say.`,
      { at: [onboardingSpot()] },
    ),
  );
}

/** Files that the metadata names and that are not beside it. */
function missingReferences(subject: Subject, metadata: JsonObject): readonly Evidence[] {
  const reference = own(metadata, 'crd_reference');
  const files = new Map<string, string>();
  for (const [key, file] of [
    ['artifact_manifest_path', subject.artifactManifest],
    ['project_context_path', subject.projectContext],
  ] as const) {
    if (file.state === 'missing' || file.state === 'outside') files.set(file.name, key);
  }
  if (typeof reference === 'string' && reference !== '' && !subject.present.has(reference) && !files.has(reference))
    files.set(reference, 'crd_reference');
  return [...files].map(([file, key]) =>
    finding('missing_reference', file, `"${key}" names "${file}", which is not in the export directory.`, { at: [onboardingSpot(key)] }),
  );
}

import { defineGate } from '../gatekeeper/define-gate.ts';
import { capped, confirmation, count, fails, finding, kindOf, malformed, malformedFile, passes, pointer } from '../gatekeeper/evidence.ts';
import type { Evidence, Spot } from '../gatekeeper/gate.ts';
import { isNothing, isOmitted, metadataOf, own } from '../gatekeeper/read-subject.ts';
import type { Subject } from '../gatekeeper/subject.ts';
import { sortByCodePoint } from '../host/code-points.ts';
import { isJsonObject, type JsonValue } from '../host/json.ts';

const FILE = 'run-provenance.json';
const SHOWN = 10;

/** Role in the inventory → key of the metadata whose content demands it. */
const ROLES: readonly (readonly [role: string, key: string])[] = [
  ['derivation_rules', 'derivation_rules'],
  ['resolved_parameters', 'resolved_artifact_parameters'],
  ['output_contracts', 'expected_output_contracts'],
  ['dependency_graph', 'artifact_dependency_graph'],
  ['calibration_hints', 'design_calibration_hints'],
  ['open_questions', 'open_questions'],
  ['parameter_sources', 'parameter_sources'],
  ['semantic_conventions', 'semantic_conventions'],
  ['example_artifacts', 'example_artifacts'],
  ['coverage_gaps', 'coverage_gaps'],
];

export const artifactInventory = defineGate({
  key: 'artifact-inventory',
  title: 'Artifact inventory',
  phase: 'EXPORT_CONTRACT',
  stage: 'EXPORT_CONTRACT',
  group: 'gate-1',
  fails: { severity: 'warning', blocking: false },
  asks: 'Is everything the export produced for later steps registered in its inventory, and do the files registered there exist?',
  why: 'Later steps find their input by role; what has no role is not found.',
  reads: [FILE, 'the sections of onboarding-metadata.json'],
  judge: (subject) => {
    const file = subject.runProvenance;
    if (file.state === 'absent') return { outcome: 'skipped', code: 'input_absent', reason: `The export has no ${FILE}.` };
    const unusable = file.state === 'malformed' ? malformedFile(subject, 'run-provenance', FILE, file.why) : wrongRoot(file.value);
    if (unusable) return fails(`${FILE} cannot be read.`, NEXT, [unusable]);
    const version = file.state === 'read' && isJsonObject(file.value) ? (own(file.value, 'version') ?? '1.0.0') : '1.0.0';
    if (typeof version === 'string' && version.startsWith('1.')) {
      return { outcome: 'skipped', code: 'v1_provenance', reason: `${FILE} is of version ${version}; an inventory comes with 2.0.0.` };
    }
    const inventory = file.state === 'read' && isJsonObject(file.value) ? own(file.value, 'artifact_inventory') : undefined;
    if (!Array.isArray(inventory)) {
      const description = `${FILE} is of version ${String(version)}, but its "artifact_inventory" is ${kindOf(inventory)}; it must be a list.`;
      return fails(`${FILE} holds no inventory.`, NEXT, [
        finding('missing_inventory', FILE, description, { at: spots('/artifact_inventory') }),
      ]);
    }
    const evidence = [...missingRoles(subject, inventory), ...inventory.flatMap((entry, index) => entryFaults(subject, entry, index))];
    if (evidence.length === 0) {
      return passes('The inventory is complete.', [
        confirmation(
          'inventory_verified',
          'artifact_inventory',
          `${count(inventory.length, 'entry', 'entries')}, every demanded role among them.`,
        ),
      ]);
    }
    const shown = evidence.slice(0, 5).map((item) => item.description);
    const more = evidence.length > 5 ? ` And ${evidence.length - 5} more.` : '';
    return fails(`The inventory has ${count(evidence.length, 'fault')}. ${shown.join(' ')}${more}`, NEXT, capped(evidence, SHOWN));
  },
});

const NEXT = 'Write the export again with "--emit-run-provenance", and let the steps after it add their own entries.';

function wrongRoot(value: JsonValue): Evidence | undefined {
  if (!isJsonObject(value)) return malformed('run-provenance', '', `${FILE} is ${kindOf(value)}; it must be an object.`);
  const version = own(value, 'version');
  return version === undefined || typeof version === 'string'
    ? undefined
    : malformed('run-provenance', '/version', `"version" of ${FILE} is ${kindOf(version)}; it must be text such as "2.0.0".`);
}

function missingRoles(subject: Subject, inventory: readonly JsonValue[]): readonly Evidence[] {
  const metadata = metadataOf(subject);
  const present = new Set(inventory.map((entry) => (isJsonObject(entry) ? own(entry, 'role') : undefined)));
  const demanded = ROLES.filter(([, key]) => !isNothing(own(metadata, key)) && !isOmitted(own(metadata, key))).map(([role]) => role);
  const missing = sortByCodePoint(
    demanded.filter((role) => !present.has(role)),
    (role) => role,
  );
  return missing.map((role) =>
    finding('missing_role', role, `The metadata has content for the role "${role}", but no entry of the inventory has it.`, {
      at: spots('/artifact_inventory'),
    }),
  );
}

function entryFaults(subject: Subject, entry: JsonValue, index: number): readonly Evidence[] {
  const path = pointer('artifact_inventory', index);
  if (!isJsonObject(entry))
    return [malformed('run-provenance', path, `Entry ${index} of the inventory is ${kindOf(entry)}; it must be an object.`)];
  const role = own(entry, 'role');
  const id = own(entry, 'artifact_id');
  const source = own(entry, 'source_file');
  if (typeof role !== 'string' || role === '')
    return [malformed('run-provenance', path, `The role of entry ${index} of the inventory is ${kindOf(role)}; it must be text.`)];
  if (isNothing(source)) return [];
  if (typeof source !== 'string')
    return [
      malformed(
        'run-provenance',
        `${path}/source_file`,
        `"source_file" of the role "${role}" is ${kindOf(source)}; it must be a file name.`,
      ),
    ];
  if (subject.present.has(source)) return [];
  const ref = typeof id === 'string' && id !== '' ? id : source;
  return [
    finding('missing_source_file', ref, `The role "${role}" is said to be in "${source}", which is not in the export directory.`, {
      at: spots(`${path}/source_file`),
    }),
  ];
}

function spots(path: string): readonly Spot[] {
  return [{ file: 'run-provenance', path }];
}

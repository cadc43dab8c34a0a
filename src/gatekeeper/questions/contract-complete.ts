import { artifactListOf } from '../artifact-list.ts';
import { count, kindOf, named, onboardingSpot } from '../evidence.ts';
import type { GateResult } from '../gate.ts';
import { coverageOf, isNothing, metadataOf, own, sectionOf } from '../read-subject.ts';
import type { Subject } from '../subject.ts';
import { type Check, failed, passed } from './question.ts';

/** Question 1: what Gate 1 answered, and whether the contract holds what the next step reads (gates.md §3.2). */
export function contractChecks(subject: Subject, gate1: readonly GateResult[]): readonly Check[] {
  return [...gateChecks(gate1), populated(subject), ...derivationRules(subject), ...parameterSchema(subject), ...existingScan(subject)];
}

/** References, by the gate's own key (gates.md G-17). The minimum coverage is a wish of the caller's, not part of the contract. */
function gateChecks(gate1: readonly GateResult[]): readonly Check[] {
  return gate1
    .filter((result) => result.outcome !== 'skipped' && result.gate !== 'min-coverage')
    .map((result) => {
      const isPass = result.outcome === 'pass';
      const severity = isPass ? 'info' : result.blocking ? 'error' : 'warning';
      return { name: result.gate, passed: isPass, detail: result.reason, severity, gate: result.gate };
    });
}

function populated(subject: Subject): Check {
  const name = 'artifact-manifest-populated';
  const required = own(coverageOf(subject), 'totalRequired');
  if (typeof required === 'number' && required > 0) return passed(name, `${count(required, 'artifact')} required.`);
  const listed = isRightlyEmpty(subject);
  if (listed > 0)
    return passed(name, `The profile leaves out every required artifact; ${count(listed, 'artifact')} without that priority remain.`);
  const found = required === 0 ? '0' : kindOf(required);
  const detail = `coverage.totalRequired is ${found}, so nothing is to be made; name services under spec.targets in the manifest and export again.`;
  return failed(name, 'error', detail, [{ file: 'manifest', path: 'spec.targets' }, onboardingSpot('coverage')]);
}

/** How many artifacts the manifest lists, where a profile other than full has kept none that is required; else 0. */
function isRightlyEmpty(subject: Subject): number {
  const profile = own(metadataOf(subject), 'generation_profile');
  const list = artifactListOf(subject);
  if (typeof profile !== 'string' || profile === 'full' || list.state !== 'read') return 0;
  return [...list.artifacts.values()].some((artifact) => artifact.priority === 'required') ? 0 : list.artifacts.size;
}

function derivationRules(subject: Subject): readonly Check[] {
  const rules = sectionOf(subject, 'derivation_rules');
  if (rules.state !== 'read') {
    const hasTypes = sectionOf(subject, 'artifact_types').state === 'read';
    return hasTypes
      ? [
          passed(
            'derivation-rules-present',
            'The export carries no derivation rules; generators will have to guess how values were derived.',
            'warning',
          ),
        ]
      : [];
  }
  const name = 'derivation-rules-populated';
  const empty = Object.keys(rules.value).filter((type) => isNothing(own(rules.value, type)));
  if (empty.length === 0) return [passed(name, `${count(Object.keys(rules.value).length, 'type')} with derivation rules.`)];
  return [
    failed(name, 'warning', `No derivation rule for ${named(empty)}; export again, or say in the plan how these values are derived.`, [
      onboardingSpot('derivation_rules', empty[0]!),
    ]),
  ];
}

function parameterSchema(subject: Subject): readonly Check[] {
  const types = sectionOf(subject, 'artifact_types');
  if (types.state !== 'read') return [];
  const name = 'parameter-schema-complete';
  const schema = sectionOf(subject, 'parameter_schema');
  const missing = Object.keys(types.value).filter((type) => schema.state !== 'read' || isNothing(own(schema.value, type)));
  if (missing.length === 0) return [passed(name, 'Every artifact type lists its parameters.')];
  return [
    failed(name, 'warning', `parameter_schema lists no parameters for ${named(missing)}; export again.`, [
      onboardingSpot('parameter_schema', missing[0]!),
    ]),
  ];
}

function existingScan(subject: Subject): readonly Check[] {
  const required = own(coverageOf(subject), 'totalRequired');
  const existing = own(coverageOf(subject), 'totalExisting');
  if (typeof required !== 'number' || required <= 0 || (existing !== undefined && existing !== 0)) return [];
  return [
    passed(
      'existing-artifact-scan',
      'No artifact is known to exist; if some do, export again with --scan-existing or --existing.',
      'warning',
    ),
  ];
}

import { defineGate } from '../gatekeeper/define-gate.ts';
import { capped, confirmation, count, entrySpot, fails, finding, kindOf, malformed, passes, pointer } from '../gatekeeper/evidence.ts';
import type { Evidence, Spot } from '../gatekeeper/gate.ts';
import { own, sectionOf } from '../gatekeeper/read-subject.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';

const KEY = 'parameter_resolvability';
const SHOWN = 10;

export const parameterResolvability = defineGate({
  key: 'parameter-resolvability',
  title: 'Parameter resolvability',
  phase: 'EXPORT_CONTRACT',
  stage: 'EXPORT_CONTRACT',
  group: 'gate-1',
  fails: { severity: 'warning', blocking: false },
  asks: 'Did every parameter of every artifact get its value from the manifest?',
  why: 'A parameter without a value is filled with a guess by whoever makes the artifact.',
  reads: [KEY],
  judge: (subject) => {
    const section = sectionOf(subject, KEY);
    if (section.state === 'absent')
      return { outcome: 'skipped', code: 'input_absent', reason: 'The export does not say how its parameters were resolved.' };
    if (section.state === 'malformed') {
      const evidence = [
        malformed('onboarding', `/${KEY}`, `"${KEY}" is ${kindOf(section.value)}; it must be an object of parameters by artifact id.`),
      ];
      return fails('The parameters cannot be read.', NEXT, evidence);
    }
    const { total, wrong, unresolved } = survey(section.value);
    if (wrong.length + unresolved.length === 0) {
      return passes(`All ${count(total, 'parameter')} have a value.`, [
        confirmation('parameters_verified', KEY, `${count(total, 'parameter')}, none unresolved.`),
      ]);
    }
    const unread = wrong.length > 0 ? `; ${count(wrong.length, 'entry', 'entries')} cannot be read` : '';
    return fails(
      `${unresolved.length} of ${count(total, 'parameter')} ${unresolved.length === 1 ? 'has' : 'have'} no value${unread}.`,
      NEXT,
      capped([...wrong, ...unresolved], SHOWN),
    );
  },
});

const NEXT = 'Fill in the fields of the manifest that are named here and export again.';

function survey(artifacts: JsonObject) {
  let total = 0;
  const wrong: Evidence[] = [];
  const unresolved: Evidence[] = [];
  for (const [id, parameters] of Object.entries(artifacts)) {
    if (!isJsonObject(parameters)) {
      wrong.push(malformed('onboarding', pointer(KEY, id), `The parameters of "${id}" are ${kindOf(parameters)}; they must be an object.`));
      continue;
    }
    for (const [name, entry] of Object.entries(parameters)) {
      total += 1;
      if (!isJsonObject(entry))
        wrong.push(
          malformed('onboarding', pointer(KEY, id, name), `"${id}.${name}" is ${kindOf(entry)}; it must be an object with a status.`),
        );
      else if (own(entry, 'status') === 'unresolved') unresolved.push(unresolvedParameter(id, name, own(entry, 'source_path')));
    }
  }
  return { total, wrong, unresolved };
}

function unresolvedParameter(id: string, name: string, source: JsonValue | undefined): Evidence {
  const field = typeof source === 'string' ? fieldSpot(source) : undefined;
  const where = field?.file === 'project-context' ? 'the project context' : 'the manifest';
  const from = field === undefined ? 'and its source is no field of the manifest' : `since ${where} says nothing at "${field.path}"`;
  const at: readonly Spot[] = [...(field === undefined ? [] : [field]), entrySpot(id, name)];
  return finding('unresolved_parameter', `${id}.${name}`, `The parameter "${name}" of "${id}" has no value, ${from}.`, {
    artifact: id,
    at,
  });
}

/**
 * The field that a `source_path` speaks of: `manifest.spec.business.criticality (→ severity map)`, `manifest.spec.risks[]` and `… + …` come down to one path
 * of the manifest, `crd.… or default` to one of the project context; notes such as `manifest (template default)` have none (gates.md §8).
 */
export function fieldSpot(source: string): Spot | undefined {
  const bare = source
    .replace(/\s\(.*$/s, '')
    .split(/ \+ | or /, 1)[0]!
    .trim();
  const match = /^(manifest|crd)\.((?:\w|[.-]|\[\])+)$/.exec(bare);
  const path = match?.[2]?.replaceAll('[]', '').replace(/\.+$/, '');
  return path ? { file: match?.[1] === 'crd' ? 'project-context' : 'manifest', path } : undefined;
}

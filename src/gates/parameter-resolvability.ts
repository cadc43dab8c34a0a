import { artifactListOf } from '../gatekeeper/artifact-list.ts';
import { defineGate } from '../gatekeeper/define-gate.ts';
import {
  capped,
  confirmation,
  count,
  entrySpot,
  fails,
  finding,
  kindOf,
  malformed,
  passes,
  pointer,
  targetSpot,
} from '../gatekeeper/evidence.ts';
import type { Evidence, Spot } from '../gatekeeper/gate.ts';
import { own, sectionOf } from '../gatekeeper/read-subject.ts';
import type { Subject } from '../gatekeeper/subject.ts';
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
    const { total, wrong, unresolved, assumed } = survey(section.value, targetsOf(subject));
    const defaults = [...assumed].map(([source, taken]) => defaultedParameter(source, taken));
    if (wrong.length + unresolved.length === 0) {
      const verified = confirmation('parameters_verified', KEY, `${count(total, 'parameter')}, none unresolved.`);
      return passes(`All ${count(total, 'parameter')} have a value.`, capped([verified, ...defaults], SHOWN));
    }
    const unread = wrong.length > 0 ? `; ${count(wrong.length, 'entry', 'entries')} cannot be read` : '';
    return fails(
      `${unresolved.length} of ${count(total, 'parameter')} ${unresolved.length === 1 ? 'has' : 'have'} no value${unread}.`,
      NEXT,
      capped([...wrong, ...unresolved, ...defaults], SHOWN),
    );
  },
});

const NEXT = 'Fill in the fields of the manifest that are named here and export again.';

/** A parameter of an artifact. */
interface Parameter {
  readonly id: string;
  readonly name: string;
}

/** The first parameter that takes a default, and how many more do. */
interface Assumed extends Parameter {
  more: number;
}

/** The service that an artifact is for; undefined where the artifact manifest does not tell. */
type TargetOf = (id: string) => string | undefined;

function targetsOf(subject: Subject): TargetOf {
  const list = artifactListOf(subject);
  return (id) => (list.state === 'read' ? list.artifacts.get(id)?.target || undefined : undefined);
}

function survey(artifacts: JsonObject, targetOf: TargetOf) {
  let total = 0;
  const assumed = new Map<string, Assumed>();
  const wrong: Evidence[] = [];
  const unresolved: Evidence[] = [];
  for (const id in artifacts) {
    const parameters = artifacts[id];
    if (!isJsonObject(parameters)) {
      wrong.push(malformed('onboarding', pointer(KEY, id), `The parameters of "${id}" are ${kindOf(parameters)}; they must be an object.`));
      continue;
    }
    for (const name in parameters) {
      const entry = parameters[name];
      total += 1;
      if (!isJsonObject(entry))
        wrong.push(
          malformed('onboarding', pointer(KEY, id, name), `"${id}.${name}" is ${kindOf(entry)}; it must be an object with a status.`),
        );
      else if (own(entry, 'status') === 'unresolved')
        unresolved.push(unresolvedParameter({ id, name }, own(entry, 'source_path'), targetOf));
      else if (own(entry, 'status') === 'defaulted') note(assumed, own(entry, 'source_path'), { id, name });
    }
  }
  return { total, wrong, unresolved, assumed };
}

function note(assumed: Map<string, Assumed>, source: JsonValue | undefined, parameter: Parameter): void {
  const key = typeof source === 'string' ? source : '';
  const taken = assumed.get(key);
  if (taken) taken.more += 1;
  else assumed.set(key, { ...parameter, more: 0 });
}

/** A default that stands in for a field is a note, once for each field, and never a failure (design.md, Deviations). */
function defaultedParameter(source: string, { id, name, more }: Assumed): Evidence {
  const field = fieldSpot(source);
  const also = more > 0 ? ` and of ${count(more, 'more parameter')}` : '';
  return confirmation(
    'defaulted_parameter',
    `${id}.${name}`,
    `A default stands for "${field?.path ?? source}" in "${name}" of "${id}"${also}; write it down to make it a promise.`,
    { artifact: id, at: [...(field === undefined ? [] : [field]), entrySpot(id, name)] },
  );
}

function unresolvedParameter({ id, name }: Parameter, source: JsonValue | undefined, targetOf: TargetOf): Evidence {
  const field = typeof source === 'string' ? fieldSpot(source) : undefined;
  const from = field === undefined ? 'and its source is no field of the manifest' : `since the manifest says nothing at "${field.path}"`;
  const at: readonly Spot[] = [...(field === undefined ? [] : originsOf(field, targetOf(id))), entrySpot(id, name)];
  return finding('unresolved_parameter', `${id}.${name}`, `The parameter "${name}" of "${id}" has no value, ${from}.`, {
    artifact: id,
    at,
  });
}

/** The project context is made from the manifest, which is what a person changes; of a target's field at that target. */
function originsOf(field: Spot, target: string | undefined): readonly Spot[] {
  if (field.file !== 'project-context') return [field];
  const isTargets = target !== undefined && field.path.startsWith('spec.targets.');
  return [isTargets ? targetSpot(target) : { file: 'manifest', path: field.path }, field];
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

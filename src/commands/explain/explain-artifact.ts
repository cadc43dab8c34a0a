import type { Artifact, ArtifactType, Contract } from '../../contract/contract.ts';
import type { Contradiction, Inspection } from '../../contract/inspection.ts';
import { given } from '../../host/given.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../host/json.ts';
import type { Place } from '../../host/place.ts';
import type { Locate } from '../../manifest/manifest.ts';
import { maskSecrets } from '../../manifest/mask.ts';
import type { Explanation } from './explanation.ts';

/** An artifact, and all that was learnt of it. */
export interface Examined {
  /** Settled with the inspection. */
  readonly artifact: Artifact;
  readonly type: ArtifactType;
  readonly criticality: Contract['criticality'];
  readonly inspection: Inspection;
  readonly locate: Locate;
}

/** Why a manifest wants an artifact, from which fields its values come, where one was looked for and what was found. */
export function explainArtifact(examined: Examined): Explanation {
  const { artifact, locate } = examined;
  const criticality = { value: examined.criticality, ...location(locate('spec.business.criticality')) };
  const fields = fieldsOf(examined);
  const looked = looksOf(examined);
  const errors = artifact.validationErrors.map(({ place, message }) => ({ ...location(place), message }));
  const contradictions = (examined.inspection.found.get(artifact.id)?.contradictions ?? []).map(contradictionOf);
  const remarks = (examined.inspection.found.get(artifact.id)?.remarks ?? []).map(({ kind, message, place }) => ({
    kind,
    message,
    ...(place && location(place)),
  }));
  return {
    document: {
      kind: 'artifact',
      id: artifact.id,
      type: artifact.type,
      name: artifact.name,
      target: artifact.target,
      priority: artifact.priority,
      status: artifact.status,
      wanted_by: { ...location(artifact.place), criticality },
      fields,
      derived_from: artifact.derivedFrom.map((derivation) => ({ ...derivation })),
      depends_on: artifact.dependsOn,
      looked,
      ...given({ existing_path: artifact.existingPath }),
      validation_errors: errors,
      contradictions,
      remarks,
    },
    lines: [
      `${artifact.id}: ${artifact.name} (${artifact.type})`,
      '',
      `Wanted   by the ${artifact.scope} "${artifact.target}" at ${placed(location(artifact.place))}`,
      `         ${artifact.priority}, since criticality is ${criticality.value} (${placed(criticality)})`,
      `Status   ${artifact.status}${artifact.existingPath === undefined ? '' : `: ${artifact.existingPath}`}`,
      ...errors.map((error) => `         ${placed(error)}: ${error.message}`),
      ...contradictions.map(
        (one) => `         ${placed(one)}: ${one.found} where the manifest derives ${one.derived} from ${one.field}. ${one.edit}`,
      ),
      ...remarks.map(
        (one) =>
          `         ${'line' in one && one.file !== undefined ? `${placed({ file: one.file, line: one.line! })}: ` : ''}${one.message}`,
      ),
      ...(artifact.dependsOn.length > 0 ? [`After    ${artifact.dependsOn.join(', ')}`] : []),
      'Values',
      ...fields.map(fieldLine),
      'Derived',
      ...artifact.derivedFrom.map(
        ({ property, sourceField, transformation }) => `  ${property}: ${maskSecrets(transformation)}  from ${sourceField}`,
      ),
      'Looked for',
      ...(looked.length === 0 ? ['  nowhere: neither --existing nor --scan-existing says where'] : looked.map(lookLine)),
    ],
  };
}

interface Spot {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

interface Field extends JsonObject {
  readonly key: string;
  readonly value: JsonValue;
  readonly from: string;
  readonly at?: Spot & JsonObject;
  readonly defaulted: boolean;
}

function fieldsOf({ artifact, type, locate }: Examined): readonly Field[] {
  const specs = new Map(type.parameters.map((parameter) => [parameter.key, parameter]));
  return Object.entries(artifact.parameters).map(([key, value]) => {
    const spec = specs.get(key);
    const at = spec?.field === undefined ? undefined : location(locate(spec.field));
    return {
      key,
      value: masked(value),
      from: spec?.field ?? spec?.source ?? 'the type itself',
      ...given({ at }),
      defaulted: artifact.defaulted.includes(key),
    };
  });
}

function fieldLine({ key, value, from, at, defaulted }: Field): string {
  const where = at ? ` (${placed(at)})` : '';
  return `  ${key} = ${JSON.stringify(value)}  ${from}${where}${defaulted ? ', which is silent: our default' : ''}`;
}

interface Looked extends JsonObject {
  readonly rule: string;
  /** The policy's line, for one of its rules. */
  readonly policy?: Spot & JsonObject;
  /** Whether this rule is the one that decided. */
  readonly decided: boolean;
  readonly files: readonly string[];
}

/** In the order in which the rules are asked; the first that names a file decides. */
function looksOf({ artifact, inspection }: Examined): readonly Looked[] {
  const decider = inspection.found.get(artifact.id)?.rule;
  return (inspection.looksFor?.(artifact.id) ?? []).map(({ rule, place, files }) => ({
    rule: rule.replaceAll('{target}', artifact.target),
    ...given({ policy: place && location(place) }),
    decided: rule === decider,
    files,
  }));
}

function lookLine({ rule, policy, decided, files }: Looked): string {
  const found = files.length > 0 ? `${files.join(', ')}${decided ? '' : ' (an earlier rule decided)'}` : 'nothing';
  return `  ${rule}${policy ? ` (${placed(policy)})` : ''}: ${found}`;
}

function contradictionOf({ property, derived, found, edit }: Contradiction) {
  return { property, derived: derived.value, field: derived.field, found: found.value, ...location(found.place), edit };
}

function location({ file, line, column }: Place): Spot & JsonObject {
  return { file, line, ...given({ column }) };
}

function placed({ file, line }: Spot): string {
  return `${file}:${line}`;
}

/** What looks like a secret stays where it is written. */
function masked(value: JsonValue): JsonValue {
  if (typeof value === 'string') return maskSecrets(value);
  if (Array.isArray(value)) return value.map(masked);
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item ?? null)])) : value;
}

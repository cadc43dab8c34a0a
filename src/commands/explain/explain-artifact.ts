import type { Artifact, ArtifactType } from '../../contract/contract.ts';
import { given } from '../../host/given.ts';
import type { JsonObject, JsonValue } from '../../host/json.ts';
import type { Place } from '../../host/place.ts';
import { inspectArtifacts } from '../../inspect/inspect-artifacts.ts';
import type { Prepared } from '../../story/prepare.ts';
import type { Explanation } from './explanation.ts';

/** Where it was looked, as asked on the command line. */
export interface Looking {
  readonly existing: readonly string[];
  /** Absent when nobody looked. */
  readonly scan?: string;
}

/** Why a manifest wants an artifact, from which fields its values come, where one was looked for and what was found. */
export function explainArtifact(
  artifact: Artifact,
  type: ArtifactType,
  prepared: Prepared,
  types: readonly ArtifactType[],
  looking: Looking,
): Explanation {
  const { contract, gathered } = prepared;
  const { locate } = gathered.parsed;
  const criticality = { value: contract.criticality, ...location(locate('spec.business.criticality')) };
  const fields = fieldsOf(artifact, type, prepared);
  const looked = lookedOf(artifact, type, prepared, types, looking);
  const errors = artifact.validationErrors.map(({ place, message }) => ({ ...location(place), message }));
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
      depends_on: artifact.dependsOn,
      looked,
      ...given({ existing_path: artifact.existingPath }),
      validation_errors: errors,
    },
    lines: [
      `${artifact.id}: ${artifact.name} (${artifact.type})`,
      '',
      `Wanted   ${artifact.scope === 'target' ? `by the target "${artifact.target}"` : `by the project "${artifact.target}"`} at ${shown(artifact.place)}`,
      `         ${artifact.priority}, since criticality is ${criticality.value} (${shown(locate('spec.business.criticality'))})`,
      `Status   ${artifact.status}${artifact.existingPath === undefined ? '' : `: ${artifact.existingPath}`}`,
      ...errors.map(({ file, line, message }) => `         ${file}:${line}: ${message}`),
      ...(artifact.dependsOn.length > 0 ? [`After    ${artifact.dependsOn.join(', ')}`] : []),
      'Values',
      ...fields.map(
        ({ key, value, from, file, line, defaulted }) =>
          `  ${key} = ${JSON.stringify(value)}  ${from}${line === undefined ? '' : ` (${file}:${line})`}${defaulted ? ', silent there: our default' : ''}`,
      ),
      'Derived',
      ...artifact.derivedFrom.map(({ property, sourceField, transformation }) => `  ${property}: ${transformation}  from ${sourceField}`),
      'Looked for',
      ...looked.map(
        ({ rule, where, found }) => `  ${rule}${where === null ? '' : ` in ${where}`}: ${found.length > 0 ? found.join(', ') : 'nothing'}`,
      ),
    ],
  };
}

interface Field extends JsonObject {
  readonly key: string;
  readonly value: JsonValue;
  readonly from: string;
  readonly file?: string;
  readonly line?: number;
  readonly defaulted: boolean;
}

function fieldsOf(artifact: Artifact, type: ArtifactType, { gathered }: Prepared): readonly Field[] {
  const specs = new Map(type.parameters.map((parameter) => [parameter.key, parameter]));
  return Object.entries(artifact.parameters).map(([key, value]) => {
    const spec = specs.get(key);
    const at = spec?.field === undefined ? {} : location(gathered.parsed.locate(spec.field));
    return { key, value, from: spec?.field ?? spec?.source ?? 'the type itself', ...at, defaulted: artifact.defaulted.includes(key) };
  });
}

interface Looked extends JsonObject {
  readonly rule: string;
  /** The directory, for a rule that looks through one. */
  readonly where: string | null;
  /** Whether this rule is the one that decided. */
  readonly decided: boolean;
  readonly found: readonly string[];
}

/** In the order in which the rules are asked: what was declared, then the conventions. */
function lookedOf(
  artifact: Artifact,
  type: ArtifactType,
  { contract, gathered }: Prepared,
  types: readonly ArtifactType[],
  looking: Looking,
): readonly Looked[] {
  const inspection = inspectArtifacts(contract, types, {
    existing: looking.existing,
    declared: 'checked',
    present: gathered.present,
    ...given({ tree: gathered.tree }),
  });
  const found = inspection.found.get(artifact.id);
  const declared = looking.existing.filter((item) => item.startsWith(`${artifact.id}:`)).map((item) => item.slice(artifact.id.length + 1));
  const by = (rule: string) => (found?.rule === rule ? [found.path] : []);
  const conventions = type.generate?.conventions ?? [];
  return [
    ...declared.map((path) => ({
      rule: `--existing ${path}`,
      where: null,
      decided: found?.rule === '--existing',
      found: by('--existing').filter((one) => one === path),
    })),
    ...(looking.scan === undefined
      ? []
      : conventions.map((rule) => ({
          rule: rule.replace('{target}', artifact.target),
          where: looking.scan!,
          decided: found?.rule === rule,
          found: by(rule),
        }))),
    ...(found && found.rule !== '--existing' && !conventions.includes(found.rule)
      ? [{ rule: found.rule, where: null, decided: true, found: [found.path] }]
      : []),
  ];
}

function location({ file, line, column }: Place): { readonly file: string; readonly line: number; readonly column?: number } {
  return { file, line, ...given({ column }) };
}

function shown({ file, line }: Place): string {
  return `${file}:${line}`;
}

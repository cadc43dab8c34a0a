import type { ArtifactType } from './contract.ts';

/**
 * Takes a member of the shelf `artifacts/` and answers it unchanged when it agrees with itself.
 * @throws TypeError naming the type and what contradicts what; that is a mistake in the shelf, never in a manifest.
 */
export function defineArtifactType(type: ArtifactType): ArtifactType {
  const complaint = COMPLAINTS.map((complain) => complain(type)).find((sentence) => sentence !== undefined);
  if (complaint !== undefined) throw new TypeError(`Artifact type "${type.type}": ${complaint}`);
  return type;
}

type Complain = (type: ArtifactType) => string | undefined;

// A target's file is named after it, with one * at most; the project's lies at a fixed path.
const TARGET_CONVENTION = /^\{target\}[^*/{}]+(\*[^*/{}]+)?$/;
const PROJECT_CONVENTION = /^[^*{}]+$/;

const COMPLAINTS: readonly Complain[] = [
  ({ type }) => (/^[a-z][a-z_-]*$/.test(type) ? undefined : 'its name must be lower-case words joined by _ or -'),
  ({ output }) =>
    output.path.endsWith(output.ext) ? undefined : `the output path "${output.path}" does not end with its extension "${output.ext}"`,
  ({ parameters }) =>
    repeated(
      'parameter',
      parameters.map((parameter) => parameter.key),
    ),
  ({ parameters }) => {
    const bare = parameters.find((parameter) => parameter.default !== undefined && parameter.field === undefined);
    return bare && `the parameter "${bare.key}" has a default but names no manifest field that could override it`;
  },
  ({ expected }) => (expected.markers.length > 0 ? undefined : 'it expects no completeness marker, so any text would be complete'),
  ({ expected }) =>
    expected.editMinPct >= 0 && expected.editMinPct <= 100 ? undefined : `editMinPct is ${expected.editMinPct}, not a percentage`,
  ({ generate }) => generate && repeated('dependency', generate.dependsOn),
  ({ generate }) =>
    generate?.dependsOn.includes(generate.suffix) ? `its artifacts would depend on themselves ("${generate.suffix}")` : undefined,
  ({ generate }) =>
    generate?.conventions.length === 0 ? 'it is generated, but no convention says how an existing one is found' : undefined,
  ({ generate }) => {
    const shape = generate?.scope === 'target' ? TARGET_CONVENTION : PROJECT_CONVENTION;
    const misshapen = generate?.conventions.find((convention) => !shape.test(convention));
    return misshapen && `the convention "${misshapen}" is not of the shape that its scope "${generate?.scope}" asks for`;
  },
];

function repeated(noun: string, keys: readonly string[]): string | undefined {
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  return twice === undefined ? undefined : `the ${noun} "${twice}" is listed twice`;
}

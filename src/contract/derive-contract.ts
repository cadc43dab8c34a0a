import { sortByCodePoint } from '../host/code-points.ts';
import type { Place } from '../host/place.ts';
import type { Locate, Manifest, ParsedManifest, Target } from '../manifest/manifest.ts';
import type { CapabilityIndex } from './capability-index.ts';
import type { Artifact, ArtifactType, Contract, Derivation, Notice, Profile } from './contract.ts';
import { measureCoverage } from './coverage.ts';
import { fieldOf, SEVERITY } from './defaults.ts';
import { keepsType } from './profiles.ts';

export interface DeriveOptions {
  readonly profile: Profile;
  /** Sorts the artifacts by id; otherwise they stay in generation order. */
  readonly deterministic: boolean;
  readonly semantic?: CapabilityIndex;
}

/**
 * Derives what a manifest obliges (export.md §8–§11): for each target, in document order, one artifact of every generated type that the profile keeps,
 * then the project's own. Nothing is known yet of what exists, so every artifact is `needed`; `settleContract` says the rest.
 */
export function deriveContract(
  parsed: Extract<ParsedManifest, { ok: true }>,
  types: readonly ArtifactType[],
  options: DeriveOptions,
): Contract {
  const { manifest, locate } = parsed;
  const generated = types.filter(isGenerated);
  const kept = generated.filter((type) => keepsType(options.profile, type));
  const derived = deriveAll(manifest, kept, locate);
  const artifacts = options.deterministic ? sortByCodePoint(derived, (artifact) => artifact.id) : derived;
  return {
    manifest,
    projectId: manifest.spec.project.id,
    criticality: criticalityOf(manifest),
    profile: options.profile,
    artifacts,
    coverage: measureCoverage(artifacts, derived, manifest.spec.targets),
    notices: defaultNotices(manifest, kept, locate),
    ...(options.deterministic && { generation: derived.map((artifact) => artifact.id) }),
    ...(options.semantic && { capabilityIndex: options.semantic }),
  };
}

/** The part of an artifact's id before its type's suffix (export.md §8): the name with every `-` as `_`. */
export function idStem(name: string): string {
  return name.replaceAll('-', '_');
}

type GeneratedType = ArtifactType & { readonly generate: NonNullable<ArtifactType['generate']> };

/** Whether a manifest gives rise to artifacts of this type. */
export function isGenerated(type: ArtifactType): type is GeneratedType {
  return type.generate !== undefined;
}

function deriveAll(manifest: Manifest, kept: readonly GeneratedType[], locate: Locate): readonly Artifact[] {
  const { project, targets } = manifest.spec;
  const make = artifactMaker(manifest, kept);
  const ofTargets = kept.filter((type) => type.generate.scope === 'target');
  const ofProject = kept.filter((type) => type.generate.scope === 'project');
  const projectPlace = locate('spec.project.id');
  return [
    ...targets.flatMap((target, index) => {
      const place = locate(`spec.targets.${index}.name`);
      return ofTargets.map((type) => make(type, target.name, place, target));
    }),
    ...ofProject.map((type) => make(type, project.id, projectPlace)),
  ];
}

/** Whatever is the same for all targets is worked out once here, not two thousand times. */
function artifactMaker(manifest: Manifest, kept: readonly GeneratedType[]) {
  const criticality = criticalityOf(manifest);
  const shared = { manifest, criticality, severity: SEVERITY[criticality] };
  const suffixes = new Set(kept.map((type) => type.generate.suffix));
  const dependencies = new Map(kept.map((type) => [type, type.generate.dependsOn.filter((suffix) => suffixes.has(suffix))]));
  const latest = new Map<GeneratedType, readonly Derivation[]>();
  const defaulted = new Map(kept.map((type) => [type, silentParameters(manifest, type).map((parameter) => parameter.key)]));

  return (type: GeneratedType, subject: string, place: Place, target?: Target): Artifact => {
    const { generate } = type;
    const stem = idStem(subject);
    const { derivedFrom, parameters } = generate.derive({ ...shared, subject, ...(target && { target }) });
    const before = latest.get(type);
    // What is said of every target alike is one list, which nobody has to read, write or compare twice.
    const rules = before && isSameList(before, derivedFrom) ? before : derivedFrom;
    latest.set(type, rules);
    return {
      id: `${stem}-${generate.suffix}`,
      type: type.type,
      name: generate.title(subject),
      target: subject,
      ...(target?.namespace !== undefined && { namespace: target.namespace }),
      scope: generate.scope,
      priority: generate.priority[criticality],
      status: 'needed',
      derivedFrom: rules,
      parameters,
      defaulted: defaulted.get(type) ?? [],
      dependsOn: (dependencies.get(type) ?? []).map((suffix) => `${stem}-${suffix}`),
      validationErrors: [],
      place,
    };
  };
}

function isSameList(a: readonly Derivation[], b: readonly Derivation[]): boolean {
  return a.length === b.length && a.every((rule, at) => isSameRule(rule, b[at]!));
}

function isSameRule(a: Derivation, b: Derivation): boolean {
  return (
    a.property === b.property && a.sourceField === b.sourceField && a.transformation === b.transformation && a.rationale === b.rationale
  );
}

function criticalityOf(manifest: Manifest) {
  return manifest.spec.business?.criticality ?? 'medium';
}

/** The parameters of a type for which the manifest says nothing and the product has a default. */
function silentParameters(manifest: Manifest, type: ArtifactType) {
  return type.parameters.filter(
    ({ default: fallback, field }) => fallback !== undefined && field !== undefined && fieldOf(manifest, field) === undefined,
  );
}

/** One note per silent field, however many artifacts take it, on the line where the field belongs. */
function defaultNotices(manifest: Manifest, kept: readonly GeneratedType[], locate: Locate): readonly Notice[] {
  const takers = new Map<string, { fallback: string; types: string[] }>();
  for (const type of kept) {
    for (const { field = '', default: fallback = '' } of silentParameters(manifest, type)) {
      const entry = takers.get(field) ?? { fallback, types: [] };
      entry.types.push(type.type);
      takers.set(field, entry);
    }
  }
  return [...takers].map(([field, { fallback, types }]) => ({
    code: 'default-applied',
    message: `${field} is not stated: ${fallback} is assumed for ${types.join(', ')}. Write it down to make it a promise of yours.`,
    place: locate(field),
  }));
}

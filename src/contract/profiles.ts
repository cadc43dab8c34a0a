import type { ArtifactType, Profile, ProfileGroup } from './contract.ts';

/** Whether a profile keeps the artifacts of this type (export.md §10). */
export function keepsType(profile: Profile, type: Pick<ArtifactType, 'group'>): boolean {
  return KEPT_GROUPS[profile].includes(type.group);
}

/** The onboarding sections that some profiles leave out. */
export type GatedSection =
  | 'derivation_rules'
  | 'artifact_dependency_graph'
  | 'parameter_resolvability'
  | 'expected_output_contracts'
  | 'design_calibration_hints';

/** Whether a profile's onboarding metadata has this section. A section left out is absent, with no marker (design.md, Deviations). */
export function includesSection(profile: Profile, section: GatedSection): boolean {
  return SECTION_PROFILES[section].has(profile);
}

/** `version` and `schema_version` of the onboarding metadata. */
export function onboardingSchemaVersion(profile: Profile): '1.0.0' | '1.1.0' {
  return profile === 'full' ? '1.0.0' : '1.1.0';
}

const OPERATOR: readonly ProfileGroup[] = ['monitoring', 'operator', 'stakeholder', 'always'];
const STAKEHOLDER: readonly ProfileGroup[] = ['stakeholder', 'always'];

const KEPT_GROUPS: Readonly<Record<Profile, readonly ProfileGroup[]>> = {
  source: ['source', 'always'],
  monitoring: ['monitoring', 'always'],
  operator: OPERATOR,
  sponsor: STAKEHOLDER,
  practitioner: STAKEHOLDER,
  observability: OPERATOR,
  full: ['source', 'monitoring', 'operator', 'stakeholder', 'always'],
};

const WORKING: ReadonlySet<Profile> = new Set(['monitoring', 'operator', 'observability', 'full']);
const ALL_BUT_SOURCE: ReadonlySet<Profile> = new Set([...WORKING, 'sponsor', 'practitioner']);

const SECTION_PROFILES: Readonly<Record<GatedSection, ReadonlySet<Profile>>> = {
  derivation_rules: WORKING,
  artifact_dependency_graph: WORKING,
  parameter_resolvability: WORKING,
  expected_output_contracts: ALL_BUT_SOURCE,
  design_calibration_hints: ALL_BUT_SOURCE,
};

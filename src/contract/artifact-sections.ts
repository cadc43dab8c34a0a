import { dictionary, type JsonObject } from '../host/json.ts';
import type { Contract, Coverage, Derivation } from './contract.ts';
import { includesSection } from './profiles.ts';

/** `coverage` of the artifact manifest (export.md §9). */
export function coverageSummary(coverage: Coverage): JsonObject {
  return {
    totalRequired: coverage.totalRequired,
    totalExisting: coverage.totalExisting,
    totalOutdated: coverage.totalOutdated,
    overallCoverage: coverage.overallCoverage,
    byTarget: coverage.byTarget.map((target) => ({ ...target })),
    byType: coverage.byType,
  };
}

/** Onboarding `coverage`: the same, with the ids of everything needed (`gaps`) and of what is needed and required (`requiredGaps`). */
export function coverageSection(coverage: Coverage): JsonObject {
  return { ...coverageSummary(coverage), gaps: coverage.gaps, requiredGaps: coverage.requiredGaps };
}

/** The derivations of all artifacts by type, identical ones once, in order of first appearance. */
export function rulesByType(contract: Contract): ReadonlyMap<string, readonly Derivation[]> {
  const known = RULES.get(contract) ?? collectRules(contract);
  RULES.set(contract, known);
  return known;
}

const RULES = new WeakMap<Contract, ReadonlyMap<string, readonly Derivation[]>>();

function collectRules(contract: Contract): ReadonlyMap<string, readonly Derivation[]> {
  const byType = new Map<string, Map<string, Derivation>>();
  const collected = new Set<readonly Derivation[]>();
  for (const { type, derivedFrom } of contract.artifacts) {
    if (derivedFrom.length === 0 || collected.has(derivedFrom)) continue;
    collected.add(derivedFrom);
    const rules = byType.get(type) ?? new Map<string, Derivation>();
    byType.set(type, rules);
    for (const rule of derivedFrom) {
      const key = JSON.stringify([rule.property, rule.sourceField, rule.transformation, rule.rationale]);
      if (!rules.has(key)) rules.set(key, rule);
    }
  }
  return new Map([...byType].map(([type, rules]) => [type, [...rules.values()]]));
}

/** Onboarding `derivation_rules`. */
export function derivationRules(contract: Contract): JsonObject | undefined {
  if (!includesSection(contract.profile, 'derivation_rules')) return undefined;
  return whenNotEmpty([...rulesByType(contract)].map(([type, rules]) => [type, rules.map((rule) => ({ ...rule }))]));
}

/** Onboarding `artifact_dependency_graph`: artifact id → the ids it depends on, for those that have any. */
export function artifactDependencyGraph(contract: Contract): JsonObject | undefined {
  if (!includesSection(contract.profile, 'artifact_dependency_graph')) return undefined;
  return whenNotEmpty(contract.artifacts.filter(({ dependsOn }) => dependsOn.length > 0).map(({ id, dependsOn }) => [id, dependsOn]));
}

/** Onboarding `resolved_artifact_parameters`: the parameters that have a value. Nulls inside a value stay. */
export function resolvedArtifactParameters(contract: Contract): JsonObject | undefined {
  return whenNotEmpty(contract.artifacts.map(({ id, parameters }) => [id, withoutNulls(parameters)]));
}

function withoutNulls(parameters: JsonObject): JsonObject {
  for (const key in parameters)
    if (parameters[key] === null) return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== null));
  return parameters;
}

function whenNotEmpty(entries: readonly (readonly [string, JsonObject[string]])[]): JsonObject | undefined {
  return entries.length === 0 ? undefined : dictionary(entries);
}

import type { Target } from '../manifest/manifest.ts';
import type { Artifact, Coverage, TargetCoverage } from './contract.ts';

/**
 * Measures how much of what is required stands (export.md §9, corrected by design.md "Deviations": both numbers count required artifacts only,
 * and `outdated` counts as existing). Gaps follow the order of `artifacts`; targets and types follow `generation`, which is the same list in
 * generation order. A project named like a target shares that target's namespace, whatever a profile leaves of its artifacts.
 */
export function measureCoverage(
  artifacts: readonly Artifact[],
  generation: readonly Artifact[] = artifacts,
  targets: readonly Target[] = [],
): Coverage {
  const needed = artifacts.filter((artifact) => artifact.status === 'needed');
  const required = artifacts.filter((artifact) => artifact.priority === 'required');
  const existing = required.filter(exists);
  return {
    totalRequired: required.length,
    totalExisting: existing.length,
    totalOutdated: artifacts.filter((artifact) => artifact.status === 'outdated').length,
    overallCoverage: percentOf(existing.length, required.length),
    byTarget: coverageByTarget(generation, targets),
    byType: neededByType(generation),
    gaps: needed.map((artifact) => artifact.id),
    requiredGaps: needed.filter((artifact) => artifact.priority === 'required').map((artifact) => artifact.id),
  };
}

/** Existing of required in percent with one decimal; 100 when nothing is required. */
export function percentOf(existing: number, required: number): number {
  return required === 0 ? 100 : roundHalfEven1((existing / required) * 100);
}

/** One decimal, half to even on the exact binary value, as the reference rounds: 6.25 → 6.2, 18.75 → 18.8. For finite numbers from 0 on. */
export function roundHalfEven1(value: number): number {
  // `toFixed` decides on the exact binary value too, but takes the larger neighbour of a tie. A tie is an odd number of quarters.
  if ((value * 4) % 2 !== 1) return Number(value.toFixed(1));
  const below = Math.floor(value * 10);
  return (below % 2 === 0 ? below : below + 1) / 10;
}

function exists(artifact: Artifact): boolean {
  return artifact.status === 'exists' || artifact.status === 'outdated';
}

function coverageByTarget(generation: readonly Artifact[], targets: readonly Target[]): readonly TargetCoverage[] {
  const namespaces = new Map(targets.map(({ name, namespace }) => [name, namespace]));
  return [...Map.groupBy(generation, (artifact) => artifact.target)].map(([target, own]) => {
    const required = own.filter((artifact) => artifact.priority === 'required');
    const existingCount = required.filter(exists).length;
    return {
      target,
      namespace: own.find((artifact) => artifact.namespace)?.namespace ?? (namespaces.get(target) || 'default'),
      requiredCount: required.length,
      existingCount,
      coveragePercent: percentOf(existingCount, required.length),
      gaps: required.filter((artifact) => artifact.status === 'needed').map((artifact) => artifact.id),
    };
  });
}

function neededByType(generation: readonly Artifact[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { status, type } of generation) if (status === 'needed') counts.set(type, (counts.get(type) ?? 0) + 1);
  return Object.fromEntries(counts);
}

import type { Artifact } from '../contract/contract.ts';
import { percentOf } from '../contract/coverage.ts';
import type { Entry, Report } from './report.ts';

/** How much of what is required stands, for one population. `missing` counts everything needed, required or not. */
export interface Tally {
  readonly required: number;
  readonly existing: number;
  readonly coverage: number;
  readonly missing: number;
}

export interface TargetRow extends Tally {
  readonly manifest: string;
  readonly target: string;
  readonly namespace: string;
  /** Types needed and required; ids where only the coverage is known. */
  readonly missingRequired: readonly string[];
  readonly missingOther: readonly string[];
}

/** The same numbers cut four ways, for tables. */
export interface Breakdown {
  readonly byManifest: readonly (Tally & { readonly entry: Entry })[];
  readonly byTarget: readonly TargetRow[];
  /** In order of first appearance. */
  readonly byType: readonly (Tally & { readonly type: string })[];
  /** Gravest first; manifests that name none are under `not set`. */
  readonly byCriticality: readonly (Tally & { readonly criticality: string; readonly manifests: number })[];
  readonly gaps: readonly { readonly manifest: string; readonly artifact: Artifact }[];
}

export function breakDown(report: Report): Breakdown {
  const artifacts = report.entries.flatMap((entry) => entry.artifacts);
  return {
    byManifest: report.entries.map((entry) => ({ entry, ...tallyEntries([entry]) })),
    byTarget: report.entries.flatMap(targetRows),
    byType: [...Map.groupBy(artifacts, (artifact) => artifact.type)].map(([type, alike]) => ({ type, ...tallyArtifacts(alike) })),
    byCriticality: criticalityRows(report.entries),
    gaps: report.entries.flatMap((entry) => entry.artifacts.filter(isNeeded).map((artifact) => ({ manifest: entry.manifest, artifact }))),
  };
}

const GRAVEST_FIRST = ['critical', 'high', 'medium', 'low', 'not set'] as const;

function criticalityRows(entries: readonly Entry[]): Breakdown['byCriticality'] {
  const groups = Map.groupBy(
    entries.filter((entry) => entry.coverage !== undefined),
    (entry) => entry.criticality ?? 'not set',
  );
  return GRAVEST_FIRST.flatMap((criticality) => {
    const alike = groups.get(criticality);
    return alike === undefined ? [] : [{ criticality, manifests: alike.length, ...tallyEntries(alike) }];
  });
}

function tallyEntries(entries: readonly Entry[]): Tally {
  let [required, existing, missing] = [0, 0, 0];
  for (const { coverage } of entries) {
    required += coverage?.totalRequired ?? 0;
    existing += coverage?.totalExisting ?? 0;
    missing += coverage?.gaps.length ?? 0;
  }
  return { required, existing, coverage: percentOf(existing, required), missing };
}

function tallyArtifacts(artifacts: readonly Artifact[]): Tally {
  const required = artifacts.filter(isRequired);
  const existing = required.filter((artifact) => artifact.status === 'exists' || artifact.status === 'outdated').length;
  return {
    required: required.length,
    existing,
    coverage: percentOf(existing, required.length),
    missing: artifacts.filter(isNeeded).length,
  };
}

function targetRows(entry: Entry): readonly TargetRow[] {
  const needed = Map.groupBy(entry.artifacts.filter(isNeeded), (artifact) => artifact.target);
  return (entry.coverage?.byTarget ?? []).map((row) => {
    const own = needed.get(row.target) ?? [];
    const missingRequired = own.length === 0 ? row.gaps : own.filter(isRequired).map((artifact) => artifact.type);
    const missingOther = own.filter((artifact) => !isRequired(artifact)).map((artifact) => artifact.type);
    return {
      manifest: entry.manifest,
      target: row.target,
      namespace: row.namespace,
      required: row.requiredCount,
      existing: row.existingCount,
      coverage: row.coveragePercent,
      missing: missingRequired.length + missingOther.length,
      missingRequired,
      missingOther,
    };
  });
}

function isNeeded(artifact: Artifact): boolean {
  return artifact.status === 'needed';
}

function isRequired(artifact: Artifact): boolean {
  return artifact.priority === 'required';
}

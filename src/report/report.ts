import type { Artifact, Coverage, Notice, Profile } from '../contract/contract.ts';
import type { GateResult } from '../gatekeeper/gate.ts';
import type { Verdict } from '../gatekeeper/verdict.ts';
import type { Criticality, Fault, ManifestVersion } from '../manifest/manifest.ts';
import type { Plan } from '../plan/plan.ts';
import type { Emission } from '../telemetry/emission.ts';

/** What one manifest led to. Everything after a fault is absent. */
export interface Entry {
  /** Workspace-relative path of the manifest, as the reader would open it. */
  readonly manifest: string;
  readonly version: ManifestVersion;
  readonly projectId?: string;
  readonly profile?: Profile;
  /** How critical the manifest calls its project; an audit adds up by it. */
  readonly criticality?: Criticality;
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  readonly notices: readonly Notice[];
  readonly artifacts: readonly Artifact[];
  readonly coverage?: Coverage;
  /** The same before this change, where there is something to compare with. */
  readonly before?: { readonly commit: string; readonly totalRequired: number; readonly totalExisting: number };
  readonly plan?: Plan;
  readonly gates: readonly GateResult[];
  readonly questions: readonly QuestionAnswer[];
  readonly emission: Emission;
  /** Directory of the export relative to the workspace where it lies inside, else as given; absent when nothing was written. */
  readonly exportDir?: string;
  /** File names inside `exportDir`, sorted. */
  readonly files: readonly string[];
}

/** One of the Three Questions, answered (gates.md §3). */
export interface QuestionAnswer {
  readonly number: 1 | 2 | 3;
  readonly title: string;
  readonly layer: string;
  readonly status: 'pass' | 'fail' | 'skipped' | 'not_reached';
  readonly recommendation: string;
  readonly checks: readonly QuestionCheck[];
}

export interface QuestionCheck {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
  readonly severity: 'error' | 'warning' | 'info';
  /** Plain gate key when the check refers to a Gate 1 result. */
  readonly gate?: string;
}

/** The one value reporters see. */
export interface Report {
  readonly tool: { readonly name: 'export-tasks'; readonly version: string };
  readonly mode: 'run' | 'check' | 'audit';
  /** UTC, RFC 3339. */
  readonly generatedAt: string;
  readonly verdict: Verdict;
  readonly entries: readonly Entry[];
  /** Sum over entries. */
  readonly emission: Pick<Emission, 'state' | 'reason' | 'drafted' | 'sent' | 'spooled' | 'lost'> & {
    readonly traceIds: readonly string[];
  };
  readonly coverage?: {
    readonly totalRequired: number;
    readonly totalExisting: number;
    readonly overallCoverage: number;
    readonly gaps: number;
    readonly minimum?: number;
    /** `overallCoverage` before this change; absent unless every manifest has a base. */
    readonly before?: number;
  };
  /** What could not be done and which channel took over; one sentence each. */
  readonly losses: readonly string[];
}

/** A function from one value to text. The verdict does not depend on which reporter runs. */
export interface Reporter {
  readonly name: string;
  readonly describes: string;
  readonly render: (report: Report) => string;
}

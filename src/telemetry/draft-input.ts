import type { ArtifactType, Contract } from '../contract/contract.ts';
import type { GateResult, Phase } from '../gatekeeper/gate.ts';
import type { Ids } from '../host/world.ts';
import type { Plan } from '../plan/plan.ts';
import { A } from './attributes.ts';
import type { AttributeValue } from './draft.ts';
import { nanos, SHORTEST } from './nanos.ts';
import type { TracePlacement } from './trace-context.ts';
import { text } from './values.ts';

/** One phase of the run that had work: when it began and how long it took. */
export interface StageRecord {
  readonly phase: Phase;
  readonly startedAt: Date;
  /** Milliseconds, fractions kept; 0 under a fixed clock. */
  readonly durationMs: number;
  /** Artifacts the stage produced. */
  readonly artifacts?: number;
  /** Files the stage wrote. */
  readonly files?: number;
}

export interface Checksums {
  readonly source?: string;
  readonly artifactManifest?: string;
  readonly projectContext?: string;
}

/** Where the run stands: what the door knows about change, pipeline and trace. */
export interface RunContext {
  /** `proposed` for a pull request or merge group, `accepted` for the default branch and audits. */
  readonly scope: 'proposed' | 'accepted';
  /** Number of the pull request. */
  readonly changeId?: string;
  readonly placement: TracePlacement;
  /** `cicd.*` and `vcs.*` attributes of the run. What the registry does not know is left out. */
  readonly resource?: Readonly<Record<string, string>>;
  /** The value of OTEL_RESOURCE_ATTRIBUTES. It adds; it never overrides what is ours. */
  readonly resourceAttributes?: string;
  /** The epic of the previous export of this project, when it is known. */
  readonly supersedes?: { readonly traceId: string; readonly spanId: string };
}

/** Everything a trace is drafted from. */
export interface DraftInput {
  readonly plan: Plan;
  readonly contract: Contract;
  /** The shelf, for expected output and parameter sources. */
  readonly types: readonly ArtifactType[];
  readonly gates: readonly GateResult[];
  readonly stages: readonly StageRecord[];
  readonly checksums: Checksums;
  readonly context: RunContext;
  readonly ids: Ids;
  /** When the trace is drafted: start and end of the tasks, end of the epic. */
  readonly now: Date;
  /** Version of Export Tasks. */
  readonly version: string;
  /** Spans one trace may hold before it is split; 2,000 when absent. */
  readonly traceLimit?: number;
}

/** What stages are drafted from. It is less than a run has, since gates also judge exports whose plan nobody knows. */
export interface StageInput {
  readonly plan: { readonly projectId: string; readonly epic: { readonly taskId: string } };
  readonly contract: { readonly coverage: { readonly overallCoverage?: number; readonly gaps?: readonly string[] } };
  readonly gates: readonly GateResult[];
  readonly stages: readonly StageRecord[];
  readonly checksums: Checksums;
}

/** The part of a draft that a stage reads. */
export interface StageDraft extends Pick<Draft, 'now' | 'types' | 'timestamp' | 'shared' | 'warnings'> {
  readonly input: StageInput;
}

/** What every part of the draft reads, prepared once. */
export interface Draft {
  readonly input: DraftInput;
  /** Nanoseconds since the epoch. */
  readonly now: bigint;
  /** The end of what begins now and takes no time. */
  readonly end: bigint;
  readonly types: ReadonlyMap<string, ArtifactType>;
  /** The same moment, RFC 3339. */
  readonly timestamp: string;
  /** What every span carries beside its own attributes (tasks.md §4.1, design.md, The trace). */
  readonly shared: Readonly<Record<string, AttributeValue>>;
  /** Grows while drafting: contracts of ours that do not hold. The spans carry them as events. */
  readonly warnings: string[];
}

export function startDraft(input: DraftInput): Draft {
  return {
    input,
    now: nanos(input.now),
    end: nanos(input.now) + SHORTEST,
    timestamp: input.now.toISOString(),
    types: new Map(input.types.map((type) => [type.type, type])),
    shared: sharedAttributes(input.plan.projectId, 'export', input.context),
    warnings: [],
  };
}

/** What every span says of itself: whose it is, which command made it, and whether it speaks of a change or of what was agreed on. */
export function sharedAttributes(projectId: string, source: string, { scope, changeId }: RunContext): Draft['shared'] {
  return {
    [A.projectId]: projectId,
    [A.taskSource]: source,
    [A.exportScope]: scope,
    ...(changeId ? { [A.vcsChangeId]: text(changeId) } : {}),
  };
}

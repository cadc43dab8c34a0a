import type { WeakenedPromise } from '../contract/compare-promises.ts';
import type { ArtifactStatus, Coverage, Priority, ValidationError } from '../contract/contract.ts';
import type { ClosedFile, Contradiction, Remark } from '../contract/inspection.ts';
import type { Place } from '../host/place.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Waiver } from '../manifest/policy.ts';

/** Whether a change made a finding, was made on top of it, or settled it. */
export type FindingState = 'new' | 'known' | 'mended';

/** What a run knows of the user's own artifacts: those the manifest obliges to, and the files that stand for them. */
export interface WorkFacts {
  readonly manifest: Manifest;
  readonly artifacts: readonly WorkArtifact[];
  readonly coverage: Coverage;
  /** What the coverage is compared with. */
  readonly coveragePolicy: 'ratchet' | 'absolute' | 'off';
  /** Percent, 0–100. */
  readonly minCoverage?: number;
  /** Absent where there is nothing to compare with: then nothing is caused by this change. */
  readonly base?: BaseFacts;
  /** Files of several artifacts that could not be read, so that nobody knows whose they hold. */
  readonly closed?: readonly ClosedFile[];
  readonly waivers: readonly KnownWaiver[];
  /** UTC, `YYYY-MM-DD`. */
  readonly today: string;
}

/** One artifact as the manifest makes it and as its file shows it. */
export interface WorkArtifact {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly target: string;
  readonly priority: Priority;
  readonly status: ArtifactStatus;
  /** The line of the manifest that makes it owed. */
  readonly place: Place;
  /** Of its file, when one was found. */
  readonly path?: string;
  readonly faults: readonly ValidationError[];
  readonly contradictions: readonly (Contradiction & { readonly manifest: Place })[];
  readonly remarks?: readonly Remark[];
}

/** The same before the change. */
export interface BaseFacts {
  readonly commit: string;
  readonly manifest: Manifest;
  readonly targets: ReadonlySet<string>;
  readonly artifacts: ReadonlyMap<string, WorkArtifact>;
  readonly coverage: Coverage;
  /** Paths of the files that could not be read then either. */
  readonly closed?: ReadonlySet<string>;
  readonly weakened: readonly WeakenedPromise[];
}

/** A waiver of the policy, and whether it counts here. */
export interface KnownWaiver extends Waiver {
  /** This change adds it. */
  readonly added: boolean;
  /** False for one that the change of another repository adds: it counts from the merge on. */
  readonly counts: boolean;
}

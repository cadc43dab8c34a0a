import type { Place } from '../host/place.ts';
import type { Level, Waived } from './gate.ts';

/** One fault as the report tells it: a code, a level, a sentence, a place. */
export interface Finding {
  /** `manifest/unknown-key`, `checksum-chain/checksum_mismatch`, `question-1/artifact-manifest-populated`. */
  readonly code: string;
  readonly source: 'manifest' | 'policy' | 'gate';
  /** Gate key, when a gate found it. */
  readonly gate?: string;
  readonly level: Level | 'notice';
  readonly message: string;
  readonly nextAction?: string;
  readonly excerpt?: string;
  readonly artifact?: string;
  readonly place?: Place;
  /** Whether this change made it; absent where that is not known. */
  readonly state?: 'new' | 'known';
  /** Accepted by a waiver: a notice, whatever it was before. */
  readonly waived?: Waived & { readonly level: Level };
  /** A reader should see it before anything else. */
  readonly first?: boolean;
}

export const FAIL_ON = ['critical', 'error', 'warning', 'never'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** "A finding exists" (`verdict`) and "the step fails" (`fails`) are separate facts (design.md, Gates and verdict). */
export interface Verdict {
  readonly verdict: 'pass' | 'warn' | 'block';
  readonly failOn: FailOn;
  readonly fails: boolean;
  readonly counts: Readonly<Record<Level | 'notice', number>>;
  /** Ranked: critical first, then by file and line. */
  readonly findings: readonly Finding[];
  /** What this change settled, as notices; absent without a base to compare with. */
  readonly mended?: readonly Finding[];
  /** How many findings a waiver keeps from counting; absent when none. */
  readonly waived?: number;
  /** Only what this change caused counts for `fails`. */
  readonly onlyNew?: boolean;
}

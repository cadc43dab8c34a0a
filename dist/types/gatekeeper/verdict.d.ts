import type { Place } from '../host/place.js';
import type { Level } from './gate.js';
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
}
export declare const FAIL_ON: readonly ['critical', 'error', 'warning', 'never'];
export type FailOn = (typeof FAIL_ON)[number];
/** "A finding exists" (`verdict`) and "the step fails" (`fails`) are separate facts (design.md, Gates and verdict). */
export interface Verdict {
    readonly verdict: 'pass' | 'warn' | 'block';
    readonly failOn: FailOn;
    readonly fails: boolean;
    readonly counts: Readonly<Record<Level | 'notice', number>>;
    /** Ranked: critical first, then by file and line. */
    readonly findings: readonly Finding[];
}

import { type JsonValue } from '../host/json.js';
import type { Gate, GateResult, Judgement, Phase } from './gate.js';
/** A gate that judges what it is handed rather than an export: everything about it but how it judges. */
export type GateCard = Omit<Gate, 'judge'>;
/** For whom and when a gate of the library is asked (gates.md §4). */
export interface GateOccasion {
    readonly gateId: string;
    readonly taskId: string;
    readonly traceId?: string;
    /** Where it is not the gate's own. */
    readonly phase?: Phase;
    /** False lowers a failure to one that stops nothing. */
    readonly blocking?: boolean;
    /** UTC, RFC 3339. */
    readonly checkedAt: string;
}
/** The result of a judgement under the id the caller chose. */
export declare function libraryResult(card: GateCard, judgement: Judgement, occasion: GateOccasion): GateResult;
/** What came of several gates; true answers for none asked (gates.md §4). Skipped gates are counted apart: they neither passed nor failed. */
export interface GateSummary {
    readonly total_gates: number;
    readonly passed: number;
    readonly failed: number;
    readonly skipped: number;
    readonly blocking_failures: number;
    readonly all_passed: boolean;
    readonly gate_ids: readonly string[];
}
export declare function summariseGates(results: readonly GateResult[]): GateSummary;
/** Asks whether every expected checksum is there and the same. Labels that nobody expects are ignored. */
export declare function checkChecksums(expected: ReadonlyMap<string, string>, actual: ReadonlyMap<string, string>, occasion: GateOccasion): GateResult;
/** Asks whether every artifact has a task; a task without a name is none (G-26). */
export declare function checkMapping(artifactIds: readonly string[], taskMapping: ReadonlyMap<string, string>, occasion: GateOccasion): GateResult;
/** Asks whether gaps and features are the same ids. */
export declare function checkGapParity(gapIds: readonly string[], featureIds: readonly string[], occasion: GateOccasion): GateResult;
export declare const SINGLE_GATES: readonly ['checksum', 'mapping', 'gap-parity'];
export type SingleGateName = (typeof SINGLE_GATES)[number];
export type SingleGateOutcome = {
    readonly ok: true;
    readonly result: GateResult;
} | {
    readonly ok: false;
    readonly message: string;
};
/** Asks one gate of the library about a JSON document. A key that is missing or no list or mapping of texts is the caller's mistake and no vacuous pass (G-21). */
export declare function runSingleGate(name: SingleGateName, document: JsonValue, occasion: GateOccasion): SingleGateOutcome;

import type { ContractName, ErrorEnvelope, PayloadReport } from './payload-report.js';
export type Direction = 'outbound' | 'inbound';
/** A payload that does not hold was stopped (gates.md §5). One JSON object a line is what a log query can find (G-22). */
export interface BoundaryFailure {
    readonly event_type: `handoff.validation.${Direction}.failed`;
    readonly contract_name: ContractName;
    readonly direction: Direction;
    readonly error_count: number;
    readonly errors: readonly ErrorEnvelope[];
    /** UTC, RFC 3339. */
    readonly timestamp: string;
}
/** A payload that holds has left, or has come in (D002). What identifies a hand-off is told where the payload is one. */
export interface BoundaryPassage {
    readonly event_type: 'handoff.emitted' | 'handoff.validated';
    readonly contract_name: ContractName;
    readonly direction: Direction;
    readonly handoff?: {
        readonly id: string;
        readonly from: string;
        readonly to: string;
        readonly capability_id: string;
    };
    readonly timestamp: string;
}
export type BoundaryEvent = BoundaryFailure | BoundaryPassage;
/** Who hears of what crosses, and what time it is. */
export interface Boundary {
    readonly now: Date;
    readonly emit: (event: BoundaryEvent) => void;
}
/** A payload was stopped at the boundary. The message sums up the first three errors and counts the rest. */
export declare class BoundaryEnforcementError extends Error {
    readonly name = "BoundaryEnforcementError";
    readonly direction: Direction;
    readonly contract_name: ContractName;
    readonly report: PayloadReport;
    constructor(direction: Direction, report: PayloadReport);
}
/** The same payload, when it may leave. @throws BoundaryEnforcementError after the failure event was emitted. */
export declare function validateOutbound<Payload>(name: ContractName, payload: Payload, boundary: Boundary): Payload;
/** The same payload, when it may come in. @throws BoundaryEnforcementError after the failure event was emitted. */
export declare function validateInbound<Payload>(name: ContractName, payload: Payload, boundary: Boundary): Payload;
/** What the event says on a span: its name is `event_type`; of the errors the first three, codes and paths only. */
export declare function boundaryAttributes(event: BoundaryEvent): Readonly<Record<string, string | number>>;

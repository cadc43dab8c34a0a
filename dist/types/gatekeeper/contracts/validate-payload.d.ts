import { type PayloadReport } from './payload-report.js';
/**
 * Judges a payload by one of the four contracts (gates.md §1.6): every fault at once, each at the path of the field itself, and one for each unknown key (G-18).
 * Nothing is coerced and nothing filled in.
 * @throws RangeError for a name that is no contract's: that is a mistake of the program.
 */
export declare function validatePayload(name: string, payload: unknown): PayloadReport;

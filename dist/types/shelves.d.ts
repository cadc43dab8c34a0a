import type { ArtifactType } from './contract/contract.js';
import type { Gate } from './gatekeeper/gate.js';
/** The members a run works with. A library user may hand in more, or other ones. */
export interface Shelves {
    /** In generation order. */
    readonly types: readonly ArtifactType[];
    /** Pipeline integrity, judged first. */
    readonly gate1: readonly Gate[];
    /** The Three Questions, which refer to Gate 1's answers. */
    readonly questions: readonly Gate[];
    /** Gates about the user's artifacts. */
    readonly ours: readonly Gate[];
}
export declare const shelves: Shelves;

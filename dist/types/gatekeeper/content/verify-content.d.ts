import type { GateResult } from '../gate.js';
import { type GateOccasion, type GateSummary } from '../single-gate.js';
import type { SourceTree } from './source-tree.js';
/** What the sources are held to. What is not given is not asked, but for placeholders. */
export interface ContentExpectations {
    readonly placeholders?: {
        readonly extraPatterns: readonly string[];
    };
    /** Path of the schema, relative to the tree. */
    readonly proto?: string;
    /** Path of the list of dependencies, relative to the tree. */
    readonly dependencies?: string;
    /** `http`, `grpc` or `grpc-web`. */
    readonly protocol?: string;
}
export interface ContentVerdict {
    readonly results: readonly GateResult[];
    readonly summary: GateSummary;
}
/** Asks the content gates about one tree of sources (gates.md §6). Their ids are `content-verify-placeholders` and so on. */
export declare function verifyContent(tree: SourceTree, expected: ContentExpectations, occasion: Omit<GateOccasion, 'gateId'>): ContentVerdict;

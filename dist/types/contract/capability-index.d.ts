import { type JsonObject } from '../host/json.js';
import type { Contract } from './contract.js';
/** What the product reads of `docs/capability-index/contextcore.agent.yaml` (export.md §18). */
export interface CapabilityIndex {
    /** As text; empty when the index states none. */
    readonly version: string;
    readonly capabilities: readonly {
        readonly id: string;
        readonly triggers: readonly string[];
    }[];
    readonly principles: readonly {
        readonly id: string;
        readonly principle: string;
        readonly antiPatterns: readonly string[];
        readonly appliesTo: readonly string[];
    }[];
    readonly patterns: readonly {
        readonly id: string;
        readonly name: string;
        readonly capabilities: readonly string[];
    }[];
}
/**
 * Reads a parsed index. Undefined when there is nothing to use: no mapping, or neither capabilities nor principles. Entries without an id are passed over.
 * `written` is the version as the file has it: of `1.0` the number alone would say 1.
 */
export declare function readCapabilityIndex(value: unknown, written?: string): CapabilityIndex | undefined;
/** Onboarding `capability_context`: what of the index bears on the artifacts of this contract. Undefined without an index. */
export declare function capabilityContext(contract: Contract): JsonObject | undefined;
/** Onboarding `guidance.design_principles`; undefined when no principle applies. */
export declare function designPrinciples(contract: Contract): readonly JsonObject[] | undefined;
/** Metric names that the index promises: capabilities of the two known families whose triggers speak of metrics, cost, tokens or usage. */
export declare function discoveredMetrics(index: CapabilityIndex): readonly string[];

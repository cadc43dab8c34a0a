import type { Place } from '../host/place.js';
import type { Fault, Locate, ManifestSource } from './manifest.js';
/** How a failed gate counts: not at all, or at this level whatever the gate says itself. */
export type GateLevel = 'off' | 'warning' | 'error' | 'critical';
/** A finding that is accepted until a day. It counts as shown and never as hidden; the gate `waivers` judges whether it is alive. */
export interface Waiver {
    readonly gate: string;
    readonly artifact: string;
    readonly reason: string;
    readonly owner: string;
    /** Last day on which it holds, `YYYY-MM-DD`. */
    readonly expires: string;
    readonly place: Place;
}
/** Where artifacts of a type are found, and for which target: `{target}` in the path, the target or a label of each rule in the file. */
export interface ArtifactRule {
    readonly type: string;
    /** Glob relative to the scanned tree, `/` separators, never out of it. */
    readonly path: string;
    readonly target?: string;
    /** For a file that holds several: whose value is the target, or the name around `{target}`. Exactly one is given. */
    readonly match?: {
        readonly label?: string;
        readonly name?: string;
        readonly annotation?: string;
    };
    readonly place: Place;
}
/** A gate of the user's own, without code. */
export interface CustomGate {
    /** The gate's key; none of ours. */
    readonly name: string;
    readonly level: 'warning' | 'error' | 'critical';
    /** CEL over the subject; true where all is well. */
    readonly expr: string;
    readonly message: string;
    /** Of the expression. */
    readonly place: Place;
}
/** The quality policy of a repository (spec/manifest.md §15, grown by design.md "Policy"). Every key that has a default is there. */
export interface Policy {
    /** Absent when the file does not say; strict quality is off then. */
    readonly strictQualityDefault?: boolean;
    readonly deterministicOutputDefault: boolean;
    readonly emitQualityReportDefault: boolean;
    readonly emitRunProvenanceDefault: boolean;
    readonly documentWriteStrategyDefault: 'update_existing' | 'new_output';
    /** The CI rule holds only when the file asks for it. */
    readonly forbidNoStrictQualityInCi: boolean;
    readonly ciBootstrapEnvVar: string;
    /** Percent by environment. */
    readonly coverageThresholdsByEnv: ReadonlyMap<string, number>;
    readonly defaultEnvironment: string;
    readonly scanPathAllowlist: readonly string[];
    /** A pin that is absent pins nothing. */
    readonly schemaPins: {
        readonly manifestApiVersion?: string;
        readonly onboardingSchema?: string;
        readonly validationSchema?: string;
        readonly schemaVersion?: string;
    };
    readonly gates: ReadonlyMap<string, GateLevel>;
    readonly waivers: readonly Waiver[];
    readonly artifacts: readonly ArtifactRule[];
    readonly customGates: readonly CustomGate[];
    readonly coveragePolicy?: 'ratchet' | 'absolute' | 'off';
    /** Percent, 0 to 100. */
    readonly minCoverage?: number;
}
/** The outcome of reading a policy: the value, or every fault at once. */
export type ParsedPolicy = {
    readonly ok: true;
    readonly policy: Policy;
    readonly locate: Locate;
    readonly warnings: readonly Fault[];
    readonly source: ManifestSource;
} | {
    readonly ok: false;
    readonly faults: readonly Fault[];
    readonly warnings: readonly Fault[];
    readonly source: ManifestSource;
};
/** Names that a policy may use, where the caller knows them; a name outside the list is a fault with a suggestion. */
export interface KnownNames {
    readonly gates?: readonly string[];
    readonly artifactTypes?: readonly string[];
}
/** What holds where no policy file says otherwise. */
export declare const DEFAULT_POLICY: Policy;
/**
 * Reads a quality policy, `.contextcore-quality.yaml`. A key it does not know, a wrong type and a file that is no YAML are faults, since a misspelt level must not be
 * a silent default. An empty file is the default policy. Bounded like a manifest; never throws. `path` names the file in places.
 */
export declare function parsePolicy(bytes: Uint8Array, path: string, known?: KnownNames): ParsedPolicy;

import type { JsonObject, JsonValue } from '../host/json.js';
import type { Place } from '../host/place.js';
import type { Criticality, Manifest, Target } from '../manifest/manifest.js';
import type { CapabilityIndex } from './capability-index.js';
export type Priority = 'required' | 'recommended' | 'optional';
export type ArtifactStatus = 'needed' | 'exists' | 'outdated' | 'skipped';
export declare const PROFILES: readonly ['source', 'monitoring', 'operator', 'sponsor', 'practitioner', 'observability', 'full'];
export type Profile = (typeof PROFILES)[number];
/** How one property of an artifact follows from the manifest (export.md §8.2). */
export interface Derivation {
    readonly property: string;
    readonly sourceField: string;
    readonly transformation: string;
    readonly rationale?: string;
}
/** One parameter a type takes: its key, the reference's source string (export.md §15.2), and the default where the manifest may be silent. */
export interface ParameterSpec {
    readonly key: string;
    readonly source: string;
    /** Dotted manifest path of the field, for places; absent where the source is no manifest field. */
    readonly field?: string;
    readonly default?: string;
}
/** What a type sees of the manifest when it derives an artifact. */
export interface TypeInput {
    readonly manifest: Manifest;
    /** Whose artifact it is: the target's name, or the project id. */
    readonly subject: string;
    /** Absent for a project-level artifact. */
    readonly target?: Target;
    readonly criticality: Criticality;
    /** P1…P4. */
    readonly severity: string;
}
export type ProfileGroup = 'source' | 'monitoring' | 'operator' | 'stakeholder' | 'always';
/** Everything there is to know of one kind of artifact. One object, one file, on the shelf `artifacts/`. */
export interface ArtifactType {
    /** Enum value, e.g. `prometheus_rule`. */
    readonly type: string;
    readonly group: ProfileGroup;
    readonly output: {
        readonly ext: string;
        /** Template with `{target}` or `{output_dir}`. */
        readonly path: string;
        readonly description: string;
        readonly schemaUrl: string;
        readonly examplePath: string;
        readonly exampleSnippet: string;
    };
    readonly parameters: readonly ParameterSpec[];
    readonly expected: {
        readonly depth: 'brief' | 'standard' | 'comprehensive' | 'standard-comprehensive';
        readonly maxLines: number;
        readonly maxTokens: number;
        readonly markers: readonly string[];
        readonly redFlag: string;
        readonly editMinPct: number;
    };
    /** Pipeline-innate requirement hint (export.md §15.5), where one names this type. */
    readonly requirement?: {
        readonly id: string;
        readonly labels: readonly string[];
        readonly priority: string;
        readonly anchors: readonly string[];
    };
    /** Absent for the catalogue types that a manifest never generates. */
    readonly generate?: {
        readonly scope: 'target' | 'project';
        /** The id's end, e.g. `prometheus-rules`. */
        readonly suffix: string;
        /** `checkout-api` → `checkout-api Service Dashboard`. */
        readonly title: (subject: string) => string;
        readonly priority: Readonly<Record<Criticality, Priority>>;
        /** Suffixes of the same target's artifacts that must come first. */
        readonly dependsOn: readonly string[];
        readonly derive: (input: TypeInput) => {
            readonly derivedFrom: readonly Derivation[];
            readonly parameters: Readonly<Record<string, JsonValue>>;
        };
        /** File-name globs by which an existing artifact is found, `{target}` standing for the target's name. */
        readonly conventions: readonly string[];
    };
}
/** One fault inside an existing artifact's file. */
export interface ValidationError {
    readonly place: Place;
    readonly message: string;
}
/** One thing to be made for one target (export.md §7). */
export interface Artifact {
    readonly id: string;
    readonly type: string;
    readonly name: string;
    readonly target: string;
    /** The target's own namespace; absent when it has none and for project-level artifacts. */
    readonly namespace?: string;
    readonly scope: 'target' | 'project';
    readonly priority: Priority;
    readonly status: ArtifactStatus;
    readonly derivedFrom: readonly Derivation[];
    /** Null where the manifest is silent and no default exists. */
    readonly parameters: Readonly<Record<string, JsonValue>>;
    /** Keys of `parameters` that hold the product's default because the manifest is silent. */
    readonly defaulted: readonly string[];
    readonly dependsOn: readonly string[];
    /** Relative to the workspace; set when status is `exists` or `outdated`, or when a broken file was found. */
    readonly existingPath?: string;
    readonly validationErrors: readonly ValidationError[];
    /** The line of the manifest that makes this artifact owed: the target's name, or the project id. */
    readonly place: Place;
}
export interface TargetCoverage {
    readonly target: string;
    readonly namespace: string;
    readonly requiredCount: number;
    readonly existingCount: number;
    readonly coveragePercent: number;
    /** Needed and required. */
    readonly gaps: readonly string[];
}
/** Numbers over one population: what is required (design.md, deviations). Percentages 0–100 with one decimal, half to even. */
export interface Coverage {
    readonly totalRequired: number;
    readonly totalExisting: number;
    readonly totalOutdated: number;
    readonly overallCoverage: number;
    /** In generation order. */
    readonly byTarget: readonly TargetCoverage[];
    /** Type → artifacts needed, any priority; types with none absent; generation order. */
    readonly byType: Readonly<Record<string, number>>;
    /** Ids of everything needed, any priority, artifact order. */
    readonly gaps: readonly string[];
    /** Ids needed and required, artifact order. */
    readonly requiredGaps: readonly string[];
}
/** Something worth telling that stops nothing. */
export interface Notice {
    readonly code: string;
    readonly message: string;
    readonly place?: Place;
}
/** Auxiliary inputs of the export, already read and checked (export.md §13). */
export interface AuxiliaryInputs {
    /** Artifact id → task id, verbatim. */
    readonly taskMapping?: JsonObject;
    readonly serviceMetadata?: JsonObject;
    readonly capabilityIndex?: JsonObject;
}
/** What the manifest obliges: artifacts with parameters, derivations, dependencies; and how much of it stands. */
export interface Contract {
    readonly manifest: Manifest;
    readonly projectId: string;
    readonly criticality: Criticality;
    readonly profile: Profile;
    /** Profile-filtered, sorted by id unless generation order was asked for. `dependsOn` pruned to what is here. */
    readonly artifacts: readonly Artifact[];
    readonly coverage: Coverage;
    readonly notices: readonly Notice[];
    /** Ids in generation order (export.md §8.1), which coverage follows; absent when `artifacts` has that order. */
    readonly generation?: readonly string[];
    /** The capability index beside the manifest, when there is a usable one. */
    readonly capabilityIndex?: CapabilityIndex;
}

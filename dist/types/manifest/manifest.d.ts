import type { JsonObject } from '../host/json.js';
import type { Place } from '../host/place.js';
/**
 * A validated manifest in its v2 shape (spec/manifest.md §5–§7): camelCase keys, normalised values, unknown keys gone, v1.1 already migrated.
 * An optional key is absent when the document leaves it out or says null; lists with a default are always present.
 */
export interface Manifest {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: {
        readonly name: string;
        readonly owners: readonly Owner[];
        readonly changelog: readonly JsonObject[];
        readonly lastUpdated?: string;
        readonly links: Readonly<Record<string, string>>;
    };
    readonly spec: Spec;
    readonly strategy: Strategy;
    readonly guidance: Guidance;
    readonly insights: readonly JsonObject[];
    readonly state?: JsonObject;
}
export interface Owner {
    readonly team: string;
    readonly slack?: string;
    readonly email?: string;
    readonly oncall?: string;
}
export type Criticality = 'critical' | 'high' | 'medium' | 'low';
export interface Spec {
    readonly project: {
        readonly id: string;
        /** Read for the product (export.md E28); not part of the CRD. */
        readonly name?: string;
        readonly description?: string;
        readonly epic?: string;
        readonly tasks: readonly string[];
        readonly traceId?: string;
    };
    readonly design?: {
        readonly doc?: string;
        readonly adr?: string;
        readonly apiContract?: string;
        readonly diagrams: readonly string[];
    };
    readonly business?: {
        readonly criticality?: Criticality;
        readonly value?: string;
        readonly owner?: string;
        readonly costCenter?: string;
        readonly stakeholders: readonly string[];
    };
    readonly requirements?: Requirements;
    readonly risks: readonly Risk[];
    readonly targets: readonly Target[];
    readonly observability?: Observability;
    readonly security?: Security;
}
export interface Requirements {
    /** Percent as text without sign, e.g. `99.9`. */
    readonly availability?: string;
    /** Duration with unit, e.g. `200ms`. */
    readonly latencyP50?: string;
    readonly latencyP99?: string;
    readonly errorBudget?: string;
    readonly throughput?: string;
    readonly source?: string;
}
export interface Risk {
    readonly type: string;
    readonly description?: string;
    readonly priority?: string;
    readonly mitigation?: string;
    readonly controls: readonly string[];
}
export interface Target {
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string;
}
export interface Observability {
    readonly traceSampling?: number;
    readonly metricsInterval?: string;
    readonly logLevel?: string;
    readonly dashboardPlacement?: string;
    readonly alertChannels: readonly string[];
    readonly runbook?: string;
}
export interface Security {
    readonly sensitivity: string;
    readonly dataStores: readonly {
        readonly id: string;
        readonly type: string;
        readonly clientLibrary?: string;
        readonly credentialSource?: string;
        readonly sensitivity: string;
        readonly accessPolicy?: {
            readonly allowedPrincipals: readonly string[];
            readonly requiredRole?: string;
            readonly auditAccess: boolean;
        };
    }[];
}
export interface KeyResult {
    readonly metricKey: string;
    readonly unit: string;
    readonly target: number;
    readonly targetOperator?: string;
    readonly baseline?: number;
    readonly window?: string;
    readonly dataSource?: string;
}
export interface Strategy {
    readonly objectives: readonly {
        readonly id: string;
        readonly description: string;
        readonly keyResults: readonly KeyResult[];
        /** v1.1's deprecated texts, which migration keeps. */
        readonly metric?: string;
        readonly target?: string;
    }[];
    readonly tactics: readonly JsonObject[];
    readonly strategyGroups: readonly JsonObject[];
}
export interface Question {
    readonly id: string;
    readonly question: string;
    readonly status: 'open' | 'answered' | 'deferred';
    readonly priority: 'critical' | 'high' | 'medium' | 'low';
    readonly answer?: string;
    readonly answeredBy?: string;
    readonly answeredAt?: string;
}
export interface Guidance {
    readonly focus?: {
        readonly areas: readonly string[];
        readonly reason?: string;
        readonly until?: string;
    };
    readonly constraints: readonly {
        readonly id: string;
        readonly rule: string;
        readonly severity: string;
        readonly rationale?: string;
        readonly appliesTo: readonly string[];
    }[];
    readonly preferences: readonly {
        readonly id: string;
        readonly description: string;
        readonly example?: string;
    }[];
    readonly questions: readonly Question[];
}
/** One fault of a file that a user wrote: a closed code, where it stands, what was found, what would be right. */
export interface Fault {
    /** Stable kebab-case code, e.g. `unknown-key`, `wrong-type`, `duplicate-key`, `broken-reference`, `unsafe-name`. */
    readonly code: string;
    readonly severity: 'error' | 'warning';
    /** Dotted path, `spec.targets.0.kind`; empty for the document as a whole. */
    readonly path: string;
    readonly place: Place;
    /** One sentence: what was found and what would be right. May hold strangers' text, unescaped. */
    readonly message: string;
    readonly suggestion?: string;
    /** The line of the file and a caret line under it, joined by `\n`. */
    readonly excerpt?: string;
}
/** Finds the line of a dotted path of the manifest value (`spec.targets.0.name`), whatever the file's version and spelling; the nearest existing ancestor when the path is absent; line 1 when nothing is. */
export type Locate = (path: string) => Place;
export type ManifestVersion = 'v2' | 'v1.1' | 'unknown';
export interface ManifestSource {
    /** As given on the command line. */
    readonly path: string;
    /** SHA-256 of the bytes read, lower-case hex. */
    readonly sha256: string;
}
/** The outcome of reading a manifest: the value, or every fault at once. Warnings come either way. */
export type ParsedManifest = {
    readonly ok: true;
    readonly version: ManifestVersion;
    readonly manifest: Manifest;
    /** The document as written (YAML 1.2 core values), for `spec.service_communication_graph` and `spec.security` (export.md §13.3, §17). */
    readonly raw: JsonObject;
    readonly locate: Locate;
    readonly warnings: readonly Fault[];
    readonly source: ManifestSource;
} | {
    readonly ok: false;
    readonly version: ManifestVersion;
    readonly faults: readonly Fault[];
    readonly warnings: readonly Fault[];
    readonly source: ManifestSource;
};

import type { Profile } from './contract/contract.js';
import type { FailOn } from './gatekeeper/verdict.js';
import type { CiContext } from './host/github/ci-context.js';
import type { World } from './host/world.js';
import type { Report } from './report/report.js';
import { type Shelves } from './shelves.js';
import type { Protocol } from './telemetry/endpoint.js';
/** Everything a run is told (design.md, The action). Paths are relative to the world's root, or absolute. */
export interface RunSettings {
    readonly mode: 'run' | 'check' | 'audit';
    /** Paths or globs, as given. */
    readonly manifests: readonly string[];
    readonly ifNoManifest: 'error' | 'warn' | 'ignore';
    readonly outputDir: string;
    readonly exportDir?: string;
    readonly ingestionDir?: string;
    readonly artisanDir?: string;
    readonly projectId?: string;
    readonly namespace: string;
    readonly profile: Profile;
    /** The tree in which existing artifacts are looked for, or `off`. */
    readonly scanExisting: string;
    /** `artifact-id:path` each. */
    readonly existing: readonly string[];
    readonly taskMapping?: string;
    readonly serviceMetadata?: string;
    /** Absent: the policy's. */
    readonly coveragePolicy?: 'ratchet' | 'absolute' | 'off';
    /** Percent, 0–100. */
    readonly minCoverage?: number;
    readonly strictQuality?: boolean;
    /** The policy file, where it is not the nearest `.contextcore-quality.yaml`. */
    readonly config?: string;
    readonly emitTasks: 'auto' | 'true' | 'dry-run' | 'false';
    readonly otlpEndpoint?: string;
    readonly otlpHeaders?: string;
    /** Absent: what OTEL_EXPORTER_OTLP_PROTOCOL says, else `http/json`. */
    readonly otlpProtocol?: Protocol;
    readonly otlpTimeoutMs: number;
    readonly traceparent?: string;
    readonly tracePlacement: 'own' | 'github-receiver';
    readonly traceLimit: number;
    readonly failOn: FailOn;
    /** Only what this change caused counts for `failOn`. */
    readonly onlyNew?: boolean;
    /** What to compare with: `auto` (the base of the change), `off`, or a revision. */
    readonly baseline?: string;
    /** For the base of a change that the clone does not hold. */
    readonly githubToken?: string;
    /** Keep replaced files as `.bak`. */
    readonly backup: boolean;
    readonly format: 'yaml' | 'json';
    readonly ci?: CiContext;
}
export interface RunOutcome {
    readonly report: Report;
    readonly exitCode: 0 | 1 | 2;
    /** Absolute paths of files this run wrote that an artifact may carry. */
    readonly files: readonly string[];
    readonly previewPath?: string;
    readonly reportPath?: string;
    readonly exportDir?: string;
    /** W3C, of the first manifest's epic; for later steps. */
    readonly traceparent?: string;
    /** W3C: what was given in BAGGAGE, and what the first manifest's run adds to it. */
    readonly baggage?: string;
}
/**
 * The whole story: each manifest is exported, judged and emitted, then one verdict is reached and one report made of it.
 * Never throws for what a user, a file or a backend did; `exitCode` follows design.md, The command line.
 */
export declare function run(settings: RunSettings, world: World, shelves?: Shelves): Promise<RunOutcome>;

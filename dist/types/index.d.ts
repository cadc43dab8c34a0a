/**
 * Export Tasks as a library: the whole run, and the means to add an artifact type, a gate or a reporter of one's own.
 * @module
 */
export { defineArtifactType } from './contract/artifact-type.js';
export type * from './contract/contract.js';
export { isDependencyManifest, isDockerfile, isSource, type SourceFile, type SourceTree } from './gatekeeper/content/source-tree.js';
export { type ContentExpectations, type ContentVerdict, verifyContent } from './gatekeeper/content/verify-content.js';
export * from './gatekeeper/contracts/boundary.js';
export type * from './gatekeeper/contracts/fields.js';
export type * from './gatekeeper/contracts/payload-report.js';
export { validatePayload } from './gatekeeper/contracts/validate-payload.js';
export { defineGate } from './gatekeeper/define-gate.js';
export type * from './gatekeeper/gate.js';
export { checkChecksums, checkGapParity, checkMapping, type GateOccasion, type GateSummary, summariseGates, } from './gatekeeper/single-gate.js';
export type * from './gatekeeper/subject.js';
export type * from './gatekeeper/verdict.js';
export type { JsonObject, JsonValue } from './host/json.js';
export type { Place } from './host/place.js';
export { loadSourceTree } from './host/source-tree.js';
export { systemWorld } from './host/system-world.js';
export type { Clock, Ids, World } from './host/world.js';
export type * from './manifest/manifest.js';
export type * from './plan/plan.js';
export { defineReporter } from './report/define-reporter.js';
export type * from './report/report.js';
export { reporters } from './reporters/index.js';
export { type RunOutcome, type RunSettings, run } from './run.js';
export { type Shelves, shelves } from './shelves.js';
export { RUN_DEFAULTS } from './story/run-defaults.js';
export type * from './telemetry/emission.js';
export { version } from './version.js';

/**
 * Export Tasks as a library: the whole run, and the means to add an artifact type, a gate or a reporter of one's own.
 * @module
 */
export { defineArtifactType } from './contract/artifact-type.ts';
export type * from './contract/contract.ts';
export { isDependencyManifest, isDockerfile, isSource, type SourceFile, type SourceTree } from './gatekeeper/content/source-tree.ts';
export { type ContentExpectations, type ContentVerdict, verifyContent } from './gatekeeper/content/verify-content.ts';
export * from './gatekeeper/contracts/boundary.ts';
export type * from './gatekeeper/contracts/fields.ts';
export type * from './gatekeeper/contracts/payload-report.ts';
export { validatePayload } from './gatekeeper/contracts/validate-payload.ts';
export { defineGate } from './gatekeeper/define-gate.ts';
export type * from './gatekeeper/gate.ts';
export {
  checkChecksums,
  checkGapParity,
  checkMapping,
  type GateOccasion,
  type GateSummary,
  summariseGates,
} from './gatekeeper/single-gate.ts';
export type * from './gatekeeper/subject.ts';
export type * from './gatekeeper/verdict.ts';
export type { JsonObject, JsonValue } from './host/json.ts';
export type { Place } from './host/place.ts';
export { loadSourceTree } from './host/source-tree.ts';
export { systemWorld } from './host/system-world.ts';
export type { Clock, Ids, World } from './host/world.ts';
export type * from './manifest/manifest.ts';
export type * from './plan/plan.ts';
export { defineReporter } from './report/define-reporter.ts';
export type * from './report/report.ts';
export { reporters } from './reporters/index.ts';
export { type RunOutcome, type RunSettings, run } from './run.ts';
export { type Shelves, shelves } from './shelves.ts';
export { RUN_DEFAULTS } from './story/run-defaults.ts';
export type * from './telemetry/emission.ts';
export { version } from './version.ts';

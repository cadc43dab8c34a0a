import type { ArtifactType, AuxiliaryInputs, Contract } from '../contract/contract.ts';
import type { Fingerprint } from '../host/files.ts';
import type { GitFacts } from '../host/git.ts';
import type { JsonValue } from '../host/json.ts';
import type { ParsedManifest } from '../manifest/manifest.ts';
import type { Refusal } from './strictness.ts';
import type { StampZone } from './timestamp.ts';

export type ReadManifest = Extract<ParsedManifest, { ok: true }>;

/** What was asked of this export, after flags, policy and strict quality have had their say. Paths as given. */
export interface ExportSettings {
  /** Absolute. Paths in the files are told relative to it. */
  readonly root: string;
  readonly path: string;
  readonly outputDir: string;
  /** Of the project context. */
  readonly namespace: string;
  /** Of the artifact manifest. */
  readonly format: 'yaml' | 'json';
  readonly existing: readonly string[];
  readonly scanExisting?: string;
  readonly taskMapping?: string;
  readonly serviceMetadata?: string;
  readonly strict: boolean;
  readonly deterministic: boolean;
  readonly dryRun: boolean;
  readonly emitProvenance: boolean;
  readonly embedProvenance: boolean;
  readonly emitOnboarding: boolean;
  readonly emitQualityReport: boolean;
  readonly emitRunProvenance: boolean;
  readonly writeStrategy: 'update_existing' | 'new_output';
  /** Percent that overall coverage must reach; absent when nothing is demanded. */
  readonly minCoverage?: number;
  /** The arguments as typed. Values that may be secret are masked here. */
  readonly cliArgs: readonly string[];
  readonly policy: {
    /** Absent when there is no policy file. */
    readonly path?: string;
    /** The environment whose threshold counts, e.g. `dev`. */
    readonly environment: string;
    readonly scanPathAllowlist: readonly string[];
  };
}

/** Everything that the files of an export are made of. */
export interface ExportInput {
  readonly contract: Contract;
  readonly parsed: ReadManifest;
  readonly types: readonly ArtifactType[];
  readonly auxiliary: AuxiliaryInputs;
  readonly settings: ExportSettings;
  /** What strict quality found wanting, where the export is drafted all the same. */
  readonly refusals?: readonly Refusal[];
  /** What stands in the output directory, parsed; of any shape. */
  readonly previous: { readonly onboarding?: JsonValue; readonly runProvenance?: JsonValue };
  /** The manifest, then task mapping, service metadata, scan directory, policy file and capability index, as far as there are any. */
  readonly inputs: readonly Fingerprint[];
  readonly git?: GitFacts;
  readonly startedAt: Date;
  readonly now: Date;
  /** `utc` under a fixed clock. */
  readonly zone: StampZone;
  readonly runId: string;
  readonly nodeVersion: string;
}

/** Names of the files of an export (export.md §4). */
export interface FileNames {
  readonly projectContext: string;
  readonly artifactManifest: string;
}

export const ONBOARDING = 'onboarding-metadata.json';
export const VALIDATION_REPORT = 'validation-report.json';
export const QUALITY_REPORT = 'export-quality-report.json';
export const PROVENANCE = 'provenance.json';
export const RUN_PROVENANCE = 'run-provenance.json';

/** The version of the reference whose files these are compatible with. */
export const CONTEXTCORE_VERSION = '2.0.0';

export function fileNames({ contract, settings }: ExportInput): FileNames {
  const project = contract.manifest.metadata.name;
  return { projectContext: `${project}-projectcontext.yaml`, artifactManifest: `${project}-artifact-manifest.${settings.format}` };
}

/** Every file this export writes, in the order of export.md §3. */
export function outputNames(input: ExportInput): readonly string[] {
  const { settings } = input;
  const { projectContext, artifactManifest } = fileNames(input);
  return [
    projectContext,
    artifactManifest,
    ...(settings.emitProvenance ? [PROVENANCE] : []),
    ...(settings.emitOnboarding ? [ONBOARDING] : []),
    VALIDATION_REPORT,
    ...(settings.emitQualityReport ? [QUALITY_REPORT] : []),
    ...(settings.emitRunProvenance ? [RUN_PROVENANCE] : []),
  ];
}

import type { Fingerprint } from '../host/files.ts';
import { version } from '../version.ts';
import type { Document } from './document.ts';
import { CONTEXTCORE_VERSION, type ExportInput, ONBOARDING, PROVENANCE, QUALITY_REPORT, VALIDATION_REPORT } from './export-input.ts';
import { exportInventory, inheritedInventory } from './inventory.ts';
import { outputPath, portablePath } from './paths.ts';
import { elapsedMs } from './provenance.ts';
import { zonelessStamp } from './timestamp.ts';
import { meetsMinimum } from './validation-report.ts';

/** `run-provenance.json` but for the fingerprints of what the run wrote, which are known last (export.md §22). */
export interface RunFacts {
  readonly before: Document;
  readonly after: Document;
  readonly outputDir: { readonly root: string; readonly path: string };
  readonly writtenAt: string;
}

export function runFacts(input: ExportInput, onboarding: Document): RunFacts {
  const { contract, settings, zone } = input;
  const inventory = [
    ...(settings.emitOnboarding ? exportInventory(input, onboarding) : []),
    ...inheritedInventory(input.previous.runProvenance),
  ];
  const index = contract.capabilityIndex;
  return {
    before: {
      run_id: input.runId,
      workflow_or_command: 'manifest export',
      version: inventory.length > 0 ? '2.0.0' : '1.0.0',
      contextcore_version: CONTEXTCORE_VERSION,
      started_at: zonelessStamp(input.startedAt, zone),
      completed_at: zonelessStamp(input.now, zone),
      duration_ms: elapsedMs(input),
      environment: { exporter: `export-tasks ${version}`, node_version: input.nodeVersion },
      config_snapshot: configSnapshot(input),
      inputs: input.inputs.map((found) => inputFingerprint(input, found)),
    },
    after: {
      quality_summary: { strict_quality: settings.strict, coverage_meets_minimum: meetsMinimum(input) },
      artifact_references: artifactReferences(input),
      artifact_inventory: inventory.length > 0 ? inventory : undefined,
      capability_index: index && index.version !== '' ? { version: index.version } : undefined,
    },
    outputDir: { root: settings.root, path: settings.outputDir },
    writtenAt: zonelessStamp(input.now, zone),
  };
}

/** The whole document, with the fingerprints of these files. */
export function runProvenance(
  { before, after, outputDir, writtenAt }: RunFacts,
  files: readonly { readonly name: string; readonly sha256: string }[],
): Document {
  const outputs = files.map(({ name, sha256 }) => ({
    path: outputPath(outputDir.root, outputDir.path, name),
    exists: true,
    mtime: writtenAt,
    sha256,
  }));
  return { ...before, outputs, ...after };
}

function inputFingerprint({ settings, zone, now }: ExportInput, { path, exists, mtime, sha256 }: Fingerprint): Document {
  // A checkout gives files the time it was made; under a fixed clock that would be the one thing to differ.
  const told = mtime && (zone === 'utc' ? now : mtime);
  return { path: portablePath(settings.root, path), exists, mtime: told ? zonelessStamp(told, zone) : null, sha256: sha256 ?? null };
}

function configSnapshot({ contract, settings }: ExportInput): Document {
  return {
    profile: contract.profile,
    format: settings.format,
    namespace: settings.namespace,
    strict_quality: settings.strict,
    deterministic_output: settings.deterministic,
    min_coverage: settings.minCoverage ?? null,
    emit_provenance: settings.emitProvenance,
    embed_provenance: settings.embedProvenance,
    emit_onboarding: settings.emitOnboarding,
    emit_quality_report: settings.emitQualityReport,
    emit_run_provenance: settings.emitRunProvenance,
    document_write_strategy: settings.writeStrategy,
    environment: settings.policy.environment,
  };
}

function artifactReferences({ settings }: ExportInput): Document {
  const path = (name: string) => outputPath(settings.root, settings.outputDir, name);
  return {
    validation_report_path: path(VALIDATION_REPORT),
    onboarding_metadata_path: settings.emitOnboarding ? path(ONBOARDING) : undefined,
    quality_report_path: settings.emitQualityReport ? path(QUALITY_REPORT) : undefined,
    provenance_json_path: settings.emitProvenance ? path(PROVENANCE) : undefined,
  };
}

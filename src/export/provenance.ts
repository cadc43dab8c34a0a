import { version } from '../version.ts';
import type { Document } from './document.ts';
import { CONTEXTCORE_VERSION, type ExportInput, outputNames, RUN_PROVENANCE } from './export-input.ts';
import { float } from './float.ts';
import { outputPath, portablePath } from './paths.ts';
import { publicArguments } from './public-arguments.ts';
import { zonelessStamp } from './timestamp.ts';

/** Where an export came from (export.md §21): `provenance.json`, and the same object embedded. Nothing in it tells a host, a user or an absolute path. */
export function provenance(input: ExportInput): Document {
  const { contract, git, parsed, settings, zone } = input;
  return {
    generatedAt: zonelessStamp(input.now, zone),
    durationMs: elapsedMs(input),
    sourcePath: portablePath(settings.root, settings.path),
    sourceChecksum: parsed.source.sha256,
    contextcoreVersion: CONTEXTCORE_VERSION,
    exporter: `export-tasks ${version}`,
    nodeVersion: input.nodeVersion,
    git: git && { commitSha: git.commit, branch: git.branch, isDirty: git.dirty, remoteUrl: git.remote },
    cliArgs: publicArguments(settings.root, settings.cliArgs),
    cliOptions: cliOptions(input),
    outputDirectory: portablePath(settings.root, settings.outputDir),
    outputFiles: outputNames(input),
    generationProfile: contract.profile,
  };
}

export function elapsedMs({ startedAt, now }: ExportInput): number {
  return Math.max(0, now.getTime() - startedAt.getTime());
}

function cliOptions({ contract, settings }: ExportInput): Document {
  const { root } = settings;
  const path = (given: string | undefined) => (given === undefined ? null : portablePath(root, given));
  return {
    path: path(settings.path),
    output_dir: path(settings.outputDir),
    namespace: settings.namespace,
    existing: publicArguments(root, settings.existing),
    scan_existing: path(settings.scanExisting),
    format: settings.format,
    generation_profile: contract.profile,
    dry_run: settings.dryRun,
    emit_provenance: settings.emitProvenance,
    embed_provenance: settings.embedProvenance,
    emit_onboarding: settings.emitOnboarding,
    min_coverage: settings.minCoverage === undefined ? null : float(settings.minCoverage),
    task_mapping: path(settings.taskMapping),
    emit_run_provenance: settings.emitRunProvenance,
    run_provenance_path: outputPath(root, settings.outputDir, RUN_PROVENANCE),
  };
}

import { createHash } from 'node:crypto';
import { artifactManifest } from './artifact-manifest.ts';
import type { Document } from './document.ts';
import { type ExportInput, fileNames, ONBOARDING, PROVENANCE, QUALITY_REPORT, RUN_PROVENANCE, VALIDATION_REPORT } from './export-input.ts';
import { jsonBytes } from './json-text.ts';
import { onboardingMetadata } from './onboarding-metadata.ts';
import { projectContext } from './project-context.ts';
import { provenance } from './provenance.ts';
import { qualityReport } from './quality-report.ts';
import { type RunFacts, runFacts, runProvenance } from './run-provenance.ts';
import { secretFilter } from './secrets.ts';
import { meetsMinimum, validationReport } from './validation-report.ts';
import { yamlBytes } from './yaml-text.ts';

/** One file as it will be written. */
export interface ExportFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Of the bytes, lower-case hex. */
  readonly sha256: string;
}

/** A whole export in memory. */
export interface ExportDraft {
  /** In the order of export.md §3; run provenance, which fingerprints the others, last. */
  readonly files: readonly ExportFile[];
  /** Whether coverage reaches the minimum; true when none was asked for. */
  readonly meetsMinimum: boolean;
  /** What run provenance is made of; absent when the export has none. */
  readonly run?: RunFacts;
}

/** Every file of an export, from values alone: the same input gives the same bytes. */
export function draftExport(input: ExportInput): ExportDraft {
  const { settings } = input;
  const names = fileNames(input);
  const clean = secretFilter([input.parsed.raw, input.auxiliary]);
  const origin = settings.emitProvenance || settings.embedProvenance ? provenance(input) : undefined;
  const context = file(names.projectContext, yamlBytes(clean(projectContext(input.contract.manifest, settings.namespace))));
  const manifest = file(names.artifactManifest, text(settings.format, clean(artifactManifest(input, origin))));
  const onboarding = clean(onboardingMetadata(input, { artifactManifest: manifest.sha256, projectContext: context.sha256 }, origin));
  const validation = validationReport(input, onboarding);
  const files = [
    context,
    manifest,
    ...(settings.emitProvenance && origin ? [file(PROVENANCE, jsonBytes(origin))] : []),
    ...(settings.emitOnboarding ? [file(ONBOARDING, jsonBytes(onboarding))] : []),
    file(VALIDATION_REPORT, jsonBytes(validation)),
    ...(settings.emitQualityReport ? [file(QUALITY_REPORT, jsonBytes(qualityReport(input, validation)))] : []),
  ];
  const draft = { files, meetsMinimum: meetsMinimum(input) };
  return settings.emitRunProvenance ? fingerprinted({ ...draft, run: runFacts(input, onboarding) }) : draft;
}

/** The draft with its run provenance made anew from the files as they are. */
export function fingerprinted(draft: ExportDraft): ExportDraft {
  if (!draft.run) return draft;
  const others = draft.files.filter(({ name }) => name !== RUN_PROVENANCE);
  return { ...draft, files: [...others, file(RUN_PROVENANCE, jsonBytes(runProvenance(draft.run, others)))] };
}

export function file(name: string, bytes: Uint8Array): ExportFile {
  return { name, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function text(format: 'yaml' | 'json', document: Document): Uint8Array {
  return format === 'yaml' ? yamlBytes(document) : jsonBytes(document);
}

import { isJsonObject, type JsonObject } from '../host/json.ts';
import type { Document } from './document.ts';
import type { ExportInput } from './export-input.ts';
import { float } from './float.ts';

export const VALIDATION_SCHEMA = 'contextcore.io/validation-report/v1';

/** `validation-report.json`: whether the export holds together, covers what was asked, and has a value for every parameter (export.md §19). */
export function validationReport(input: ExportInput, onboarding: Document): Document {
  const summary = onboarding['parameter_resolvability_summary'];
  const unresolved =
    isJsonObject(summary) && summary['unresolved'] === 0 ? [] : unresolvedParameters(onboarding['parameter_resolvability']);
  const checksums = {
    source_checksum: onboarding['source_checksum'] ?? null,
    artifact_manifest_checksum: onboarding['artifact_manifest_checksum'] ?? null,
    project_context_checksum: onboarding['project_context_checksum'] ?? null,
  };
  const complete = Object.values(checksums).every((checksum) => typeof checksum === 'string' && checksum.trim() !== '');
  return {
    version: '1.0.0',
    schema_version: '1.0.0',
    schema: VALIDATION_SCHEMA,
    generated_at: onboarding['generated_at'],
    project_id: onboarding['project_id'],
    checksums,
    integrity: { checksum_chain_complete: complete },
    coverage: coverageOutcome(input),
    resolvability: { summary, unresolved },
    capabilities: onboarding['capabilities'],
    diagnostics: [
      ...(complete
        ? []
        : [
            diagnostic(
              'warning',
              'CHECKSUM_CHAIN_INCOMPLETE',
              'A checksum is missing, so a consumer cannot tell whether these files belong together; export again.',
            ),
          ]),
      ...(meetsMinimum(input) ? [] : [diagnostic('error', 'COVERAGE_BELOW_MINIMUM', shortfall(input))]),
      ...(unresolved.length === 0 ? [] : [diagnostic('warning', 'UNRESOLVED_PARAMETERS', withoutValue(unresolved))]),
    ],
  };
}

/** Whether overall coverage, as it is shown, reaches what was asked; true when nothing was. */
export function meetsMinimum({ contract, settings }: Pick<ExportInput, 'contract' | 'settings'>): boolean {
  return settings.minCoverage === undefined || contract.coverage.overallCoverage >= settings.minCoverage;
}

function coverageOutcome(input: ExportInput): Document {
  const { coverage } = input.contract;
  const { minCoverage } = input.settings;
  return {
    overall_coverage_percent: float(coverage.overallCoverage),
    gap_count: coverage.gaps.length,
    gaps: coverage.gaps,
    minimum_required: minCoverage === undefined ? null : float(minCoverage),
    meets_minimum: meetsMinimum(input),
  };
}

function unresolvedParameters(section: unknown): readonly JsonObject[] {
  if (!isJsonObject(section)) return [];
  return Object.entries(section).flatMap(([artifact, parameters]) =>
    Object.entries(isJsonObject(parameters) ? parameters : {}).flatMap(([parameter, entry]) =>
      isJsonObject(entry) && entry['status'] === 'unresolved'
        ? [{ artifact_id: artifact, parameter, reason_code: entry['reason_code'] ?? null, reason: entry['reason'] ?? null }]
        : [],
    ),
  );
}

function diagnostic(severity: 'error' | 'warning', code: string, message: string): Document {
  return { severity, code, message };
}

function shortfall({ contract, settings }: ExportInput): string {
  const { overallCoverage, requiredGaps, totalExisting, totalRequired } = contract.coverage;
  const found = `Coverage is ${overallCoverage} %, ${totalExisting} of ${totalRequired} required artifacts, and at least ${settings.minCoverage} % is asked for`;
  return `${found}. Missing: ${named(requiredGaps)}.`;
}

function withoutValue(unresolved: readonly JsonObject[]): string {
  const names = unresolved.map(({ artifact_id, parameter }) => `${artifact_id}.${parameter}`);
  return `The manifest gives no value for ${named(names)}. State ${names.length === 1 ? 'it' : 'them'} there, or whoever makes the artifact has to guess.`;
}

function named(names: readonly string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const NAMED = 5;

import type { Document } from './document.ts';
import type { ExportInput } from './export-input.ts';
import { float } from './float.ts';
import { portablePath } from './paths.ts';
import type { RefusalCode } from './strictness.ts';
import { zonelessStamp } from './timestamp.ts';
import { meetsMinimum } from './validation-report.ts';

/**
 * `export-quality-report.json`: the rules in force and how the export did by them (export.md §20). A gate that no rule in force asks about reads true, as
 * consumers expect; `gates_evaluated` names those that were really asked.
 */
export function qualityReport(input: ExportInput, validation: Document): Document {
  const { policy, ...settings } = input.settings;
  return {
    version: '1.0.0',
    schema: 'contextcore.io/export-quality-report/v1',
    generated_at: zonelessStamp(input.now, input.zone),
    strict_quality: settings.strict,
    deterministic_output: settings.deterministic,
    policy_file: policy.path === undefined ? null : portablePath(settings.root, policy.path),
    policy_effective: {
      coverage_threshold_env: policy.environment,
      min_coverage: settings.minCoverage === undefined ? null : float(settings.minCoverage),
      scan_path_allowlist: policy.scanPathAllowlist,
    },
    gates: {
      manifest_validation_passed: true,
      required_task_mapping_complete: !refused(input, 'task-mapping-missing', 'task-mapping-incomplete'),
      schema_pins_passed: !refused(input, 'schema-pin'),
      coverage_meets_minimum: meetsMinimum(input),
    },
    gates_evaluated: [
      'manifest_validation_passed',
      ...(settings.strict ? ['required_task_mapping_complete', 'schema_pins_passed'] : []),
      ...(settings.minCoverage === undefined ? [] : ['coverage_meets_minimum']),
    ],
    coverage: validation['coverage'],
    diagnostics: validation['diagnostics'],
  };
}

function refused({ refusals = [] }: ExportInput, ...codes: readonly RefusalCode[]): boolean {
  return refusals.some(({ code }) => codes.includes(code));
}

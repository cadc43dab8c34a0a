import type { Report } from './report/report.ts';
import type { RunOutcome } from './run.ts';

/** Every output of this action, in the order of action.yml. */
export const OUTPUTS = [
  'verdict',
  'trace-id',
  'traceparent',
  'baggage',
  'emission',
  'coverage',
  'coverage-delta',
  'gaps',
  'critical-count',
  'gates-failed',
  'preview-path',
  'export-dir',
  'report-path',
  'artifact-id',
  'artifact-url',
] as const;
export type OutputName = (typeof OUTPUTS)[number];
export type Outputs = Readonly<Record<OutputName, string>>;

/** What a run says to the steps after it. An empty output is one that this run has nothing to say about. */
export function outputsOf({ report, traceparent, baggage, previewPath, exportDir, reportPath }: RunOutcome): Outputs {
  return {
    ...UNKNOWN,
    verdict: report.verdict.verdict,
    'trace-id': report.emission.state === 'none' ? '' : (report.emission.traceIds[0] ?? ''),
    traceparent: traceparent ?? '',
    baggage: baggage ?? '',
    emission: report.emission.state,
    coverage: report.coverage?.overallCoverage.toString() ?? '',
    'coverage-delta': delta(report),
    gaps: report.coverage?.gaps.toString() ?? '',
    'critical-count': report.verdict.counts.critical.toString(),
    'gates-failed': gatesFailed(report).toString(),
    'preview-path': previewPath ?? '',
    'export-dir': exportDir ?? '',
    'report-path': reportPath ?? '',
  };
}

/** The outputs of a step that broke before it could judge: nothing passed, nothing was sent, and no number is invented. */
export const UNKNOWN: Outputs = {
  ...(Object.fromEntries(OUTPUTS.map((name) => [name, ''])) as Record<OutputName, string>),
  verdict: 'block',
  emission: 'none',
};

function delta({ coverage }: Report): string {
  return coverage?.before === undefined ? '' : String(Number((coverage.overallCoverage - coverage.before).toFixed(1)));
}

function gatesFailed({ entries }: Report): number {
  return entries.flatMap(({ gates }) => gates).filter(({ outcome }) => outcome === 'fail' || outcome === 'crashed').length;
}

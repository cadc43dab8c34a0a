import { A } from './attributes.ts';

/** A gauge says what is so when the run ends; a counter adds up over runs, each of which counts from 0. */
export type MetricKind = 'gauge' | 'counter';

export interface MetricSpec {
  readonly name: string;
  /** UCUM. Empty where Prometheus would make a name of it that is not the design's: a gauge of unit `1` becomes `…_ratio`. */
  readonly unit: string;
  readonly kind: MetricKind;
  /** What stands on the wire, whatever the value. */
  readonly type: 'int' | 'double';
  /** On every point. Few values each: no target, file, task or run is among them. */
  readonly attributes: readonly string[];
  readonly source: string;
  readonly brief: string;
}

const everyPoint = [A.projectId, A.exportScope];

/**
 * Every metric that leaves beside a trace. The drafts, the checker, the README's table and the tests of the shipped dashboard and rules are derived from it.
 * The four of tasks.md §14 keep its names and labels; the duration of a stage is a gauge instead of a histogram, because a run has one value for each.
 */
const metrics = {
  coverage: gauge('contextcore.coverage', '%', 'double', [], 'design', 'overallCoverage of onboarding metadata'),
  required: gauge('contextcore.artifacts.required', '{artifact}', 'int', [], 'design', 'artifacts that the manifest requires'),
  existing: gauge('contextcore.artifacts.existing', '{artifact}', 'int', [], 'design', 'required and existing'),
  outdated: gauge('contextcore.artifacts.outdated', '{artifact}', 'int', [], 'design', 'exist, but contradict the manifest'),
  gaps: gauge(
    'contextcore.gaps',
    '{artifact}',
    'int',
    [A.artifactType, A.artifactPriority],
    'design',
    'artifacts that are still to be made',
  ),
  gates: gauge('contextcore.gates', '{gate}', 'int', [A.metricOutcome], 'design', 'gates by what they answered'),
  findings: gauge(
    'contextcore.findings',
    '{finding}',
    'int',
    [A.gateName, A.metricLevel],
    'design',
    'what counts against the verdict, by the gate that found it; `manifest` and `policy` for what those files say themselves',
  ),
  stageDuration: gauge(
    'pipeline.stage.duration',
    's',
    'double',
    [A.metricStage, A.metricPhase, A.eventStatus],
    'tasks §14',
    'end less start of the stage span',
  ),
  gateViolations: counter(
    'pipeline.gate.violations',
    '{violation}',
    [A.gateName, A.metricPhase, A.metricSeverity, A.metricBlocking],
    'tasks §14',
    'gate.violations of the gates that failed',
  ),
  successRate: gauge(
    'pipeline.success_rate',
    '',
    'double',
    [],
    'tasks §14',
    '1 when no gate stopped the pipeline, else 0; its mean over runs is the rate',
  ),
  calibrationMismatch: counter(
    'pipeline.calibration.mismatch',
    '{mismatch}',
    [A.artifactType, A.calibrationKind],
    'tasks §14',
    'gate.calibration events that tell of a mismatch',
  ),
} as const satisfies Record<string, MetricSpec>;

/** Metrics by the name the code says. */
export const METRIC: { readonly [Name in keyof typeof metrics]: MetricSpec } = metrics;

export const METRICS: readonly MetricSpec[] = Object.values(metrics);

/**
 * The name under which Prometheus and what speaks its language keep the metric: dots become underscores, the unit and `total` are put behind
 * (OpenTelemetry's compatibility page; units in braces are dropped).
 */
export function prometheusName({ name, unit, kind }: Pick<MetricSpec, 'name' | 'unit' | 'kind'>): string {
  const words = name.split(/[^A-Za-z0-9:]+/);
  const suffix = UNITS[unit];
  if (suffix !== undefined && !words.includes(suffix)) words.push(suffix);
  if (kind === 'counter') words.push('total');
  return words.join('_');
}

/** The label that an attribute becomes there. */
export function prometheusLabel(key: string): string {
  return key.replace(/[^A-Za-z0-9_]/g, '_');
}

const UNITS: Readonly<Record<string, string>> = { s: 'seconds', '%': 'percent' };

function gauge(
  name: string,
  unit: string,
  type: MetricSpec['type'],
  attributes: readonly string[],
  source: string,
  brief: string,
): MetricSpec {
  return { name, unit, kind: 'gauge', type, attributes: [...everyPoint, ...attributes], source, brief };
}

function counter(name: string, unit: string, attributes: readonly string[], source: string, brief: string): MetricSpec {
  return { name, unit, kind: 'counter', type: 'int', attributes: [...everyPoint, ...attributes], source, brief };
}

import type { ArtifactType, Contract } from '../contract/contract.ts';
import { decideVerdict } from '../gatekeeper/decide-verdict.ts';
import type { GateResult, Level } from '../gatekeeper/gate.ts';
import type { Fault } from '../manifest/manifest.ts';
import { A } from './attributes.ts';
import type { AttributeValue, Drafts, MetricsDraft, PointDraft } from './draft.ts';
import { blocks, calibrationEvents } from './gate-events.ts';
import { METRIC, type MetricSpec } from './metric-registry.ts';
import { SPAN } from './registry.ts';
import { int, text } from './values.ts';

/** Everything that is measured. */
export interface MetricsInput {
  /** The trace beside which the metrics go: whose project, which scope, when, how long each stage took. */
  readonly drafts: Drafts;
  readonly contract: Contract;
  /** The shelf, for what a calibration speaks of. */
  readonly types: readonly ArtifactType[];
  readonly gates: readonly GateResult[];
  /** What the manifest and the policy file themselves were told; the verdict counts it too. */
  readonly manifest: readonly Fault[];
  readonly policy: readonly Fault[];
}

type Metric = MetricsDraft['metrics'][number];

/**
 * What outlives the trace: the state of a project as gauges, and what its gates counted. Pure: the numbers are those of the report and of the spans.
 * Gauges tell their zeros, so that what was mended does not stay red; where no gate ran, nothing is said of gates. Undefined without an epic.
 */
export function draftMetrics(input: MetricsInput): MetricsDraft | undefined {
  const epic = input.drafts.spans.find((span) => span.name === SPAN.epic);
  if (!epic) return undefined;
  const metrics = [...coverageMetrics(input.contract), ...gateMetrics(input), stageDurations(input.drafts)];
  const shared = { [A.projectId]: epic.attributes[A.projectId]!, [A.exportScope]: epic.attributes[A.exportScope]! };
  return {
    start: epic.start,
    time: epic.end,
    metrics: metrics
      .filter(({ points }) => points.length > 0)
      .map(({ spec, points }) => ({ spec, points: points.map((point) => ({ ...point, attributes: { ...shared, ...point.attributes } })) })),
  };
}

function coverageMetrics({ coverage, artifacts }: Contract): readonly Metric[] {
  return [
    single(METRIC.coverage, coverage.overallCoverage),
    single(METRIC.required, coverage.totalRequired),
    single(METRIC.existing, coverage.totalExisting),
    single(METRIC.outdated, coverage.totalOutdated),
    {
      spec: METRIC.gaps,
      points: tally(artifacts, ({ type, priority, status }) => ({
        attributes: { [A.artifactType]: type, [A.artifactPriority]: priority },
        value: status === 'needed' ? 1 : 0,
      })),
    },
  ];
}

function gateMetrics({ gates, ...input }: MetricsInput): readonly Metric[] {
  if (gates.length === 0) return [];
  const types = new Map(input.types.map((type) => [type.type, type]));
  return [
    {
      spec: METRIC.gates,
      points: OUTCOMES.map((outcome) => ({
        attributes: { [A.metricOutcome]: outcome },
        value: gates.filter((gate) => gate.outcome === outcome).length,
      })),
    },
    { spec: METRIC.findings, points: findings(gates, input) },
    {
      spec: METRIC.gateViolations,
      points: tally(gates.filter(hasFailed), (gate) => ({
        attributes: {
          [A.gateName]: text(gate.gate),
          [A.metricPhase]: gate.phase,
          [A.metricSeverity]: gate.severity,
          [A.metricBlocking]: blocks(gate),
        },
        value: gate.evidence.filter(({ finding }) => finding).length,
      })),
    },
    single(METRIC.successRate, gates.some(blocks) ? 0 : 1),
    {
      spec: METRIC.calibrationMismatch,
      points: tally(
        gates.flatMap((gate) => calibrationEvents(gate, types, 0n)).filter(({ attributes }) => attributes[A.calibrationMismatch] === true),
        ({ attributes }) => ({
          attributes: { [A.artifactType]: attributes[A.artifactType] ?? OTHER, [A.calibrationKind]: attributes[A.calibrationKind]! },
          value: 1,
        }),
      ),
    },
  ];
}

const OUTCOMES = ['pass', 'fail', 'skipped', 'crashed'] as const satisfies readonly GateResult['outcome'][];
const LEVELS = ['critical', 'error', 'warning'] as const satisfies readonly Level[];
/** OpenTelemetry's word for what no value of a short list says. */
const OTHER = '_OTHER';

function hasFailed({ outcome }: GateResult): boolean {
  return outcome === 'fail' || outcome === 'crashed';
}

/** A gate that could not look has found neither something nor nothing. */
function findings(gates: readonly GateResult[], { manifest, policy }: Pick<MetricsInput, 'manifest' | 'policy'>): readonly PointDraft[] {
  const verdict = decideVerdict({ manifest, policy, results: gates, failOn: 'never' });
  const asked = ['manifest', 'policy', ...gates.filter(({ outcome }) => outcome !== 'skipped').map(({ gate }) => gate)];
  const point = (name: string, level: Level, value: number) => ({
    attributes: { [A.gateName]: text(name), [A.metricLevel]: level },
    value,
  });
  const zeros = asked.flatMap((name) => LEVELS.map((level) => point(name, level, 0)));
  const found = verdict.findings.flatMap(({ gate, source, level }) => (level === 'notice' ? [] : [point(gate ?? source, level, 1)]));
  return tally([...zeros, ...found], (each) => each);
}

function stageDurations({ spans }: Drafts): Metric {
  const stages = spans.filter(({ name }) => name === SPAN.stage);
  return {
    spec: METRIC.stageDuration,
    points: stages.map(({ attributes, start, end }) => ({
      attributes: {
        [A.metricStage]: attributes[A.stageName]!,
        [A.metricPhase]: attributes[A.taskPhase]!,
        [A.eventStatus]: attributes[A.taskStatus]!,
      },
      value: Number(end - start) / 1e9,
    })),
  };
}

function single(spec: MetricSpec, value: number): Metric {
  return { spec, points: [{ attributes: {}, value: spec.type === 'int' ? int(value) : value }] };
}

/** One point for all that have the same attributes, in the order in which they were first seen. */
function tally<T>(items: readonly T[], pointOf: (item: T) => PointDraft): readonly PointDraft[] {
  const points = new Map<string, { attributes: Readonly<Record<string, AttributeValue>>; value: number }>();
  for (const item of items) {
    const { attributes, value } = pointOf(item);
    const key = JSON.stringify(Object.values(attributes));
    const point = points.get(key);
    if (point) point.value += value;
    else points.set(key, { attributes, value });
  }
  return [...points.values()];
}

import { describe, expect, test } from '@jest/globals';
import { checkMetrics as checkRequest } from '../../scripts/receiver-metrics.ts';
import { decideVerdict } from '../../src/gatekeeper/decide-verdict.ts';
import type { Evidence, GateResult } from '../../src/gatekeeper/gate.ts';
import type { Fault } from '../../src/manifest/manifest.ts';
import { checkMetrics } from '../../src/telemetry/check-metrics.ts';
import type { Drafts, MetricsDraft } from '../../src/telemetry/draft.ts';
import type { DraftInput } from '../../src/telemetry/draft-input.ts';
import { draftMetrics } from '../../src/telemetry/draft-metrics.ts';
import { draftSpans } from '../../src/telemetry/draft-spans.ts';
import { METRIC, METRICS, prometheusName } from '../../src/telemetry/metric-registry.ts';
import { LINE_BYTES } from '../../src/telemetry/otlp-json.ts';
import { countPoints, otlpMetricLines } from '../../src/telemetry/otlp-metrics-json.ts';
import { ATTRIBUTES } from '../../src/telemetry/registry.ts';
import { artifact, gate, shopInput } from './shop.ts';

const finding = (type: string, more: Partial<Evidence> = {}): Evidence => ({
  type,
  ref: 'cart-dashboard',
  description: `${type} of cart-dashboard`,
  finding: true,
  ...more,
});

const FAILED = gate('checksum-chain', {
  outcome: 'fail',
  severity: 'error',
  blocking: true,
  evidence: [finding('checksum_mismatch'), finding('checksum_mismatch'), finding('checksum_ok', { finding: false })],
});
const LATE = gate('required-artifacts', { outcome: 'fail', severity: 'warning', evidence: [finding('missing')] });
const SHALLOW = gate('design-calibration', {
  outcome: 'fail',
  severity: 'warning',
  evidence: [
    finding('loc_violation', { values: { type: 'dashboard' } }),
    finding('loc_violation', { values: { type: 'dashboard' } }),
    finding('depth_mismatch', { values: { type: 'unheard-of' } }),
    finding('loc_mismatch', { finding: false, values: { type: 'dashboard' } }),
  ],
});
const UNASKED = gate('gap-parity', { outcome: 'skipped', skipCode: 'no_gaps' });
const CRASHED = gate('provenance-consistency', { outcome: 'crashed', severity: 'critical', blocking: true });
const WARNING: Fault = {
  code: 'unknown-key',
  severity: 'warning',
  path: 'spec.x',
  place: { file: '.contextcore.yaml', line: 9 },
  message: 'x is unknown',
};

function drafted(gates: readonly GateResult[] = [], more: Partial<DraftInput> = {}, faults: readonly Fault[] = []): MetricsDraft {
  const input = shopInput({ gates, ...more });
  const metrics = draftMetrics({
    drafts: draftSpans(input),
    contract: input.contract,
    types: input.types,
    gates,
    manifest: faults,
    policy: [],
  });
  expect(checkMetrics(metrics!)).toEqual([]);
  return metrics!;
}

/** `{a,b} value`, without the attributes that every point has. */
function points(draft: MetricsDraft, { name }: { readonly name: string }): readonly string[] {
  const found = draft.metrics.find(({ spec }) => spec.name === name)?.points ?? [];
  return found.map(({ attributes, value }) => `{${Object.values(attributes).slice(2).join()}} ${value}`);
}

describe('what a run measured', () => {
  const all = drafted([FAILED, LATE, SHALLOW, UNASKED, gate('waivers')], {}, [WARNING]);

  test.each([
    [METRIC.coverage, ['{} 66.7']],
    [METRIC.required, ['{} 3']],
    [METRIC.existing, ['{} 2']],
    [METRIC.outdated, ['{} 1']],
    [METRIC.gaps, ['{dashboard,required} 1', '{prometheus_rule,required} 0', '{prometheus_rule,recommended} 1']],
    [METRIC.gates, ['{pass} 1', '{fail} 3', '{skipped} 1', '{crashed} 0']],
    [
      METRIC.findings,
      [
        ...['{manifest,critical} 0', '{manifest,error} 0', '{manifest,warning} 1'],
        ...['{policy,critical} 0', '{policy,error} 0', '{policy,warning} 0'],
        ...['{checksum-chain,critical} 2', '{checksum-chain,error} 0', '{checksum-chain,warning} 0'],
        ...['{required-artifacts,critical} 0', '{required-artifacts,error} 0', '{required-artifacts,warning} 1'],
        ...['{design-calibration,critical} 0', '{design-calibration,error} 0', '{design-calibration,warning} 3'],
        ...['{waivers,critical} 0', '{waivers,error} 0', '{waivers,warning} 0'],
      ],
    ],
    [
      METRIC.gateViolations,
      [
        '{checksum-chain,CONTRACT_INTEGRITY,error,true} 2',
        '{required-artifacts,CONTRACT_INTEGRITY,warning,false} 1',
        '{design-calibration,CONTRACT_INTEGRITY,warning,false} 3',
      ],
    ],
    [METRIC.successRate, ['{} 0']],
    [METRIC.calibrationMismatch, ['{dashboard,loc_violation} 2', '{_OTHER,depth_mismatch} 1']],
  ])('$name', (spec, expected) => {
    expect(points(all, spec)).toEqual(expected);
  });

  test('adds up to the counts of the report', () => {
    const { counts } = decideVerdict({ manifest: [WARNING], results: [FAILED, LATE, SHALLOW, UNASKED, gate('waivers')], failOn: 'never' });
    for (const level of ['critical', 'error', 'warning'] as const) {
      const values = all.metrics
        .find(({ spec }) => spec === METRIC.findings)!
        .points.filter(({ attributes }) => attributes['level'] === level);
      expect([level, values.reduce((sum, { value }) => sum + value, 0)]).toEqual([level, counts[level]]);
    }
  });

  test('is said of one project and one scope, which every point names first', () => {
    const shared = all.metrics.flatMap(({ points: own }) => own.map(({ attributes }) => Object.entries(attributes).slice(0, 2)));
    expect(new Set(shared.map(String))).toEqual(
      new Set([
        String([
          ['project.id', 'shop'],
          ['export.scope', 'proposed'],
        ]),
      ]),
    );
    expect(drafted([], { context: { scope: 'accepted', placement: {} } }).metrics[0]!.points[0]!.attributes['export.scope']).toBe(
      'accepted',
    );
  });

  test('tells stages by the length of their spans, to the nanosecond of the trace', () => {
    const input = shopInput({ gates: [FAILED] });
    const drafts = draftSpans(input);
    const metrics = draftMetrics({ drafts, contract: input.contract, types: [], gates: [FAILED], manifest: [], policy: [] })!;
    const spans = drafts.spans.filter(({ name }) => name === 'contextcore.pipeline.stage');
    expect(metrics.metrics.find(({ spec }) => spec === METRIC.stageDuration)!.points.map(({ value }) => Math.round(value * 1e9))).toEqual(
      spans.map(({ start, end }) => Number(end - start)),
    );
    expect(points(metrics, METRIC.stageDuration).map((point) => point.split(' ')[0])).toEqual([
      '{EXPORT_CONTRACT,EXPORT_CONTRACT,completed}',
      '{CONTRACT_INTEGRITY,CONTRACT_INTEGRITY,blocked}',
    ]);
  });

  test('says nothing of gates where none was asked', () => {
    const names = drafted().metrics.map(({ spec }) => spec.name);
    expect(names.filter((name) => /gate|finding|success|calibration/.test(name))).toEqual([]);
    expect(names).toContain('contextcore.coverage');
  });

  test.each([
    ['no gate failed', [gate('a')], 1],
    ['a gate failed without stopping anything', [LATE], 1],
    ['a gate stopped it', [FAILED], 0],
    ['a gate broke', [CRASHED], 0],
  ])('the success of a run in which %s', (_, gates, success) => {
    expect(points(drafted(gates), METRIC.successRate)).toEqual([`{} ${success}`]);
  });

  test('has as many points for 3,000 artifacts as for four of their kinds', () => {
    const many = Array.from({ length: 3_000 }, (_, at) => artifact(`svc${at}-a`, at % 2 === 0 ? 'dashboard' : 'prometheus_rule'));
    expect(points(drafted([], { ...shopInput({ artifacts: many }) }), METRIC.gaps)).toEqual([
      '{dashboard,required} 1500',
      '{prometheus_rule,required} 1500',
    ]);
  });

  test('is the same for the same ids and times', () => {
    expect(drafted([FAILED, LATE])).toEqual(drafted([FAILED, LATE]));
  });
});

describe('on the wire', () => {
  const input = shopInput({ gates: [FAILED, SHALLOW] });
  const spans = draftSpans(input);
  const drafts = (metrics: MetricsDraft): Drafts => ({ ...spans, metrics });
  const whole = drafts(drafted([FAILED, SHALLOW]));
  const text = (lines: Iterable<{ readonly body: Uint8Array }>) => [...lines].map(({ body }) => Buffer.from(body).toString('utf8'));

  test('every point stands in one line, with the resource of the trace, ints as ints and doubles as doubles', () => {
    const [line, ...more] = text(otlpMetricLines(whole, 'cumulative'));
    const read = checkRequest(line!);
    expect(more).toEqual([]);
    expect(read.length).toBe(whole.metrics!.metrics.reduce((sum, metric) => sum + metric.points.length, 0));
    expect(countPoints(Buffer.from(line!))).toBe(read.length);
    expect(Object.keys(read[0]!.resource)).toEqual(Object.keys(spans.resource));
    for (const { metric, value, unit, kind, start } of read) {
      const spec = METRICS.find(({ name }) => name === metric)!;
      expect([metric, value.type, unit, kind, start !== undefined]).toEqual([
        metric,
        spec.type,
        spec.unit,
        spec.kind === 'counter' ? 'sum' : 'gauge',
        spec.kind === 'counter',
      ]);
    }
  });

  test.each(['cumulative', 'delta'] as const)('counters are monotonic sums, %s', (temporality) => {
    const sums = checkRequest(text(otlpMetricLines(whole, temporality))[0]!).filter(({ kind }) => kind === 'sum');
    expect(sums.length).toBe(4);
    expect(new Set(sums.map((point) => `${point.temporality} ${point.monotonic}`))).toEqual(new Set([`${temporality} true`]));
  });

  test('a double is a double at 100 and at 0, and no NaN or infinity leaves', () => {
    const values = [100, 0, 0.1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const odd = values.map((value, at) => ({ attributes: { 'project.id': `p${at}` }, value }));
    const [line] = text(otlpMetricLines(drafts({ start: 1n, time: 2n, metrics: [{ spec: METRIC.coverage, points: odd }] }), 'delta'));
    expect(checkRequest(line!).map(({ value }) => value)).toEqual([100, 0, 0.1].map((value) => ({ type: 'double', value })));
  });

  test('more than a line may hold go in several, each whole', () => {
    const crowd = Array.from({ length: 5_000 }, (_, at) => ({ attributes: { 'gate.name': `${'g'.repeat(300)}${at}` }, value: at }));
    const lines = text(otlpMetricLines(drafts({ start: 1n, time: 2n, metrics: [{ spec: METRIC.findings, points: crowd }] }), 'delta'));
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(LINE_BYTES);
    expect(lines.flatMap((line) => checkRequest(line).map(({ value }) => Number(value.value)))).toEqual(crowd.map(({ value }) => value));
  });

  test('without metrics there is no line', () => {
    expect([...otlpMetricLines(spans, 'cumulative')]).toEqual([]);
  });

  test.each([['not json'], ['{}'], ['{"resourceSpans":[]}'], ['{"resourceMetrics":[]}'], ['{"resourceMetrics":{"length":1}}'], ['[]']])(
    '%s is no metrics request',
    (line) => {
      expect(countPoints(Buffer.from(line))).toBeUndefined();
    },
  );
});

describe('the registry of metrics', () => {
  test('names attributes that the registry of attributes knows, and no two metrics alike', () => {
    const keys = new Set(ATTRIBUTES.map(({ key }) => key));
    expect(METRICS.flatMap(({ attributes }) => attributes.filter((key) => !keys.has(key)))).toEqual([]);
    expect(new Set(METRICS.map(prometheusName)).size).toBe(METRICS.length);
  });

  test('gives the four metrics of tasks.md §14 the names they have there', () => {
    const four = METRICS.filter(({ source }) => source === 'tasks §14').map(prometheusName);
    expect(four).toEqual([
      'pipeline_stage_duration_seconds',
      'pipeline_gate_violations_total',
      'pipeline_success_rate',
      'pipeline_calibration_mismatch_total',
    ]);
  });

  test.each([
    [{ name: 'a.b', unit: '%', kind: 'gauge' }, 'a_b_percent'],
    [{ name: 'a.percent', unit: '%', kind: 'gauge' }, 'a_percent'],
    [{ name: 'a.b', unit: '{gate}', kind: 'gauge' }, 'a_b'],
    [{ name: 'a.b', unit: 's', kind: 'counter' }, 'a_b_seconds_total'],
  ] as const)('%o is %s to Prometheus', (spec, name) => {
    expect(prometheusName(spec)).toBe(name);
  });

  test.each([
    ['an unknown metric', { spec: { ...METRIC.gaps }, points: [] }, 'unknown-metric'],
    ['a missing attribute', { spec: METRIC.coverage, points: [{ attributes: { 'project.id': 'p' }, value: 1 }] }, 'wrong-attributes'],
    [
      'an attribute too many',
      { spec: METRIC.coverage, points: [{ attributes: { 'project.id': 'p', 'export.scope': 'accepted', 'task.id': 't' }, value: 1 }] },
      'wrong-attributes',
    ],
    [
      'a number for a text',
      { spec: METRIC.coverage, points: [{ attributes: { 'project.id': 1, 'export.scope': 'x' }, value: 1 }] },
      'wrong-type',
    ],
    [
      'half an artifact',
      { spec: METRIC.required, points: [{ attributes: { 'project.id': 'p', 'export.scope': 'x' }, value: 0.5 }] },
      'wrong-value',
    ],
  ])('refuses %s', (_, metric, code) => {
    expect(checkMetrics({ start: 1n, time: 2n, metrics: [metric] }).map((fault) => fault.code)).toContain(code);
  });

  test('refuses a point that stands twice, and a time before the start', () => {
    const point = { attributes: { 'project.id': 'p', 'export.scope': 'accepted' }, value: 1 };
    const faults = checkMetrics({ start: 2n, time: 1n, metrics: [{ spec: METRIC.coverage, points: [point, point] }] });
    expect(faults.map(({ code }) => code)).toEqual(['bad-time', 'repeated-point']);
  });
});

test('a trace without an epic has nothing to measure', () => {
  const input = shopInput();
  const drafts = { ...draftSpans(input), spans: [] };
  expect(draftMetrics({ drafts, contract: input.contract, types: [], gates: [], manifest: [], policy: [] })).toBeUndefined();
});

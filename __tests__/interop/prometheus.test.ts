import { describe, expect, test } from '@jest/globals';
import type { ReceivedPoint } from '../../scripts/receiver.ts';
import { METRICS, prometheusLabel, prometheusName } from '../../src/telemetry/metric-registry.ts';
import { dashboardQueries, ruleQueries } from '../telemetry/examples.ts';
import { eventually, withBackend } from './backend.ts';
import { OUT, SPOOL, shop } from './jobs.ts';
import { pointsOfLines } from './points.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';

const byName = new Map(METRICS.map((spec) => [spec.name, spec]));

withBackend('prometheus', startPrometheus, (prometheus) => {
  describe.each(['http/json', 'http/protobuf'])('an audit over %s', (protocol) => {
    test('leaves every point as a series of its translated name and labels, with the value it was drafted with', async () => {
      const points = await audited(prometheus(), protocol);
      const missing = [];
      for (const point of points) {
        const [series, ...more] = await prometheus().query(selectorOf(point));
        if (series?.value !== Number(point.value.value) || more.length > 0) missing.push(`${selectorOf(point)} is ${series?.value}`);
      }
      expect(missing).toEqual([]);
      expect(new Set(points.map(({ metric }) => metric)).size).toBeGreaterThanOrEqual(9);
    });
  });

  test('answers every query of the shipped dashboard; only what the shop has none of is empty', async () => {
    await audited(prometheus(), 'http/json');
    const answers = await Promise.all(
      dashboardQueries({ project: 'shop', scope: 'accepted', window: '8d' }).map(async ({ panel, expr }) => ({
        panel,
        found: (await prometheus().query(expr)).length > 0,
      })),
    );
    expect(answers.filter(({ found }) => !found).map(({ panel }) => panel)).toEqual(['Calibration mismatches']);
  });

  test('evaluates every shipped rule, and finds the shop blocked', async () => {
    await audited(prometheus(), 'http/json');
    const rules = await eventually(
      async () => {
        const found = await prometheus().rules();
        return found.length > 0 && found.every(({ health }) => health !== 'unknown') ? found : undefined;
      },
      90,
      'the evaluation of the rules',
    );
    expect(rules.length).toBe(ruleQueries().length);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    const blocked = 'ALERTS{alertname="ContextcorePipelineBlocked", project_id="shop"}';
    await eventually(async () => (await prometheus().query(blocked)).length === 1 || undefined, 30, 'the alert');
  });
});

/** Audits the shop with Prometheus as the address for metrics alone, and answers the points that it drafted. The trace has no address and waits. */
async function audited(prometheus: Prometheus, protocol: string): Promise<readonly ReceivedPoint[]> {
  const env = { SOURCE_DATE_EPOCH: String(Math.floor(Date.now() / 1000)) };
  const metrics = { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: prometheus.otlp };
  await using place = await shop();
  const args = [
    'audit',
    '.contextcore.yaml',
    '--output-dir',
    OUT,
    '--task-mapping',
    'tasks.json',
    '--emit-tasks',
    'true',
    '--otlp-protocol',
    protocol,
  ];
  const { code, stdout, stderr } = await place.run([...args, '--format', 'json'], { ...env, ...metrics });
  if (code !== 0 && code !== 1) throw new Error(`audit ended with ${code}: ${stderr}${stdout}`);
  const [{ emission }] = JSON.parse(stdout).entries;
  expect(emission).toMatchObject({ state: 'spooled', metrics: { sent: emission.metrics.drafted, spooled: 0, lost: 0, reason: null } });
  // The same run once more without an address: the same points, under a fixed clock, in the spool.
  await using again = await shop();
  await again.run(args, env);
  const points = pointsOfLines(await again.text(`${OUT}/${SPOOL}`));
  expect(points.length).toBe(emission.metrics.drafted);
  return points;
}

function selectorOf({ metric, resource, attributes }: ReceivedPoint): string {
  const instance = { key: 'instance', value: String(resource['service.instance.id']!.value) };
  const labels = Object.entries(attributes).map(([key, { value }]) => ({ key: prometheusLabel(key), value: String(value) }));
  return `${prometheusName(byName.get(metric)!)}{${[instance, ...labels].map(({ key, value }) => `${key}=${JSON.stringify(value)}`).join(',')}}`;
}

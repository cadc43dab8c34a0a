import { describe, expect, test } from '@jest/globals';
import { loadLogql } from '../../../src/inspect/valid/logql.ts';
import { loadPromql } from '../../../src/inspect/valid/promql.ts';
import { validateArtifactFile } from '../../../src/inspect/valid/validate-file.ts';

const messages = async (type: string, text: string) =>
  (await validateArtifactFile(type, { path: 'a.yml', text })).errors.map(({ place, message }) => [place.line, message] as const);

const MONITOR = `apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: a}
spec:
  extraScrapeMetrics: true
  sampleLimit: 5000
  attachMetadata: {node: true}
  scrapeProtocols: [OpenMetricsText1.0.0]
  nativeHistogramMinBucketFactor: "1.1"
  selector: {matchLabels: {app: a}}
  endpoints:
  - port: http
    honorLabels: true
    params: {module: [http_2xx]}
    tlsConfig: {ca: {secret: {name: a, key: b}}, insecureSkipVerify: true}
    oauth2: {clientId: {secret: {name: a, key: b}}, clientSecret: {name: a, key: c}, tokenUrl: http://x}
    relabelings:
    - {sourceLabels: [a], targetLabel: b, replacement: $1, action: Replace}
`;

describe("a ServiceMonitor's fields are of their kind", () => {
  test('and all of them are known', async () => {
    expect(await messages('service_monitor', MONITOR)).toEqual([]);
  });

  test.each([
    ['sampleLimit: 5000', 'sampleLimit: "5000"', 6, /whole number/],
    ['scrapeProtocols: [OpenMetricsText1.0.0]', 'scrapeProtocols: OpenMetricsText1.0.0', 8, /is a list/],
    ['honorLabels: true', 'honorLabels: always', 13, /true or false/],
    ['insecureSkipVerify: true', 'insecureSkip: true', 15, /no key "insecureSkip"/],
    ['clientSecret: {name: a, key: c}', 'clientSecret: hush', 16, /"clientSecret" of .* is a mapping/],
    ['replacement: $1', 'replacement: 1', 18, /is a text/],
  ])('%j as %j is told on line %i', async (good, bad, line, why) => {
    expect(await messages('service_monitor', MONITOR.replace(good, bad))).toEqual([[line, expect.stringMatching(why)]]);
  });
});

describe('OpenSLO', () => {
  const V2 = `- apiVersion: openslo.com/v2alpha
  kind: SLO
  metadata: {name: web}
  spec:
    serviceRef: web
    sli:
      metadata: {name: ratio}
      spec:
        ratioMetric:
          good: {dataSourceRef: mine, spec: {query: anything}}
          total: {dataSourceSpec: {type: Prometheus}, spec: {query: sum(up)}}
    timeWindow: [{duration: 28d, isRolling: true}]
    budgetingMethod: Occurrences
    objectives: [{target: 0.99}]
`;

  test('is read as a list of objects, and in its second version', async () => {
    const { errors, objects, unread } = await validateArtifactFile('slo_definition', { path: 'a.yml', text: V2 });
    expect([errors, objects.map(({ kind, name }) => `${kind} ${name}`)]).toEqual([[], ['SLO web']]);
    expect(unread.map(({ place }) => place.line)).toEqual([10]);
  });

  test.each([
    ['serviceRef', 'service', 5, /no key "service"/],
    ['query: sum(up)', 'query: sum(up', 11, /is not closed/],
    ['dataSourceRef: mine, ', '', 10, /needs one of "dataSourceRef" and "dataSourceSpec"; it has neither/],
    ['    sli:', '    indicator:', 6, /no key "indicator"/],
  ])('of the second version, %j as %j is told on line %i', async (good, bad, line, why) => {
    expect(await messages('slo_definition', V2.replace(good, bad))).toContainEqual([line, expect.stringMatching(why)]);
  });
});

describe('a query', () => {
  test.each(['max_of(1, 2)', 'min_of(scalar(up), 2) > 1'])(
    'with a function younger than the grammar is left to who knows it: %s',
    async (query) => {
      const { faults, unread, foreign } = (await loadPromql())(query);
      expect([faults, foreign, unread]).toEqual([[], false, expect.stringContaining('Prometheus has')]);
    },
  );

  test('takes matchers alone where info() wants them', async () => {
    const read = await loadPromql();
    expect(read('info(up, {job="a"})').faults).toEqual([]);
    expect(read('info(up, target_info)').faults).toMatchObject([{ offset: 9 }]);
  });

  test.each(['approx_topk(10, sum by (a) (rate({app="a"}[5m])))', 'variants(count_over_time({app="a"}[1m])) of ({app="a"}[1m])'])(
    "of Loki's newest is left to Loki: %s",
    async (query) => {
      const { faults, unread } = (await loadLogql())(query);
      expect([faults, unread]).toEqual([[], expect.stringContaining('Loki has')]);
    },
  );
});

test.each([
  ['alert: [a]', 'The name of a rule is a text; here is a list.'],
  [
    'alert: A\n    for: 300y',
    '"for" of the alert "A" is the text "300y", which is no duration; write a number and a unit, such as 30s, 5m or 1h30m.',
  ],
])('a rule with %j is refused', async (fields, message) => {
  const told = await messages('prometheus_rule', `groups:\n- name: g\n  rules:\n  - ${fields}\n    expr: up\n`);
  expect(told.map(([, text]) => text)).toContain(message);
});

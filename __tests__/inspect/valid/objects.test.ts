import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { validateArtifactFile } from '../../../src/inspect/valid/validate-file.ts';

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
const indent = (text: string, by: number) => text.replace(/^(?=.)/gm, ' '.repeat(by));

const configMap = (key: string, text: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  ${key}: |-\n${indent(text, 4)}`;

describe('what is recognised', () => {
  test('each rule with its labels and line', async () => {
    const { objects } = await validateArtifactFile('prometheus_rule', { path: 'a.yaml', text: fixture('prometheus-rule.yaml') });
    expect(objects.map(({ kind, name, line }) => [kind, name, line])).toEqual([
      ['PrometheusRule', 'checkout-api', 1],
      ['group', 'checkout-api', 10],
      ['record', 'job:requests:rate5m', 13],
      ['alert', 'CheckoutLatencyHigh', 15],
      ['alert', 'CheckoutBudgetBurns', 25],
      ['group', 'checkout-api-slow', 30],
      ['alert', 'CheckoutBudgetBurnsSlowly', 32],
    ]);
    expect(objects[0]?.namespace).toBe('shop');
    expect(objects[3]?.labels.get('severity')).toBe('P1');
  });

  test('a dashboard in a ConfigMap, faults on its own lines', async () => {
    const text = configMap('checkout.json', fixture('dashboard.json').replace('[5m] offset', ' offset'));
    const { objects, errors } = await validateArtifactFile('dashboard', { path: 'a.yaml', text });
    expect(objects.map(({ name }) => name)).toEqual(['checkout-api Service Dashboard']);
    const line = text.split('\n').findIndex((found) => found.includes(' offset 1d')) + 1;
    expect(errors.map(({ place }) => place.line)).toEqual([line]);
  });

  test('several documents, and members of a List, beside objects of other kinds', async () => {
    const monitor = fixture('service-monitor.yaml');
    const list = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n-${indent(monitor, 2).slice(1)}`;
    const { ok, objects } = await validateArtifactFile('service_monitor', {
      path: 'a.yaml',
      text: `---\n# none\n---\n${list}\n---\n${monitor}`,
    });
    expect([ok, objects.length]).toEqual([true, 2]);
    expect(objects[0]?.line).toBe(9);
  });

  test('an Alertmanager configuration in a Secret', async () => {
    const text = `kind: Secret\nstringData:\n  alertmanager.yaml: |\n${indent(fixture('alertmanager.yml').replace('receiver: checkout-oncall', 'receiver: nobody'), 4)}`;
    const { errors } = await validateArtifactFile('notification_policy', { path: 'a.yaml', text });
    expect(errors.map(({ place }) => place.line)).toEqual([text.split('\n').findIndex((line) => line.includes('nobody')) + 1]);
  });

  test('merge keys, and objectives of each SLO', async () => {
    const text = fixture('sloth.yaml')
      .replace('  - name: requests-latency', '  - name: requests-latency')
      .replace('labels:\n  owner: checkout', 'labels: &l\n  owner: checkout');
    const { objects } = await validateArtifactFile('slo_definition', { path: 'a.yaml', text });
    expect(objects.map(({ name, labels }) => [name, labels.get('service'), labels.get('owner')])).toEqual([
      ['requests-availability', 'checkout-api', 'checkout'],
      ['requests-latency', 'checkout-api', 'checkout'],
    ]);
  });
});

describe('queries of dashboards', () => {
  const panel = (expr: string, type = 'prometheus') =>
    JSON.stringify({
      title: 't',
      templating: { list: ['v', 'ds', 'by', 'n'].map((name) => ({ name, type: 'custom' })) },
      panels: [{ id: 1, type: 'stat', datasource: { type, uid: 'x' }, targets: [{ refId: 'A', expr }] }],
    });

  test.each([
    'rate(x{a="$v", b=~"${v:regex}", c="[[v]]"}[$__rate_interval])',
    'sum by ($by) (rate($v[$__interval]))',
    'topk($n, x) > $n',
    'rate(x[$__range_s])',
    'rate(x[${__range_s}s:$__interval])',
    'x_${v}_total{$v}',
    '$v',
    'increase(${v}_total[$__range] offset $v)',
    'label_replace(x, "a", "$1", "b", "(.*)")',
    'quantile($n, x)',
    'x{a=~"foo$"}',
    '$v(rate(x[5m]))',
  ])('%s is read', async (expr) => {
    expect(await validateArtifactFile('dashboard', { path: 'a.json', text: panel(expr) })).toMatchObject({
      ok: true,
      errors: [],
      advice: [],
      unread: [],
    });
  });

  test.each(['sum({app="$v"} |= "$v" [$__auto])', 'count_over_time({app="$v"} | json | x > 5 [5m])', '{job=~"$v"} |~ "$v" | logfmt'])(
    '%s is read as LogQL',
    async (expr) => {
      const { errors } = await validateArtifactFile('dashboard', { path: 'loki.json', text: panel(expr.replace('sum(', 'rate('), 'loki') });
      expect(errors).toEqual([]);
    },
  );

  test('of a datasource that is not read here are said to be unread', async () => {
    const { ok, unread } = await validateArtifactFile('dashboard', { path: 'a.json', text: panel('SELECT 1', 'postgres') });
    expect([ok, unread.map(({ message }) => message)]).toEqual([true, [expect.stringContaining('"postgres"')]]);
  });

  test('of MetricsQL are said to be unread', async () => {
    const { ok, unread } = await validateArtifactFile('dashboard', { path: 'a.json', text: panel('histogram_share(0.2, x)') });
    expect([ok, unread.map(({ message }) => message)]).toEqual([true, [expect.stringContaining('MetricsQL')]]);
  });

  test('with a variable that nobody declares get advice', async () => {
    const { advice } = await validateArtifactFile('dashboard', { path: 'a.json', text: panel('x{a="$nobody"}') });
    expect(advice.map(({ message }) => message)).toEqual([expect.stringContaining('"nobody"')]);
  });
});

describe('advice', () => {
  test.each([
    ['an alert without "for"', 'rules.yml', '        for: 5m\n', '', /no "for"/],
    ['an alert without severity', 'rules.yml', 'severity: critical', 'team: a', /"severity"/],
    [
      'a rule twice',
      'rules.yml',
      'alert: Slow\n        expr: job:latency:p99 > 1\n        for: 5m\n        labels:\n          severity: warning',
      'alert: Down\n        expr: up\n        for: 5m\n        labels:\n          severity: critical',
      /line 4 already/,
    ],
    ['a second document', 'rules.yml', 'groups:\n', 'groups: []\n---\ngroups:\n', /only the first/],
    ['a range vector', 'rules.yml', 'sum by (job) (up)', 'up[5m]', /fail at every evaluation/],
  ])('%s', async (_, name, find, put, says) => {
    const { ok, advice } = await validateArtifactFile('prometheus_rule', { path: 'a.yaml', text: fixture(name).replace(find, put) });
    expect([ok, advice.map(({ message }) => message)]).toEqual([true, expect.arrayContaining([expect.stringMatching(says)])]);
  });
});

import { describe, expect, test } from '@jest/globals';
import { artifactTypes } from '../../src/artifacts/index.ts';
import { filesToOpen, type InspectOptions, inspectArtifacts, type PathRule } from '../../src/inspect/inspect-artifacts.ts';
import { contractOf } from '../contract/manifests.ts';

function inspect(names: readonly string[], files: readonly string[], rules: readonly PathRule[], options: Partial<InspectOptions> = {}) {
  const contract = contractOf({ targets: names.map((name) => ({ kind: 'Deployment', name })) }, { profile: 'full' });
  const all = { existing: [], tree: { dir: '', files }, rules, ...options };
  const inspection = inspectArtifacts(contract, artifactTypes, all);
  return {
    found: Object.fromEntries([...inspection.found].map(([id, { path }]) => [id, path])),
    rules: Object.fromEntries([...inspection.found].map(([id, { rule }]) => [id, rule])),
    codes: inspection.notices.map(({ code }) => code),
    looks: (id: string) => inspection.looksFor?.(id) ?? [],
    open: filesToOpen(contract, artifactTypes, all),
  };
}

const dashboards: PathRule = { type: 'dashboard', path: 'monitoring/**/{target}.json' };

describe('a path rule', () => {
  test.each([
    [dashboards, 'monitoring/svc.json', { 'svc-dashboard': 'monitoring/svc.json' }],
    [dashboards, 'monitoring/a/b/svc.json', { 'svc-dashboard': 'monitoring/a/b/svc.json' }],
    [dashboards, 'other/svc.json', {}],
    [dashboards, 'monitoring/svc-2.json', {}],
    [{ type: 'dashboard', path: '{target}/dash.json' }, 'svc/dash.json', { 'svc-dashboard': 'svc/dash.json' }],
    [{ type: 'dashboard', path: '{target}/{target}-*.json' }, 'svc/svc-main.json', { 'svc-dashboard': 'svc/svc-main.json' }],
    [{ type: 'dashboard', path: '{target}/{target}-*.json' }, 'svc/other-main.json', {}],
    [{ type: 'dashboard', path: 'dash/led.json', target: 'svc' }, 'dash/led.json', { 'svc-dashboard': 'dash/led.json' }],
    [{ type: 'dashboard', path: 'dash/led.json', target: 'nobody' }, 'dash/led.json', {}],
    [{ type: 'runbook', path: 'docs/{target}.md' }, 'docs/svc.md', { 'svc-runbook': 'docs/svc.md' }],
    [{ type: 'capability_index', path: 'caps/{target}.yaml' }, 'caps/m.yaml', { 'm-capability-index': 'caps/m.yaml' }],
    [{ type: 'dockerfile', path: '{target}/Dockerfile' }, 'svc/Dockerfile', {}],
  ] as const)('%j on %s finds %j', (rule, file, expected) => {
    expect(inspect(['svc'], [file], [rule]).found).toEqual(expected);
  });

  test('takes - and _ for equal, in names and in paths', () => {
    const rule = { type: 'dashboard', path: 'my_dash/{target}.json' };
    expect(inspect(['pay-api'], ['my-dash/pay_api.json'], [rule]).found).toEqual({ 'pay_api-dashboard': 'my-dash/pay_api.json' });
  });

  test('means the longest target that fits', () => {
    const rule = { type: 'dashboard', path: 'd/{target}*.json' };
    expect(inspect(['a', 'a-b'], ['d/a-b-main.json'], [rule]).found).toEqual({ 'a_b-dashboard': 'd/a-b-main.json' });
  });

  test('goes before the conventions, and the first of several counts', () => {
    const files = ['svc-dashboard.json', 'monitoring/svc.json', 'old/svc.json'];
    const old = { type: 'dashboard', path: 'old/{target}.json' };
    expect(inspect(['svc'], files, [dashboards, old])).toMatchObject({
      found: { 'svc-dashboard': 'monitoring/svc.json' },
      rules: { 'svc-dashboard': 'monitoring/**/{target}.json' },
      codes: [],
    });
    expect(inspect(['svc'], files, [old, dashboards]).found).toEqual({ 'svc-dashboard': 'old/svc.json' });
    expect(inspect(['svc'], files, [old], { existing: ['svc-dashboard:mine.json'] }).found).toEqual({ 'svc-dashboard': 'mine.json' });
  });

  test('tells when two files of one rule could be meant', () => {
    const { found, codes } = inspect(['svc'], ['monitoring/a/svc.json', 'monitoring/b/svc.json'], [dashboards]);
    expect([found, codes]).toEqual([{ 'svc-dashboard': 'monitoring/a/svc.json' }, ['existing-ambiguous']]);
  });
});

describe('a rule that matches by content', () => {
  const things = [
    {
      kind: 'alert',
      name: 'svc-alerts',
      labels: new Map([['service', 'svc']]),
      annotations: new Map([['owner', 'pay_api']]),
      line: 1,
      says: [],
    },
    { kind: 'alert', name: 'pay-api-alerts', labels: new Map([['service', 'pay-api']]), annotations: new Map(), line: 9, says: [] },
  ];
  const files = ['rules/all.yaml', 'rules/all.txt', 'other.yaml'];

  test.each([
    [{ label: 'service' }, ['pay_api-prometheus-rules', 'svc-prometheus-rules']],
    [{ annotation: 'owner' }, ['pay_api-prometheus-rules']],
    [{ name: '{target}-alerts' }, ['pay_api-prometheus-rules', 'svc-prometheus-rules']],
    [{ name: '{target}-slo' }, []],
    [{ label: 'team' }, []],
  ])('%j finds %j', (match, expected) => {
    const rule = { type: 'prometheus_rule', path: 'rules/*.yaml', match };
    const { found, open } = inspect(['svc', 'pay-api'], files, [rule], { opened: ({ path }) => (path === 'rules/all.yaml' ? things : []) });
    expect(Object.keys(found).sort()).toEqual(expected);
    expect(open).toEqual([{ type: 'prometheus_rule', path: 'rules/all.yaml' }]);
  });
});

describe('common layouts', () => {
  test.each([
    ['manifests/nodeExporter-prometheusRule.yaml', 'node_exporter-prometheus-rules'],
    ['manifests/nodeExporter-serviceMonitor.yaml', 'node_exporter-service-monitor'],
    ['node-exporter-mixin/prometheus_alerts.yaml', 'node_exporter-prometheus-rules'],
    ['out/node-exporter/prometheus_alerts.yml', 'node_exporter-prometheus-rules'],
    ['out/dashboards_out/node-exporter.json', 'node_exporter-dashboard'],
    ['grafana/provisioning/dashboards/infra/node-exporter.json', 'node_exporter-dashboard'],
    ['grafana/dashboards/node_exporter.json', 'node_exporter-dashboard'],
  ])('find %s', (file, id) => {
    expect(inspect(['node-exporter'], [file], []).found).toEqual({ [id]: file });
  });

  test('come after the conventions, and are no ambiguity beside them', () => {
    const { found, codes } = inspect(['svc'], ['grafana/dashboards/svc.json', 'x/svc-dashboard.json'], []);
    expect([found, codes]).toEqual([{ 'svc-dashboard': 'x/svc-dashboard.json' }, []]);
  });

  test.each(['package.json', 'src/svc.json', 'dashboards/other.json', 'svc/alerts.txt'])('credit %s to nobody', (file) => {
    expect(inspect(['svc'], [file], []).found).toEqual({});
  });
});

test('tells in order where an artifact was looked for, and what was seen', () => {
  const { looks } = inspect(
    ['svc'],
    ['monitoring/svc.json', 'svc-dashboard.json'],
    [dashboards, { type: 'runbook', path: 'x/{target}.md' }],
  );
  expect(looks('svc-dashboard').slice(0, 2)).toEqual([
    { rule: 'monitoring/**/{target}.json', files: ['monitoring/svc.json'] },
    { rule: '{target}-dashboard.json', files: ['svc-dashboard.json'] },
  ]);
  expect(looks('nobody')).toEqual([]);
});

test('looks through fifty thousand files for two thousand targets in a second', () => {
  const names = Array.from({ length: 2000 }, (_, number) => `svc-${number}`);
  const files = Array.from({ length: 50_000 }, (_, number) => `dir-${number % 100}/dashboards/svc-${number}.json`);
  const started = performance.now();
  expect(Object.keys(inspect(names, files, [{ type: 'dashboard', path: 'dir-*/**/{target}.json' }]).found)).toHaveLength(2000);
  expect(performance.now() - started).toBeLessThan(2500);
});

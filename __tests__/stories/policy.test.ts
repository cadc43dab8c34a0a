import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { Policy } from '../../src/manifest/policy.ts';
import { openPullRequest, type PullRequest, runOn, type StoryFacts } from './pull-request.ts';

const open: PullRequest[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one[Symbol.dispose]();
});

/** The bank's repository, with files of the base put beside it and committed before the change. */
function bank(files: Readonly<Record<string, string | undefined>>): PullRequest {
  const change = openPullRequest('no-such-story');
  open.push(change);
  change.git('switch', '-q', 'main');
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(change.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    if (text === undefined) rmSync(file);
    else writeFileSync(file, text);
  }
  change.git('add', '-A');
  change.git('commit', '-q', '-m', 'more');
  return { ...change, base: change.git('rev-parse', 'HEAD'), head: change.git('rev-parse', 'HEAD') };
}

async function findings(files: Readonly<Record<string, string | undefined>>, facts: StoryFacts = {}) {
  const { report, exitCode } = await runOn(bank(files), facts);
  return {
    exitCode,
    verdict: report.verdict.verdict,
    told: report.verdict.findings.map(({ code, level, message, place }) => ({ code, level, message, at: `${place?.file}:${place?.line}` })),
    notices: report.entries[0]?.notices.map(({ code }) => code),
  };
}

const POLICY = '.contextcore-quality.yaml';
const gate = (expr: string, level: Policy['customGates'][number]['level'] = 'warning') =>
  `custom-gates:\n  - name: own\n    level: ${level}\n    message: Not as agreed.\n    expr: ${JSON.stringify(expr)}\n`;

test.each([
  'artifacts.all(a, a.priority != "required" || a.status == "exists")',
  'coverage.percent >= 99 && coverage.required == 6 && coverage.gaps == 1',
  'targets.exists(t, t == "ledger") && project.criticality == "critical" && project.id == "bank"',
  'manifest.metadata.owners.size() > 0 && !has(manifest.spec.design)',
  'artifacts.filter(a, a.path.endsWith(".json")).size() == 1',
])('a custom gate holds: %s', async (expr) => {
  expect(await findings({ [POLICY]: gate(expr, 'critical') })).toMatchObject({ exitCode: 0, verdict: 'pass' });
});

test('a custom gate that does not hold is told with its message, level and line', async () => {
  const { exitCode, told } = await findings({ [POLICY]: gate('artifacts.exists(a, a.target == "payouts")', 'critical') });
  expect([exitCode, told]).toEqual([
    1,
    [{ code: 'own/expression_false', level: 'critical', message: 'Not as agreed.', at: `${POLICY}:5` }],
  ]);
});

test.each([
  ['artifacts.all(a,', 'Unexpected token: EOF'],
  ['artifacts.size()', 'it yields int, and a gate needs true or false'],
  ['nobody.knows', 'Unknown variable: nobody'],
  ['1 + "a" == 2', 'no such overload'],
  [Array.from({ length: 300 }, () => 'true').join('||'), 'maxAstNodes'],
])('a broken expression is a fault of the policy, on its line: %s', async (expr, why) => {
  const { exitCode, told } = await findings({ [POLICY]: gate(expr) });
  expect(exitCode).toBe(1);
  expect(told).toEqual([{ code: 'policy/broken-expression', level: 'critical', message: expect.stringContaining(why), at: `${POLICY}:5` }]);
});

test.each([
  ['manifest.nothing == 1', 'No such key: nothing'],
  ['"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab".matches("^(a+)+$")', 'it took longer than 1000 ms'],
])('an expression without an answer blocks, and never passes: %s', async (expr, why) => {
  const { exitCode, told } = await findings({ [POLICY]: gate(expr) });
  expect([exitCode, told]).toEqual([
    1,
    [expect.objectContaining({ code: 'own/expression_failed', level: 'critical', message: expect.stringContaining(why) })],
  ]);
});

test('a custom gate may be waived and graded like any other', async () => {
  const off = `${gate('false', 'critical')}gates: {own: off}\n`;
  expect(await findings({ [POLICY]: off })).toMatchObject({ exitCode: 0, told: [] });
});

const RULES = (service: string, label = 'service') => `groups:
  - name: all
    rules:
      - alert: Burn
        expr: up{job="${service}"} == 0
        for: 5m
        labels: {severity: P1, ${label}: ${service}}
        annotations: {summary: down}
`;

test('one file that holds several artifacts is told apart by a label, and each is judged by its own part', async () => {
  const files = {
    'observability/prometheus/ledger-prometheus-rules.yaml': undefined,
    'rules/all.yaml': RULES('ledger'),
    [POLICY]: 'artifacts:\n  - {type: prometheus_rule, path: "rules/*.yaml", match: {label: service}}\n',
  };
  expect(await findings(files)).toMatchObject({ exitCode: 0, told: [] });
  const foreign = { ...files, 'rules/all.yaml': RULES('payouts') };
  expect((await findings(foreign)).told).toMatchObject([{ code: 'required-artifacts/missing_required_artifact' }]);
});

const OBJECT = (service: string, severity: string) => `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: ${service}-rules
  labels: {service: ${service}}
  annotations: {team/service: ${service}}
spec:
  groups:
    - name: all
      rules:
        - alert: Down
          expr: up{job="${service}"} == 0
          for: 5m
          labels: {severity: ${severity}}
`;

test.each(['label: service', 'name: "{target}-rules"', 'annotation: team/service'])(
  'objects of one file are told apart by what they carry themselves, and what is in them is judged: %s',
  async (match) => {
    const rules = (own: string, other: string) => ({
      'observability/prometheus/ledger-prometheus-rules.yaml': undefined,
      'rules/all.yaml': `${OBJECT('payouts', other)}---\n${OBJECT('ledger', own)}`,
      [POLICY]: `artifacts:\n  - {type: prometheus_rule, path: "rules/*.yaml", match: {${match}}}\n`,
    });
    expect(await findings(rules('P1', 'P4'))).toMatchObject({ exitCode: 0, told: [] });
    expect((await findings(rules('P4', 'P1'))).told).toMatchObject([
      { code: 'artifact-validity/outdated_artifact', at: 'rules/all.yaml:29' },
    ]);
  },
);

test('dashboards in ConfigMaps are told apart by what the ConfigMaps carry', async () => {
  const map = (service: string, expr: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${service}, labels: {service: ${service}}}\ndata:\n  any.json: |\n` +
    `    {"title": "Any", "panels": [{"type": "stat", "title": "a", "datasource": "Prometheus", "targets": [{"expr": "${expr}"}]}]}\n`;
  const maps = (expr: string) => ({
    'observability/grafana/ledger-dashboard.json': undefined,
    'dashboards.yaml': `apiVersion: v1\nkind: List\nitems: []\n---\n${map('payouts', 'up')}---\n${map('ledger', expr)}`,
    [POLICY]: 'artifacts:\n  - {type: dashboard, path: dashboards.yaml, match: {label: service}}\n',
  });
  expect(await findings(maps('up'))).toMatchObject({ exitCode: 0, told: [] });
  expect((await findings(maps('sum(up'))).told).toContainEqual(
    expect.objectContaining({ code: 'artifact-validity/invalid_artifact', at: 'dashboards.yaml:17' }),
  );
});

test('a file that should tell whose it is and cannot be read is an error on its line', async () => {
  const files = {
    'rules/all.yaml': 'groups: [',
    [POLICY]: 'artifacts:\n  - {type: prometheus_rule, path: "rules/*.yaml", match: {label: service}}\n',
  };
  const { exitCode, told } = await findings(files);
  const message = expect.stringMatching(/^rules\/all\.yaml should tell whose prometheus_rule it holds, and cannot be read: /);
  expect([exitCode, told]).toEqual([
    0,
    [{ code: 'artifact-validity/unreadable_artifact_file', level: 'error', message, at: 'rules/all.yaml:1' }],
  ]);
});

test('levels of the policy grade what a gate graded itself', async () => {
  const files = { 'observability/runbooks/ledger-runbook.md': undefined, [POLICY]: 'gates: {required-artifacts: critical}\n' };
  expect((await findings(files)).told).toMatchObject([{ code: 'required-artifacts/missing_required_artifact', level: 'critical' }]);
});

test('coverage may be compared with a number', async () => {
  const files = { 'observability/runbooks/ledger-runbook.md': undefined, [POLICY]: 'coverage-policy: absolute\nmin-coverage: 90\n' };
  const { exitCode, told } = await findings(files);
  expect([exitCode, told.map(({ code }) => code)]).toEqual([1, expect.arrayContaining(['coverage-ratchet/coverage_below_minimum'])]);
});

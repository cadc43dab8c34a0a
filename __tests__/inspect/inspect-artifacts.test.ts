import { describe, expect, test } from '@jest/globals';
import { artifactTypes } from '../../src/artifacts/index.ts';
import type { Profile } from '../../src/contract/contract.ts';
import { declaredPaths, type InspectOptions, inspectArtifacts } from '../../src/inspect/inspect-artifacts.ts';
import { contractOf } from '../contract/manifests.ts';

function inspect(names: readonly string[], options: Partial<InspectOptions>, profile: Profile = 'full') {
  const targets = names.map((name) => ({ kind: 'Deployment', name }));
  const inspection = inspectArtifacts(contractOf({ targets }, { profile }), artifactTypes, { existing: [], ...options });
  return {
    found: Object.fromEntries([...inspection.found].map(([id, { path }]) => [id, path])),
    rules: Object.fromEntries([...inspection.found].map(([id, { rule }]) => [id, rule])),
    notices: inspection.notices,
    codes: inspection.notices.map(({ code }) => code),
  };
}

function find(names: readonly string[], files: readonly string[], dir = '') {
  return inspect(names, { tree: { dir, files } });
}

describe('conventions', () => {
  test.each([
    ['svc-dashboard.json', 'svc-dashboard'],
    ['svc-prometheus-rules.yaml', 'svc-prometheus-rules'],
    ['svc-prometheus-rules.yml', 'svc-prometheus-rules'],
    ['svc-rules.yaml', 'svc-prometheus-rules'],
    ['svc-slo.yaml', 'svc-slo'],
    ['svc-slo-definition.yaml', 'svc-slo'],
    ['svc-service-monitor.yaml', 'svc-service-monitor'],
    ['svc-loki-rules.yaml', 'svc-loki-rules'],
    ['svc-notification.yaml', 'svc-notification'],
    ['svc-notification-policy.yaml', 'svc-notification'],
    ['svc-notifications.yml', 'svc-notification'],
    ['svc-runbook.md', 'svc-runbook'],
    ['docs/capability-index/contextcore.agent.yaml', 'm-capability-index'],
  ])('credit %s to %s, at any depth', (file, id) => {
    expect(find(['svc'], [file])).toMatchObject({ found: { [id]: file }, notices: [] });
    expect(find(['svc'], [`a/.b/${file}`]).found).toEqual({ [id]: `a/.b/${file}` });
  });

  test.each([
    'svc-dashboard.yaml',
    'svc-dashboard.JSON',
    'svc-dashboard.json.bak',
    'svcdashboard.json',
    '-dashboard.json',
    'dashboard.json',
    'other-dashboard.json',
    'my-svc-dashboard.json',
    'svc-notification/readme.yaml',
    'svc-alert-template.yaml',
    'contextcore.agent.yaml',
    'xdocs/capability-index/contextcore.agent.yaml',
    'Dockerfile',
    '',
  ])('credit %j to nobody', (file) => {
    expect(find(['svc'], [file])).toMatchObject({ found: {}, notices: [] });
  });

  test.each(['checkout-api-dashboard.json', 'checkout_api-dashboard.json', 'checkout_api_dashboard.json'])(
    'take - and _ for equal: %s',
    (file) => {
      expect(find(['checkout-api'], [file]).found).toEqual({ 'checkout_api-dashboard': file });
      expect(find(['checkout_api'], [file]).found).toEqual({ 'checkout_api-dashboard': file });
    },
  );

  test('never take log rules for alert rules while the shorter target exists', () => {
    expect(find(['a', 'a-loki'], ['a-loki-rules.yaml']).found).toEqual({ 'a-loki-rules': 'a-loki-rules.yaml' });
    expect(find(['a-loki'], ['a-loki-rules.yaml']).found).toEqual({ 'a_loki-prometheus-rules': 'a-loki-rules.yaml' });
    expect(find(['a'], ['a-loki-rules.yaml']).found).toEqual({ 'a-loki-rules': 'a-loki-rules.yaml' });
  });

  test('prefer a whole name to one with room for more, and the longer target', () => {
    expect(find(['a', 'a-notification'], ['a-notification-rules.yaml']).found).toEqual({
      'a_notification-prometheus-rules': 'a-notification-rules.yaml',
    });
    expect(find(['a', 'a-notification'], ['a-notification-notification.yaml']).found).toEqual({
      'a_notification-notification': 'a-notification-notification.yaml',
    });
    expect(find(['a'], ['a-notification-notification.yaml']).found).toEqual({ 'a-notification': 'a-notification-notification.yaml' });
  });

  test('say which rule found a file', () => {
    expect(find(['svc'], ['svc-notification-policy.yml']).rules).toEqual({ 'svc-notification': '{target}-notification*.yml' });
  });

  test('record the path below the directory that was looked through', () => {
    expect(find(['svc'], ['k8s/svc-slo.yaml'], 'infra/prod').found).toEqual({ 'svc-slo': 'infra/prod/k8s/svc-slo.yaml' });
  });

  test('find nothing of what the profile leaves out', () => {
    const tree = { dir: '', files: ['svc-dashboard.json', 'svc-rules.yaml'] };
    expect(inspect(['svc'], { tree }, 'monitoring')).toMatchObject({ found: { 'svc-prometheus-rules': 'svc-rules.yaml' }, notices: [] });
  });

  test('take the first of several files, and tell of the others', () => {
    const { found, notices } = find(['svc'], ['a/svc-dashboard.json', 'b/svc-dashboard.json', 'c/svc_dashboard.json']);
    expect(found).toEqual({ 'svc-dashboard': 'a/svc-dashboard.json' });
    expect(notices).toMatchObject([{ code: 'existing-ambiguous', place: { file: 'a/svc-dashboard.json', line: 1 } }]);
    expect(notices[0]?.message).toContain('b/svc-dashboard.json, c/svc_dashboard.json');
  });

  test('tell of many files without naming all of them', () => {
    const files = Array.from({ length: 100 }, (_, number) => `${number + 100}/svc-dashboard.json`);
    expect(find(['svc'], files).notices[0]?.message).toMatch(/101\/.*105\/svc-dashboard\.json and 94 more could be meant/);
  });

  test('look through fifty thousand files for two thousand targets in linear time', () => {
    const names = Array.from({ length: 2000 }, (_, number) => `svc-${number}`);
    const files = Array.from({ length: 50_000 }, (_, number) => `dir/svc-${number % 4000}-notification-of-notification-${number}.yaml`);
    const started = performance.now();
    expect(Object.keys(find(names, files).found)).toHaveLength(2000);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('--existing', () => {
  test('splits at the first colon and takes paths that are no files', () => {
    expect(inspect(['svc'], { existing: ['svc-slo:s3://bucket/slo.yaml'] })).toMatchObject({
      found: { 'svc-slo': 's3://bucket/slo.yaml' },
      rules: { 'svc-slo': '--existing' },
      notices: [],
    });
    expect(declaredPaths(['svc-slo:s3://bucket/slo.yaml', 'bad', 'svc-slo:b'])).toEqual(['b']);
  });

  test('goes before the conventions', () => {
    const tree = { dir: '', files: ['a/svc-slo.yaml', 'b/svc-slo.yaml'] };
    expect(inspect(['svc'], { existing: ['svc-slo:mine.yaml'], tree })).toMatchObject({ found: { 'svc-slo': 'mine.yaml' }, notices: [] });
  });

  test.each([
    ['malformed', 'existing-malformed', 'no colon'],
    [':path', 'existing-malformed', 'names no artifact'],
    ['svc-slo:', 'existing-malformed', 'names no path'],
    ['nobody-slo:x', 'existing-unknown', 'no artifact of this manifest has the id "nobody-slo"'],
    ['svc_slo:x', 'existing-unknown', 'did you mean "svc-slo"?'],
    ['__proto__:x', 'existing-unknown', '"__proto__"'],
  ])('%s counts for nothing and is told', (item, code, why) => {
    const { found, notices } = inspect(['svc'], { existing: [item] });
    expect(found).toEqual({});
    expect(notices).toMatchObject([{ code }]);
    expect(notices[0]?.message).toContain(why);
  });

  test('is told when the profile leaves the artifact out', () => {
    const { notices } = inspect(['my-svc'], { existing: ['my_svc-slo:x', 'm-capability-index:y', 'my_svc-nothing:z'] }, 'monitoring');
    expect(notices.map(({ message }) => message)).toEqual([
      expect.stringContaining('profile "monitoring" leaves "my_svc-slo" out'),
      expect.stringContaining('has the id "my_svc-nothing"'),
    ]);
  });

  test('takes the last of two words on one artifact, and tells', () => {
    const { found, codes } = inspect(['svc'], { existing: ['svc-slo:a', 'svc-slo:b', 'svc-slo:b'] });
    expect(found).toEqual({ 'svc-slo': 'b' });
    expect(codes).toEqual(['existing-repeated']);
  });

  test('that names no file is taken on trust, or not at all, and told either way', () => {
    const existing = ['svc-slo:gone.yaml', 'svc-runbook:there.md'];
    const present = new Set(['there.md']);
    const tree = { dir: '', files: ['svc-slo.yaml'] };
    expect(inspect(['svc'], { existing, present, tree })).toMatchObject({
      found: { 'svc-slo': 'gone.yaml', 'svc-runbook': 'there.md' },
      codes: ['existing-missing'],
    });
    expect(inspect(['svc'], { existing, present, tree, declared: 'checked' })).toMatchObject({
      found: { 'svc-runbook': 'there.md' },
      codes: ['existing-missing'],
    });
    expect(inspect(['svc'], { existing, present, tree, declared: 'checked' }).found).not.toHaveProperty('svc-slo');
  });
});

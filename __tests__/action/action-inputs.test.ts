import { describe, expect, test } from '@jest/globals';
import { type ActionSettings, DEFAULTS, type InputFault, readInputs } from '../../src/action-inputs.ts';
import type { CiContext } from '../../src/host/github/ci-context.ts';

const ci: CiContext = {
  fork: false,
  scope: 'proposed',
  attributes: {},
  losses: [],
  checkRunId: '67890',
  job: 'gate',
  jobIndex: '2',
  step: '__self',
};

function read(given: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}, context = ci) {
  const inputs = Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  return readInputs({ RUNNER_TEMP: '/runner/temp', ...Object.fromEntries(inputs), ...env }, context);
}

function settingsOf(...args: Parameters<typeof read>): ActionSettings {
  const answer = read(...args);
  if (!answer.ok) throw new Error(answer.faults.map(({ message }) => message).join('\n'));
  return answer.settings;
}

function faultsOf(...args: Parameters<typeof read>): readonly InputFault[] {
  const answer = read(...args);
  return answer.ok ? [] : answer.faults;
}

describe('inputs', () => {
  test('left out and left empty are the same: the defaults, and a folder outside the workspace', () => {
    const empty = Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, '  ']));
    expect(settingsOf(empty)).toEqual(settingsOf({}));
    expect(settingsOf({})).toEqual({
      run: {
        mode: 'run',
        manifests: ['.contextcore.yaml'],
        ifNoManifest: 'error',
        outputDir: '/runner/temp/contextcore-export-__self',
        namespace: 'default',
        profile: 'full',
        scanExisting: '.',
        existing: [],
        emitTasks: 'auto',
        otlpTimeoutMs: 30_000,
        tracePlacement: 'own',
        traceLimit: 2000,
        failOn: 'critical',
        onlyNew: false,
        baseline: 'auto',
        backup: false,
        format: 'yaml',
        ci,
      },
      annotations: 'workflow-command',
      upload: true,
      artifactName: 'contextcore-export-67890-__self',
    });
  });

  test('become the settings of the run', () => {
    const { run, ...door } = settingsOf({
      mode: 'check',
      'export-dir': 'out',
      'project-id': 'shop',
      existing: 'ledger-slo: slo/ledger.yaml\n\nledger-dashboard:dash/ledger.json\n',
      'min-coverage': '80%',
      'strict-quality': 'true',
      'otlp-endpoint': 'https://otlp.example.com',
      'otlp-headers': 'a=b',
      'otlp-timeout': '500ms',
      'artifact-name': 'observability',
      'retention-days': '7',
      'upload-artifact': 'False',
      annotations: 'off',
    });
    expect(run).toMatchObject({
      mode: 'check',
      exportDir: 'out',
      projectId: 'shop',
      existing: ['ledger-slo: slo/ledger.yaml', 'ledger-dashboard:dash/ledger.json'],
      minCoverage: 80,
      strictQuality: true,
      otlpEndpoint: 'https://otlp.example.com',
      otlpHeaders: 'a=b',
      otlpTimeoutMs: 500,
    });
    expect(door).toEqual({ annotations: 'off', upload: false, artifactName: 'observability', retentionDays: 7 });
  });

  test('are judged together: every fault at once, in the order of action.yml, each naming its input', () => {
    const faults = faultsOf({
      mode: 'runn',
      'if-no-manifest': 'warning',
      profile: 'fulll',
      existing: 'no-colon',
      'min-coverage': '0.8',
      'strict-quality': 'yes',
      'emit-tasks': 'dryrun',
      'otlp-endpoint': 'collector:4317',
      'otlp-headers': 'secret-without-name',
      'otlp-protocol': 'grpc',
      'otlp-timeout': 'soon',
      traceparent: 'xyz',
      'trace-placement': 'github',
      'trace-limit': '0',
      'fail-on': 'ciritcal',
      annotations: 'check-run',
      'upload-artifact': '1',
      'artifact-name': 'a/b',
      'retention-days': 'forever',
      'check-run-id': 'x',
      'job-index': '-1',
    });
    expect(faults.map(({ input }) => input)).toEqual([
      'mode',
      'if-no-manifest',
      'profile',
      'existing',
      'min-coverage',
      'strict-quality',
      'emit-tasks',
      'otlp-endpoint',
      'otlp-headers',
      'otlp-protocol',
      'otlp-timeout',
      'traceparent',
      'trace-placement',
      'trace-limit',
      'fail-on',
      'annotations',
      'upload-artifact',
      'artifact-name',
      'retention-days',
      'check-run-id',
      'job-index',
    ]);
    for (const { input, message } of faults) expect(message).toMatch(new RegExp(`^\`${input}\`: .{20,}[.?]$`));
    expect(faults.find(({ input }) => input === 'fail-on')?.message).toContain('did you mean `critical`?');
    expect(JSON.stringify(faults)).not.toContain('secret-without-name');
  });

  test.each(['services/*/.contextcore.yaml', 'a.yaml\nb.yaml', '{a,b}.yaml'])(
    'that speak of one manifest are refused beside `manifest: %j`',
    (manifest) => {
      const alone = { 'project-id': 'shop', existing: 'a:b', 'task-mapping': 'tasks.json', 'export-dir': 'out' };
      expect(faultsOf({ manifest, ...alone }).map(({ input }) => input)).toEqual(['export-dir', 'project-id', 'existing', 'task-mapping']);
      expect(faultsOf({ manifest: 'one.yaml', ...alone })).toEqual([]);
      expect(settingsOf({ manifest, 'service-metadata': 'meta.json' }).run.manifests).toEqual(manifest.split('\n'));
    },
  );

  test('of `mode: check` need the export that is to be judged', () => {
    expect(faultsOf({ mode: 'check' })).toEqual([{ input: 'export-dir', message: expect.stringContaining('say where it lies') }]);
  });

  test('misspelt in their name are told, with the one that was meant; others of the environment are not ours', () => {
    const { notices } = read({}, { 'INPUT_FIAL-ON': 'never', INPUT_SOMETHING_ELSE: 'x', INPUT_OTLP_ENDPOINT: 'x' });
    expect(notices).toEqual([
      expect.stringContaining('`fial-on` is no input of this action'),
      expect.stringContaining('did you mean `otlp-endpoint`?'),
    ]);
  });

  test('take the trace context of the environment, which the input overrides', () => {
    const [given, inherited] = ['1', '2'].map((digit) => `00-${digit.repeat(32)}-00f067aa0ba902b7-01`) as [string, string];
    expect(settingsOf({}, { TRACEPARENT: inherited }).run.traceparent).toBe(inherited);
    expect(settingsOf({ traceparent: given }, { TRACEPARENT: inherited }).run.traceparent).toBe(given);
    expect(settingsOf({}, { TRACEPARENT: '' }).run.traceparent).toBeUndefined();
  });

  test.each([
    [{}, 'contextcore-export-67890-__self'],
    [{ checkRunId: undefined }, 'contextcore-export-gate-2-__self'],
    [{ checkRunId: undefined, jobIndex: undefined, step: 'ex/port:1' }, 'contextcore-export-gate-ex_port_1'],
    [{ checkRunId: undefined, job: undefined, jobIndex: undefined, step: undefined }, 'contextcore-export'],
  ])('name the artifact for %j %s', (changed, name) => {
    const context = Object.fromEntries(
      Object.entries({ ...ci, ...changed }).filter(([, value]) => value !== undefined),
    ) as unknown as CiContext;
    expect(settingsOf({}, {}, context).artifactName).toBe(name);
  });

  test.each(['##[add-mask]x', 'a\nb', 'a:b', 'a\u202eb', 'x'.repeat(201)])('refuse the artifact name %j', (name) => {
    expect(faultsOf({ 'artifact-name': name }).map(({ input }) => input)).toEqual(['artifact-name']);
  });
});

import { afterAll, describe, expect, test } from '@jest/globals';
import { defineGate } from '../../src/gatekeeper/define-gate.ts';
import type { Gate, GateResult, Judgement } from '../../src/gatekeeper/gate.ts';
import { gate1, ours } from '../../src/gates/index.ts';
import { fieldSpot } from '../../src/gates/parameter-resolvability.ts';
import { artifactManifest, type Change, open, removeFolders, run } from '../gates/export-folder.ts';

afterAll(removeFolders);

const gate = (judgement: Judgement | Error, more: Partial<Gate> = {}): Gate => ({
  key: 'a-gate',
  title: 'A gate',
  phase: 'OTHER',
  stage: 'OTHER',
  group: 'ours',
  fails: { severity: 'error', blocking: true },
  asks: 'Is it so?',
  why: 'Because.',
  reads: ['nothing'],
  judge: () => {
    if (judgement instanceof Error) throw judgement;
    return judgement;
  },
  ...more,
});
const failure: Extract<Judgement, { outcome: 'fail' }> = { outcome: 'fail', reason: 'No.', nextAction: 'Do.', evidence: [] };
const brief = ({ outcome, severity, blocking }: GateResult) => `${outcome}/${severity}/${blocking}`;

describe('how grave an answer is', () => {
  test.each([
    ['an ordinary failure', failure, {}, 'fail/error/true'],
    ['a failure that does not block', { ...failure, blocking: false }, {}, 'fail/error/false'],
    ['a warning that would like to block', { ...failure, severity: 'warning', blocking: true }, {}, 'fail/warning/false'],
    [
      'a raised failure of a gate that does not block',
      { ...failure, severity: 'critical', blocking: true },
      { fails: { severity: 'warning', blocking: false } },
      'fail/critical/true',
    ],
    ['a pass', { outcome: 'pass', reason: 'Yes.', evidence: [] }, {}, 'pass/info/false'],
    ['a pass with advice', { outcome: 'pass', advisory: true, reason: 'Yes.', evidence: [] }, {}, 'pass/warning/false'],
    ['a gate that could not look', { outcome: 'skipped', code: 'input_absent', reason: 'No file.' }, {}, 'skipped/info/false'],
    ['a gate that breaks', new TypeError('x is not a function'), {}, 'crashed/critical/true'],
  ] satisfies readonly (readonly [string, Judgement | Error, Partial<Gate>, string])[])('%s', async (_title, judgement, more, expected) => {
    const { subject } = await open();
    expect(brief(run([gate(judgement, more)], subject)[0]!)).toBe(expected);
  });

  test.each([
    ['warning', 'fail/warning/false'],
    ['error', 'fail/error/false'],
    ['critical', 'fail/critical/true'],
    ['off', 'skipped/info/false'],
  ] as const)('the policy level %s', async (level, expected) => {
    const { subject } = await open();
    expect(brief(run([gate(failure)], subject, { levels: new Map([['a-gate', level]]) })[0]!)).toBe(expected);
  });

  test('a level changes no pass and no crash', async () => {
    const { subject } = await open();
    const levels = new Map([['a-gate', 'warning' as const]]);
    expect(run([gate({ outcome: 'pass', reason: 'Yes.', evidence: [] }), gate(new Error('x'))], subject, { levels }).map(brief)).toEqual([
      'pass/info/false',
      'crashed/critical/true',
    ]);
  });
});

test('a crash is a sentence without a stack, and the other gates still answer', async () => {
  const { subject } = await open();
  const [crash, next] = run([gate(new Error('boom')), gate1[0]!], subject);
  expect(crash!.reason).toMatch(/"a-gate" broke.*Error: boom/);
  expect(crash!.reason).not.toMatch(/\n|at .*:\d+/);
  expect(crash!.nextAction).toMatch(/a-gate: off/);
  expect(next!.outcome).toBe('pass');
});

test('every result tells who, when and for whom', async () => {
  const { subject } = await open({ options: { taskId: 'T-1', traceId: 'abc' } });
  expect(run([gate(failure)], subject)[0]).toMatchObject({
    gateId: 'T-1-a-gate',
    taskId: 'T-1',
    traceId: 'abc',
    checkedAt: '2026-02-03T04:05:06.000Z',
    durationMs: 0,
  });
});

describe('defining a gate', () => {
  test.each([
    ['a key that is no kebab-case', { key: 'A_Gate' }, /kebab-case/],
    ['nothing asked', { asks: ' ' }, /"asks"/],
    ['no reason', { why: '' }, /"why"/],
    ['nothing read', { reads: [] }, /reads/],
    ['a phase that does not exist', { phase: 'LUNCH' as never }, /phase/],
    ['a warning that blocks', { fails: { severity: 'warning', blocking: true } }, /block/],
  ] satisfies readonly (readonly [string, Partial<Gate>, RegExp])[])('refuses %s', (_title, more, message) => {
    expect(() => defineGate(gate(failure, more))).toThrow(message);
  });
});

describe('where a finding stands', () => {
  const gates = new Map([...gate1, ...ours].map((one) => [one.key, one]));
  const place = async (key: string, change: Change, after?: Change) => {
    const { subject } = await open({ change, ...(after && { after }) });
    return run([gates.get(key)!], subject)[0]!.evidence.flatMap((item) =>
      item.finding || item.advice ? [`${item.type} ${item.place?.file}:${item.place?.line}`] : [],
    );
  };
  const nothing = () => {};

  test.each([
    [
      'a missing project id on the project',
      'structural-integrity',
      (f) => delete f.onboarding.project_id,
      undefined,
      ['missing_field .contextcore.yaml:7'],
    ],
    [
      'missing coverage on the targets',
      'structural-integrity',
      (f) => delete f.onboarding.coverage,
      undefined,
      ['missing_field .contextcore.yaml:10'],
    ],
    [
      'a missing version at the head of the metadata',
      'structural-integrity',
      (f) => delete f.onboarding.version,
      undefined,
      ['missing_field out/onboarding-metadata.json:1'],
    ],
    ['a changed manifest at its head', 'checksum-chain', nothing, (f) => (f.manifest += '#'), ['checksum_mismatch .contextcore.yaml:1']],
    [
      'a missing output at its entry',
      'provenance-consistency',
      (f) => f.provenance.outputFiles.push('gone'),
      undefined,
      ['missing_output_file out/provenance.json:7'],
    ],
    [
      'an unmapped gap at its artifact',
      'mapping-completeness',
      (f) => delete f.onboarding.artifact_task_mapping['teller-slo'],
      undefined,
      ['unmapped_artifact out/bank-artifact-manifest.yaml:16'],
    ],
    [
      'an orphan at the artifact that it is',
      'gap-parity',
      (f) => f.onboarding.coverage.gaps.shift(),
      undefined,
      ['orphan_feature out/bank-artifact-manifest.yaml:6'],
    ],
    [
      'an unresolved parameter at the field it comes from',
      'parameter-resolvability',
      (f) => (f.onboarding.parameter_resolvability['teller-slo'].availability.status = 'unresolved'),
      undefined,
      ['unresolved_parameter .contextcore.yaml:9'],
    ],
    [
      'one without a field at the parameter of its artifact',
      'parameter-resolvability',
      (f) => (f.onboarding.parameter_resolvability['teller-slo'].availability = { status: 'unresolved', source_path: null }),
      undefined,
      ['unresolved_parameter out/bank-artifact-manifest.yaml:24'],
    ],
    [
      'a service without a protocol on its target',
      'service-metadata',
      (f) => (f.onboarding.service_metadata.vault = {}),
      undefined,
      ['missing_transport_protocol .contextcore.yaml:14'],
    ],
    [
      'a file that is too long after its last allowed line',
      'design-calibration',
      (f) => (f.more['out/slo/teller.yaml'] = 'x\n'.repeat(151)),
      undefined,
      ['loc_violation out/slo/teller.yaml:151'],
    ],
    [
      'a file that is too short at its head',
      'design-calibration',
      (f) => (f.more['out/slo/teller.yaml'] = 'x\n'),
      undefined,
      ['loc_violation out/slo/teller.yaml:1'],
    ],
    [
      'a required artifact on its target',
      'required-artifacts',
      nothing,
      undefined,
      ['missing_required_artifact .contextcore.yaml:12', 'missing_required_artifact .contextcore.yaml:12'],
    ],
    [
      'a file that is no JSON where it stops being it',
      'provenance-consistency',
      (f) => (f.more['out/provenance.json'] = '{\n"a": NaN}'),
      undefined,
      ['malformed_input out/provenance.json:2'],
    ],
  ] satisfies readonly (readonly [string, string, Change, Change | undefined, readonly string[]])[])(
    '%s',
    async (_title, key, change, after, expected) => {
      expect(await place(key, change, after)).toEqual(expected);
    },
  );

  test('is nowhere when no candidate lies in the workspace', async () => {
    const { subject } = await open({ change: (f) => (f.provenance.outputFiles = ['gone']) });
    const outside = {
      ...subject,
      files: Object.fromEntries(
        Object.entries(subject.files).map(([role, file]) => [role, file?.text === undefined ? {} : { text: file.text }]),
      ),
    };
    expect(run([gates.get('provenance-consistency')!], outside)[0]!.evidence[0]!.place).toBeUndefined();
  });

  test('comes from the manifest that was already read, when it is handed in', async () => {
    const { subject } = await open();
    const asked: string[] = [];
    const locate = (path: string) => {
      asked.push(path);
      return { file: 'elsewhere', line: 77 };
    };
    const results = run([gates.get('required-artifacts')!], subject, { manifest: { locate, targets: ['vault', 'teller'] } });
    expect(asked).toEqual(['spec.targets.1.name', 'spec.targets.1.name']);
    expect(results[0]!.evidence[0]!.place).toEqual({ file: '.contextcore.yaml', line: 77, column: 1 });
  });

  test('an orphan that is no artifact stands at its owner', async () => {
    const [found] = await place('gap-parity', (f) => (f.onboarding.file_ownership['x'] = { artifact_ids: ['strange'] }));
    const { subject } = await open({ change: (f) => (f.onboarding.file_ownership['x'] = { artifact_ids: ['strange'] }) });
    const line = subject.files.onboarding!.text!.split('\n').findIndex((text) => text.includes('"strange"')) + 1;
    expect(found).toBe(`orphan_feature out/onboarding-metadata.json:${line}`);
  });

  test('finds entries of an artifact manifest in JSON', async () => {
    const ids = ['teller-dashboard', 'teller-slo', 'vault-runbook'];
    const text = JSON.stringify({ artifacts: ids.map((id) => ({ id, type: 'runbook', status: 'needed' })) }, null, 1);
    expect(
      await place('mapping-completeness', (f) => {
        f.artifactManifest = text;
        delete f.onboarding.artifact_task_mapping['teller-slo'];
      }),
    ).toEqual(['unmapped_artifact out/bank-artifact-manifest.yaml:9']);
  });
});

describe('the field a source path speaks of', () => {
  test.each([
    ['manifest.spec.business.criticality (→ severity map)', 'manifest spec.business.criticality'],
    ['manifest.spec.risks[]', 'manifest spec.risks'],
    ['manifest.metadata.owners', 'manifest metadata.owners'],
    ['manifest.spec.a + manifest.spec.b', 'manifest spec.a'],
    ['crd.spec.targets[].namespace or default', 'project-context spec.targets.namespace'],
    ['manifest (template default)', undefined],
    ['project conventions', undefined],
    ['docs/capability-index/', undefined],
    ['', undefined],
  ])('%j is %p', (source, expected) => {
    const spot = fieldSpot(source);
    expect(spot && `${spot.file} ${spot.path}`).toBe(expected);
  });
});

describe('cycles of dependencies', () => {
  const cycles = ours.find(({ key }) => key === 'dependency-cycles')!;
  test.each([
    ['two that wait for each other', { a: ['b'], b: ['a'] }, ['a -> b -> a']],
    ['one that waits for itself', { a: ['a'] }, ['a -> a']],
    ['a circle behind a way in', { x: ['a'], a: ['b'], b: ['c'], c: ['a'] }, ['a -> b -> c -> a']],
    ['two circles', { a: ['b'], b: ['a'], c: ['d'], d: ['c'] }, ['a -> b -> a', 'c -> d -> c']],
  ])('%s', async (_title, graph, expected) => {
    const { subject } = await open({ change: ({ onboarding }) => (onboarding.artifact_dependency_graph = graph) });
    const result = run([cycles], subject)[0]!;
    expect(brief(result)).toBe('fail/warning/false');
    expect(result.evidence.map(({ type, ref }) => [type, ref])).toEqual(expected.map((way) => ['dependency_cycle', way]));
  });

  test('none in a diamond or a very long chain', async () => {
    const chain = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`a${i}`, [`a${i + 1}`]]));
    const { subject } = await open({
      change: ({ onboarding }) => (onboarding.artifact_dependency_graph = { ...chain, x: ['y', 'z'], y: ['w'], z: ['w'], w: [] }),
    });
    expect(brief(run([cycles], subject)[0]!)).toBe('pass/info/false');
  });
});

test('required artifacts: what exists or is only recommended is not missing', async () => {
  const required = ours.find(({ key }) => key === 'required-artifacts')!;
  const { subject } = await open({ change: (f) => (f.artifactManifest = artifactManifest({ 'teller-slo': 'exists' })) });
  const result = run([required], subject)[0]!;
  expect(result).toMatchObject({ outcome: 'fail', severity: 'warning', blocking: false });
  expect(result.evidence).toMatchObject([
    { type: 'missing_required_artifact', ref: 'teller-dashboard', artifact: 'teller-dashboard', finding: true },
  ]);
});

import { afterAll, describe, expect, test } from '@jest/globals';
import { type Env, sha256, snapshot, workspace } from './export-tasks.ts';
import { MINIMAL, SHOP } from './manifests.ts';

const OUT = 'contextcore-export';
const SPOOL = `${OUT}/task-spans.otlp.jsonl`;

const shop = await workspace({
  '.contextcore.yaml': SHOP,
  'team/a/.contextcore.yaml': MINIMAL.replaceAll('shop', 'team-a'),
  'broken.yaml': SHOP.replace('criticality: high', 'criticality: hihg'),
});
// Not in a hook: tests that run beside each other need it too.
await shop.run(['run', '--output-dir', OUT]);
afterAll(() => shop[Symbol.asyncDispose]());

/** Every command on a shop in good order: what is told to people and, with JSON, to programs. */
const HAPPY = [
  {
    name: 'run',
    args: ['run', '--output-dir', 'a'],
    says: /^warn {2}shop\n[\s\S]*Coverage {2}0\.0%[\s\S]*Gates[\s\S]*Trace {2}spooled/,
    json: { verdict: 'warn', mode: 'run' },
  },
  {
    name: 'audit',
    args: ['audit', '.contextcore.yaml', 'team/**/.contextcore.yaml', '--output-dir', 'b'],
    says: /shop[\s\S]*team-a/,
    json: { mode: 'audit' },
  },
  { name: 'check', args: ['check', OUT], says: /HEALTHY[\s\S]*8\/8 passed/, json: { is_healthy: true, project_id: 'shop' } },
  { name: 'diagnose', args: ['diagnose', OUT], says: /Q1[\s\S]*PASS[\s\S]*Q2[\s\S]*SKIP/, json: { all_passed: true } },
  {
    name: 'validate',
    args: ['validate', '-p', '.contextcore.yaml'],
    says: /valid \(v2\), 0 errors, 1 warning\n/,
    json: { valid: true, version: 'v2', path: '.contextcore.yaml', errors: [] },
  },
  { name: 'emit', args: ['emit', OUT, '--dry-run'], says: /^Dry run|[Pp]review/, json: { state: 'previewed' } },
  { name: 'view', args: ['view', OUT], says: /shop Observability Artifact Generation[\s\S]*cart-dashboard/, json: {} },
] as const;

describe.each(HAPPY)('$name', ({ args, says, json }) => {
  test.concurrent('tells a person what came of it, and nothing on stderr', async () => {
    const { code, stdout, stderr } = await shop.run(args);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: expect.stringMatching(says), stderr: '' });
    expect(stdout).not.toMatch(/\u001b/);
  });

  test.concurrent('answers with --format json in one document and nothing else', async () => {
    const { code, stdout, stderr } = await shop.run([...args, '--format', 'json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject(json);
  });
});

describe('export', () => {
  test('writes the reference’s files and no other, and lists them', async () => {
    const { code, stdout } = await shop.run(['export', '-p', '.contextcore.yaml', '-o', 'exported']);
    const files = Object.keys(snapshot(shop.at('exported')));
    expect(code).toBe(0);
    expect(files).toEqual([
      'export-quality-report.json',
      'onboarding-metadata.json',
      'run-provenance.json',
      'shop-artifact-manifest.yaml',
      'shop-projectcontext.yaml',
      'validation-report.json',
    ]);
    expect(files.filter((name) => !stdout.includes(name))).toEqual([]);
  });

  test('answers with --output-format json in one document; warnings go to stderr', async () => {
    const { code, stdout, stderr } = await shop.run([
      'export',
      '-p',
      '.contextcore.yaml',
      '-o',
      'exported-json',
      '--output-format',
      'json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      project_id: 'shop',
      dry_run: false,
      artifacts: 15,
      coverage: { total_required: 8, total_existing: 0 },
    });
    expect(stderr).toContain('open-questions');
  });

  test('writes nothing with --dry-run, and with --emit-tasks the preview only', async () => {
    const { code, stdout } = await shop.run(['export', '-p', '.contextcore.yaml', '-o', 'dry', '--dry-run']);
    expect({ code, files: snapshot(shop.at('dry')) }).toEqual({ code: 0, files: {} });
    expect(stdout).toContain('Would be written');
    await shop.run(['export', '-p', '.contextcore.yaml', '-o', 'dry', '--dry-run', '--emit-tasks']);
    expect(Object.keys(snapshot(shop.at('dry')))).toEqual(['task-emission-preview.json']);
    expect(await shop.json('dry/task-emission-preview.json')).toMatchObject({ dry_run: true });
  });

  test('keeps what it replaces as .bak, one generation', async () => {
    await shop.run(['export', '-p', '.contextcore.yaml', '-o', 'twice']);
    const first = await shop.text('twice/onboarding-metadata.json');
    await shop.run(['export', '-p', '.contextcore.yaml', '-o', 'twice']);
    expect(await shop.text('twice/onboarding-metadata.json.bak')).toBe(first);
    expect(Object.keys(snapshot(shop.at('twice'))).filter((name) => name.includes('.bak.bak'))).toEqual([]);
  });
});

describe('the exit code', () => {
  test.concurrent.each([
    [0, 'a passing run', ['run', '--output-dir', 'c0']],
    [1, 'a run that fails by --fail-on', ['run', '--fail-on', 'warning', '--output-dir', 'c1']],
    [0, 'the same with --fail-on never', ['run', '--min-coverage', '80', '--fail-on', 'never', '--output-dir', 'c2']],
    [1, 'a manifest with faults', ['run', '-p', 'broken.yaml', '--output-dir', 'c3']],
    [2, 'a manifest that is not there', ['run', '-p', 'none.yaml', '--output-dir', 'c4']],
    [1, 'an export of a manifest with faults', ['export', '-p', 'broken.yaml', '-o', 'c5']],
    [1, 'a missed minimum', ['export', '-p', '.contextcore.yaml', '-o', 'c6', '--min-coverage', '50']],
    [2, 'a minimum of more than everything', ['export', '-p', '.contextcore.yaml', '-o', 'c7', '--min-coverage', '101']],
    [2, 'an export without a manifest', ['export', '-p', 'none.yaml', '-o', 'c8']],
    [0, 'an unhealthy export that is only reported', ['check', OUT, '--min-coverage', '50']],
    [1, 'an unhealthy export that is asked to fail', ['check', OUT, '--min-coverage', '50', '--fail-on-unhealthy']],
    [2, 'a check of no directory', ['check', 'none']],
    [0, 'a failed question that is only reported', ['diagnose', OUT, '--ingestion-dir', 'none']],
    [1, 'a failed question that is asked to fail', ['diagnose', OUT, '--ingestion-dir', 'none', '--fail-on-issue']],
    [2, 'a diagnosis of no directory', ['diagnose', 'none']],
    [1, 'an invalid manifest', ['validate', '-p', 'broken.yaml']],
    [2, 'a validation of no file', ['validate', '-p', 'none.yaml']],
    [2, 'an emission of no directory', ['emit', 'none']],
    [2, 'a replay without an endpoint', ['replay', SPOOL]],
    [2, 'a replay of no file', ['replay', 'none', '--otlp-endpoint', 'http://127.0.0.1:9']],
    [2, 'a view of nothing', ['view', 'none']],
    [2, 'an audit that finds no manifest', ['audit', '**/none.yaml', '--output-dir', 'c9']],
    [1, 'an audit below the minimum', ['audit', '.contextcore.yaml', '--min-coverage', '50', '--output-dir', 'c10']],
    [2, 'no command', []],
    [0, '--help', ['--help']],
    [0, '--version', ['--version']],
  ])('%i is that of %s', async (expected, _, args) => {
    const { code, stderr, stdout } = await shop.run(args);
    expect({ code, said: stdout + stderr !== '' }).toEqual({ code: expected, said: true });
    expect(stdout + stderr).not.toMatch(/wrong on our side|\n {4}at /);
  });
});

describe('a usage error', () => {
  test.concurrent.each([
    ['a misspelt command', ['rnu'], ['rnu', 'run']],
    ['a misspelt flag', ['run', '--fromat', 'json'], ['--fromat', '--format']],
    ['a misspelt flag of export', ['export', '--profil', 'full'], ['--profil', '--profile']],
    ['one argument too many', ['run', 'extra'], ['arguments']],
    ['a missing argument', ['check'], ['dir']],
    ['a value that is none of the choices', ['check', 'x', '--format', 'xml'], ['xml', 'text', 'json']],
    ['a missing value', ['run', '--profile'], ['--profile']],
    [
      'several at once',
      [
        'run',
        '--min-coverage',
        '0.5',
        '--fail-on',
        'ciritcal',
        '--otlp-endpoint',
        'ftp://x',
        '--trace-limit',
        '0',
        '--otlp-timeout',
        'soon',
        '--profile',
        'ful',
      ],
      ['`0.5`', '`50%`', '`critical`', 'ftp://x', 'trace-limit', '`soon`', '`full`'],
    ],
    [
      'several at once of export',
      ['export', '--min-coverage', '101', '--otlp-endpoint', 'ftp://x', '--otlp-timeout', 'soon', '--otlp-headers', 'hush'],
      ['--path', '`101`', 'ftp://x', '`soon`', '--otlp-headers'],
    ],
    ['several at once of replay', ['replay', 'x', '--otlp-endpoint', 'ftp://x', '--otlp-timeout', 'soon'], ['ftp://x', '`soon`']],
    ['a time that is none', ['run'], ['SOURCE_DATE_EPOCH', 'yesterday'], { SOURCE_DATE_EPOCH: 'yesterday' }],
    ['flags of one manifest with several', ['run', '-p', '**/*.yaml', '--project-id', 'x', '-e', 'a:b'], ['project-id', 'existing']],
  ])('tells of %s, exits with 2 and does nothing', async (_, args, words, env: Env = {}) => {
    await using place = await workspace({ '.contextcore.yaml': SHOP });
    const before = snapshot(place.root);
    const { code, stdout, stderr } = await place.run(args, env);
    expect({ code, stdout, files: snapshot(place.root) }).toEqual({ code: 2, stdout: '', files: before });
    expect(words.filter((word) => !stderr.includes(word))).toEqual([]);
    expect(stderr).not.toContain('hush');
  });
});

describe('validate --format json', () => {
  test('names code, dotted path, line, column, message and suggestion of every fault', async () => {
    const { stdout } = await shop.run(['validate', '-p', 'broken.yaml', '-f', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      errors: [{ path: 'spec.business.criticality', line: 16, column: 18, message: expect.stringContaining('hihg'), suggestion: 'high' }],
    });
  });
});

describe('a command that only reads', () => {
  test.each([
    ['check', OUT],
    ['diagnose', OUT],
    ['view', OUT],
    ['validate', '-p', '.contextcore.yaml'],
  ])('%s leaves every byte as it was', async (...args) => {
    const before = sha256(JSON.stringify(snapshot(shop.root)));
    await shop.run(args);
    expect(sha256(JSON.stringify(snapshot(shop.root)))).toBe(before);
  });
});

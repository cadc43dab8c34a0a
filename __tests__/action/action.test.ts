import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { OUTPUTS } from '../../src/action-outputs.ts';
import { digestOf, startArtifactService, unzip } from '../artifact-service.ts';
import { eventCases } from '../events.ts';
import { runStep, type Step, type StepResult } from '../runner.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SOURCE = 'src/action.ts';
const BUNDLE = 'dist/main/index.js';
const doors = existsSync(path.join(ROOT, BUNDLE)) ? [SOURCE, BUNDLE] : [SOURCE];
if (doors.length === 1) console.log(`${BUNDLE} is not built: only ${SOURCE} is run`);

const MANIFEST = `apiVersion: contextcore.io/v1alpha2
kind: ContextManifest
metadata:
  name: shop
spec:
  project:
    id: shop
  business:
    criticality: high
    owner: shop-team
  targets:
    - kind: Deployment
      name: checkout-api
`;

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A repository as `actions/checkout` leaves it. */
async function repository(files: Readonly<Record<string, string>> = { '.contextcore.yaml': MANIFEST }): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'workspace-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  git(folder, 'init', '-q');
  git(folder, 'add', '-A');
  git(folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-q', '-m', 'first');
  return folder;
}

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8' });
}

async function step(
  given: Partial<Step> & { readonly files?: Readonly<Record<string, string>> } = {},
): Promise<StepResult & { readonly workspace: string }> {
  const { files, ...rest } = given;
  const workspace = rest.workspace ?? (await repository(files));
  const result = await runStep({ payload: { repository: { default_branch: 'main' } }, ...rest, workspace });
  folders.push(result.temp);
  return { ...result, workspace };
}

async function json(file: string | undefined): Promise<unknown> {
  return JSON.parse(await readFile(file ?? '', 'utf8'));
}

describe.each(doors)('%s', (entry) => {
  test.each(eventCases)('does the whole job on $event', async ({ event, payload, env }) => {
    const result = await step({ entry, event, payload, env });
    expect(result).toMatchObject({ code: 0, outputs: { verdict: 'warn', emission: 'spooled', coverage: '0', 'critical-count': '0' } });
    expect(Object.keys(result.outputs).sort()).toEqual([...OUTPUTS].sort());
    expect(result.summary).toContain('checkout_api-dashboard');
    expect(result.summary).toContain(result.outputs['trace-id']);
    expect(result.annotations.filter(({ properties }) => properties['file'] === '.contextcore.yaml')).not.toEqual([]);
    expect(result.annotations.filter(({ name }) => name === 'error')).toEqual([]);
    const accepted = ['push', 'schedule', 'workflow_dispatch'].includes(event);
    const spool = await readFile(path.join(result.outputs['export-dir']!, 'task-spans.otlp.jsonl'), 'utf8');
    expect(spool).toContain(`{"key":"export.scope","value":{"stringValue":"${accepted ? 'accepted' : 'proposed'}"}}`);
    expect(spool).toContain('{"key":"cicd.pipeline.run.id","value":{"stringValue":"12345"}}');
    expect(await json(result.outputs['report-path'])).toMatchObject({ verdict: 'warn' });
    expect(git(result.workspace, 'status', '--porcelain')).toBe('');
  });

  test('uploads with GitHub’s own client, and says where', async () => {
    await using service = await startArtifactService();
    const { code, outputs, summary } = await step({ entry, env: service.env });
    const artifact = service.artifacts.get('contextcore-export-67890-__self');
    const files = unzip(artifact!.zip!);
    expect(code).toBe(0);
    expect([...files.keys()].map((name) => path.posix.basename(name))).toEqual(
      expect.arrayContaining(['task-emission-preview.json', 'export-tasks-report.json', 'task-spans.otlp.jsonl']),
    );
    expect(files.get('task-emission-preview.json')).toEqual(await readFile(outputs['preview-path']!));
    expect(artifact!.finalized).toMatchObject({ hash: digestOf(artifact!.zip!) });
    expect(artifact!.zip!.length).toBeLessThan(60_000);
    expect(outputs).toMatchObject({
      'artifact-id': '4711',
      'artifact-url': 'https://github.com/octo-org/shop/actions/runs/12345/artifacts/4711',
    });
    expect(summary).toContain(`(${outputs['artifact-url']})`);
  });

  test('refuses wrong inputs together, does nothing, and sets every output', async () => {
    const { code, annotations, outputs, summary, temp } = await step({ entry, with: { 'fail-on': 'ciritcal', 'min-coverage': '0.8' } });
    expect(code).toBe(2);
    expect(annotations.map(({ data }) => data)).toEqual([
      '`min-coverage`: `0.8` is ambiguous; write `80%`, or `0.8%` if less than one percent is meant.',
      expect.stringContaining('did you mean `critical`?'),
    ]);
    expect(outputs).toEqual({ ...Object.fromEntries(OUTPUTS.map((name) => [name, ''])), verdict: 'block', emission: 'none' });
    expect(summary).toBe('');
    expect((await readdir(temp)).filter((name) => name.startsWith('contextcore'))).toEqual([]);
  });
});

describe('the step', () => {
  test('fails on a manifest that is wrong, at its line, and sets the outputs', async () => {
    const { code, outputs, annotations, summary } = await step({
      files: { '.contextcore.yaml': MANIFEST.replace('Deployment', 'Deploymnt') },
    });
    expect(code).toBe(1);
    expect(outputs['verdict']).toBe('block');
    expect(annotations).toContainEqual(
      expect.objectContaining({ name: 'error', properties: expect.objectContaining({ file: '.contextcore.yaml', line: '12' }) }),
    );
    expect(summary).toContain('Deploymnt');
  });

  test('masks headers and tokens before anything else is printed, and prints them nowhere', async () => {
    const secret = 'Bearer%20s3cr3t-of-this-test';
    const { raw, log, summary, outputs, masks } = await step({
      with: { 'otlp-headers': `authorization=${secret}`, 'otlp-endpoint': 'http://127.0.0.1:9', 'otlp-timeout': '1s' },
    });
    expect(masks.toSorted()).toEqual(
      [secret, 'Bearer s3cr3t-of-this-test', 'ghs_harnessTokenOfThisJob0000', 's3cr3t-of-this-test'].toSorted(),
    );
    expect(
      raw
        .split('\n')
        .slice(0, masks.length)
        .every((line) => line.startsWith('::add-mask::')),
    ).toBe(true);
    expect(raw.split('\n').filter((line) => line.includes('s3cr3t') && !line.startsWith('::add-mask::'))).toEqual([]);
    expect(log + summary + JSON.stringify(outputs)).not.toContain('s3cr3t');
    for (const name of await readdir(outputs['export-dir']!))
      expect(await readFile(path.join(outputs['export-dir']!, name), 'utf8')).not.toContain('s3cr3t');
  });

  test('hands its trace to the steps after it, unless they have one', async () => {
    const first = await step();
    expect(first.env).toEqual({ TRACEPARENT: first.outputs['traceparent'], BAGGAGE: first.outputs['baggage'] });
    expect(first.outputs['baggage']).toMatch(/^contextcore\.source_checksum=[0-9a-f]{64},.*contextcore\.run_id=[0-9a-f-]{36}$/);
    expect(first.outputs['traceparent']).toBe(`00-${first.outputs['trace-id']}-${first.outputs['traceparent']!.slice(36, 52)}-01`);
    const second = await step({ env: { TRACEPARENT: first.env['TRACEPARENT'], BAGGAGE: 'tenant=blue' } });
    expect(second.env).toEqual({});
    expect(second.outputs['baggage']).toMatch(/^tenant=blue,contextcore\.source_checksum=/);
    expect(second.outputs['trace-id']).toBe(first.outputs['trace-id']);
  });

  test('judges the export of an earlier step in the trace of that export, and leaves it as it is', async () => {
    const first = await step();
    const dir = first.outputs['export-dir']!;
    const before = (await readdir(dir)).sort();
    const { code, outputs } = await step({ with: { mode: 'check', 'export-dir': dir } });
    expect({ code, ...outputs }).toMatchObject({
      code: 0,
      'trace-id': first.outputs['trace-id'],
      traceparent: first.outputs['traceparent'],
      emission: 'spooled',
    });
    expect((await readdir(dir)).sort()).toEqual(before);
    expect(await readdir(path.dirname(outputs['report-path']!))).toContain('gate-spans.otlp.jsonl');
  });

  test('keeps its files where there is no artifact service, with a notice that says where', async () => {
    const { code, annotations, outputs, summary } = await step({
      env: { GITHUB_SERVER_URL: 'https://ghes.example.com', ACTIONS_RESULTS_URL: 'x', ACTIONS_RUNTIME_TOKEN: 'y' },
    });
    expect(code).toBe(0);
    expect(annotations).toContainEqual(expect.objectContaining({ name: 'notice', data: expect.stringContaining(outputs['export-dir']!) }));
    expect(summary).toContain('No artifact was uploaded, since ghes.example.com has no artifact service');
    expect(existsSync(outputs['preview-path']!)).toBe(true);
    expect(outputs).toMatchObject({ 'artifact-id': '', 'artifact-url': '' });
  });

  test('tells that the name of its artifact is taken, and that the service refuses, without failing', async () => {
    await using taken = await startArtifactService({ taken: ['contextcore-export-67890-__self'] });
    await using broken = await startArtifactService({ refuses: 403 });
    const results = await Promise.all([step({ env: taken.env }), step({ env: broken.env })]);
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect(results[0]!.summary).toMatch(/an artifact named .* already; give this step's its own with \\?`artifact-name/);
    expect(results[1]!.summary).toMatch(/No artifact was uploaded, since the upload failed: .*403/);
  });

  test('uploads nothing and annotates nothing when told so', async () => {
    await using service = await startArtifactService();
    const { code, annotations, outputs } = await step({ env: service.env, with: { 'upload-artifact': 'false', annotations: 'off' } });
    expect(code).toBe(0);
    expect(service.requests).toEqual([]);
    expect(annotations).toEqual([]);
    expect(outputs['verdict']).toBe('warn');
  });

  test('goes on without network, token, event file and a workspace it may write to, and says what it could not learn', async () => {
    const workspace = await repository();
    chmodSync(workspace, 0o555);
    try {
      const { code, outputs, summary } = await step({
        workspace,
        payload: undefined,
        env: { GITHUB_REPOSITORY: undefined, GITHUB_RUN_ID: undefined },
      });
      expect(code).toBe(0);
      expect(outputs).toMatchObject({ verdict: 'warn', emission: 'spooled' });
      expect(summary).toContain('GITHUB\\_EVENT\\_PATH is not set');
    } finally {
      chmodSync(workspace, 0o755);
    }
  });

  test('goes on outside a runner, where no file takes outputs or summary', async () => {
    const { code, raw } = await step({
      env: {
        GITHUB_OUTPUT: undefined,
        GITHUB_ENV: undefined,
        GITHUB_STEP_SUMMARY: undefined,
        RUNNER_TEMP: undefined,
        GITHUB_EVENT_PATH: '/nowhere',
      },
    });
    expect(code).toBe(0);
    expect(raw).toContain('The outputs of this step are not set');
    expect(raw).toContain('GITHUB_STEP_SUMMARY is not set');
    expect(raw).not.toMatch(/::set-(output|env)/);
    await rm(path.join(tmpdir(), 'contextcore-export-__self'), { recursive: true, force: true });
  });

  test('takes nothing from a manifest for a command, whatever stands in it', async () => {
    const evil = [
      // First, so that the excerpt of the first open question brings it into the log.
      '##[add-mask]warn',
      'x%0A::error::boo',
      '</td><script>',
      ']]>',
      '$(id)',
      '::stop-commands::t',
      '@everyone',
      '\\u202egnp.exe',
      '\\n::set-output name=verdict::pass',
    ];
    const quoted = evil.map((text) => `"${text.replaceAll('"', '')}"`);
    const manifest = MANIFEST.replace('owner: shop-team', `owner: ${quoted[0]}\n    value: revenue-primary`).concat(
      '  risks:\n',
      ...quoted.map((text) => `    - { type: availability, description: ${text} }\n`),
      `  observability:\n    alertChannels: [${quoted.join(', ')}]\n`,
      'guidance:\n  questions:\n',
      ...quoted.map((text, index) => `    - { id: Q-${index}, question: ${text}, status: open, priority: high }\n`),
    );
    const { code, commands, annotations, outputs, summary } = await step({ files: { '.contextcore.yaml': manifest } });
    expect(code).toBe(0);
    expect(outputs['verdict']).toBe('warn');
    expect(new Set(commands.map(({ name }) => name))).toEqual(new Set(['add-mask', 'warning', 'notice', 'group', 'endgroup']));
    expect(commands.filter(({ name }) => name === 'add-mask').map(({ data }) => data)).toEqual(['ghs_harnessTokenOfThisJob0000']);
    for (const { properties } of annotations) expect([undefined, '.contextcore.yaml']).toContain(properties['file']);
    expect(summary).not.toMatch(/<script>|@everyone|\u202e/);
  });

  test.each([
    ['a target', (name: string) => MANIFEST.replace('checkout-api', `"${name}"`)],
    ['a project', (name: string) => MANIFEST.replace('id: shop', `id: "${name}"`)],
  ])('quotes the wrong name of %s in a fault, and obeys it nowhere', async (_, manifest) => {
    for (const name of ['##[add-mask]a/b', '\\n::error::boo/..', '::stop-commands::t/', '\\u202e/<img src=x>']) {
      const { commands, outputs, code } = await step({ files: { '.contextcore.yaml': manifest(name) } });
      expect([code, outputs['verdict']]).toEqual([1, 'block']);
      expect(
        commands.map((command) => command.name).filter((command) => !['error', 'warning', 'notice', 'group', 'endgroup'].includes(command)),
      ).toEqual(['add-mask']);
      expect(commands.filter((command) => command.data === 'boo')).toEqual([]);
    }
  });

  test.each([
    ['error', 2, 'block'],
    ['warn', 0, 'warn'],
    ['ignore', 0, 'pass'],
  ])('treats a missing manifest as `if-no-manifest: %s` says', async (policy, code, verdict) => {
    const result = await step({ files: { 'README.md': '' }, with: { 'if-no-manifest': policy } });
    expect([result.code, result.outputs['verdict']]).toEqual([code, verdict]);
  });

  test('tells a bug of ours in a sentence, fails, and sets every output', async () => {
    const bug =
      'const timer = setInterval(() => { if (process.listenerCount("uncaughtException") > 0) { clearInterval(timer); throw new Error("kaboom ##[add-mask]x"); } }, 1);';
    const { code, annotations, outputs, masks } = await step({
      env: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(bug)}` },
    });
    expect(code).toBe(2);
    expect(annotations.at(0)).toMatchObject({
      name: 'error',
      data: expect.stringContaining('Something is wrong on our side, not on yours: kaboom'),
    });
    expect(outputs).toMatchObject({ verdict: 'block', emission: 'none' });
    expect(masks).toEqual(['ghs_harnessTokenOfThisJob0000']);
  });

  test('tells a variable that means nothing like a wrong input', async () => {
    const { code, annotations, outputs } = await step({ env: { SOURCE_DATE_EPOCH: 'yesterday' } });
    expect([code, outputs['verdict']]).toEqual([2, 'block']);
    expect(annotations.map(({ data }) => data)).toEqual([expect.stringMatching(/^SOURCE_DATE_EPOCH is "yesterday"; write /)]);
  });
});

import { chmod, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { type Exchange, startReceiver } from '../../scripts/receiver.ts';
import { ACTION, COMPILED, type Env, ROOT, snapshot, type Workspace, workspace } from '../cli/export-tasks.ts';
import { MINIMAL, SHOP } from '../cli/manifests.ts';
import { runStep, tidy } from '../runner.ts';
import { misfits } from './whole-export.ts';

// What is left when something that a run would like to have is not there: no network, no git, no home, no place to write.
const OUT = 'contextcore-export';

describe('without a network', () => {
  test.concurrent('a closed port: everything is spooled, the reason says why and how to send later, and the step passes', async () => {
    await using place = await workspace({ '.contextcore.yaml': SHOP });
    const receiver = await startReceiver();
    await receiver.close();
    const { code, stdout } = await place.run(['run', '--otlp-endpoint', receiver.url, '--otlp-timeout', '3s', '--format', 'json']);
    const { emission } = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(emission).toMatchObject({ state: 'spooled', sent: 0, lost: 0, spooled: emission.drafted });
    expect(emission.reason).toMatch(/refused|could not be reached|ECONNREFUSED/);
    expect(emission.reason).toContain('export-tasks replay contextcore-export/task-spans.otlp.jsonl');
    expect(misfits(place.root, OUT)).toEqual([]);
    expect(await place.json(`${OUT}/onboarding-metadata.json`)).not.toHaveProperty('task_trace_id');
  });

  test.concurrent('a name that nobody knows is told, and everything is spooled', async () => {
    await using place = await workspace({ '.contextcore.yaml': SHOP });
    const { code, stdout } = await place.run([
      'run',
      '--otlp-endpoint',
      'http://collector.invalid:4318',
      '--otlp-timeout',
      '3s',
      '--format',
      'json',
    ]);
    expect({ code, emission: JSON.parse(stdout).emission }).toMatchObject({ code: 0, emission: { state: 'spooled', sent: 0, lost: 0 } });
  });

  test.concurrent.each([
    ['never answers', () => true],
    ['drips one byte after the other', drip],
  ])('a server that %s costs no more than the time it was given', async (_, behaviour) => {
    await using place = await workspace({ '.contextcore.yaml': SHOP });
    const receiver = await startReceiver({ behaviour });
    const { code, stdout } = await place.run(['run', '--otlp-endpoint', receiver.url, '--otlp-timeout', '500ms', '--format', 'json']);
    await receiver.close();
    const { emission } = JSON.parse(stdout);
    expect({ code, ...emission }).toMatchObject({ code: 0, state: 'spooled', sent: 0, spooled: emission.drafted, lost: 0 });
    expect(misfits(place.root, OUT)).toEqual([]);
  });
});

describe('without what a machine usually has', () => {
  test.concurrent.each<[string, Env]>([
    ['git', { PATH: '/nonexistent' }],
    ['a home', { HOME: undefined }],
    ['any environment at all', { HOME: undefined, PATH: undefined }],
  ])('no %s: the same export', async (_, env) => {
    await using place = await workspace({ '.contextcore.yaml': SHOP });
    place.git('init', '-q');
    const { code, stderr } = await place.run(['run'], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(misfits(place.root, OUT)).toEqual([]);
  });

  test.concurrent('no git: provenance is written without what git knows', async () => {
    await using place = await workspace({ '.contextcore.yaml': SHOP });
    const { code } = await place.run(['export', '-p', '.contextcore.yaml', '-o', OUT, '--emit-provenance'], { PATH: '/nonexistent' });
    expect(code).toBe(0);
    expect((await place.json(`${OUT}/provenance.json`)).git).toBeFalsy();
  });
});

// Root may write everywhere.
const isRoot = process.getuid?.() === 0;

describe('without a place to write', () => {
  const places: readonly (readonly [string, (place: Workspace) => Promise<string>])[] = [
    ['a file stands there', fileAt('out', 'out')],
    ['a file stands on the way', fileAt('out', 'out/deep')],
    ['the system takes no directories there', async () => '/proc/export-tasks'],
    ...(isRoot ? [] : [['this user may not write there', forbidden] as const]),
  ];

  test.concurrent.each(places)('%s: run judges all the same, says where the export lies, and exits with 2', async (_, prepare) => {
    await using place = await workspace({ '.contextcore.yaml': SHOP });
    await using temp = await workspace();
    const out = await prepare(place);
    const before = snapshot(place.root);
    const { code, stdout, stderr } = await place.run(['run', '--output-dir', out, '--format', 'json'], { TMPDIR: temp.root });
    const report = JSON.parse(stdout);
    expect({ code, verdict: report.verdict }).toEqual({ code: 2, verdict: 'warn' });
    expect(report.losses).toEqual([expect.stringContaining('temporary folder')]);
    expect(stdout).not.toContain(place.root);
    expect(report.entries[0].gates.length).toBeGreaterThan(13);
    expect(snapshot(place.root)).toEqual(before);
    const [folder] = Object.keys(snapshot(temp.root)).filter((name) => name.endsWith('/export/'));
    expect(Object.keys(snapshot(temp.at(folder!)))).toEqual(expect.arrayContaining(['onboarding-metadata.json', 'task-spans.otlp.jsonl']));
    expect(stderr).toBe(`The export lies in ${path.join(temp.root, folder!.slice(0, -1))}.\n`);
  });

  test.concurrent.each(places)('%s: export writes nothing, says why, and exits with 2', async (_, prepare) => {
    await using place = await workspace({ '.contextcore.yaml': SHOP });
    const out = await prepare(place);
    const before = snapshot(place.root);
    const { code, stdout, stderr } = await place.run(['export', '-p', '.contextcore.yaml', '-o', out]);
    expect({ code, stdout, files: snapshot(place.root) }).toEqual({ code: 2, stdout: '', files: before });
    expect(stderr).toContain(path.basename(out));
    if (!path.isAbsolute(out)) expect(stderr).not.toContain(place.root);
    expect(stderr).not.toContain('wrong on our side');
  });

  test.concurrent('a directory stands where a file of the export belongs: nothing is replaced, and that is told', async () => {
    await using place = await workspace({
      '.contextcore.yaml': SHOP,
      'out/onboarding-metadata.json/mine': 'x',
      'out/run-provenance.json': '{}',
    });
    const run = await place.run(['run', '--output-dir', 'out']);
    const exported = await place.run(['export', '-p', '.contextcore.yaml', '-o', 'out']);
    expect([run.code, exported.code]).toEqual([2, 2]);
    expect(run.stdout).toContain('onboarding-metadata.json in out is a directory');
    expect(exported.stderr).toContain('onboarding-metadata.json');
    expect(run.stdout + exported.stderr).not.toContain('wrong on our side');
    expect(await place.text('out/run-provenance.json')).toBe('{}');
  });
});

describe('the README’s workflow on a repository that nobody prepared', () => {
  const folders: AsyncDisposable[] = [];
  afterAll(async () => {
    for (const folder of folders) await folder[Symbol.asyncDispose]();
  });

  test('is green, says what is missing, and leaves git status empty, the first time and the second', async () => {
    const repository = await workspace({ '.contextcore.yaml': MINIMAL });
    folders.push(repository);
    repository.git('init', '-q');
    repository.git('add', '-A');
    repository.git('commit', '-q', '-m', 'first');
    const given = (await readmeStep()).with;
    for (const event of ['pull_request', 'push']) {
      const result = await runStep({
        entry: ACTION,
        workspace: repository.root,
        event,
        payload: { repository: { default_branch: 'main' } },
        env: COMPILED,
        with: given,
      });
      expect({
        code: result.code,
        verdict: result.outputs['verdict'],
        errors: result.annotations.filter(({ name }) => name === 'error'),
      }).toEqual({ code: 0, verdict: 'warn', errors: [] });
      expect(result.summary).toContain('checkout_api-dashboard');
      expect(Number(result.outputs['gaps'])).toBeGreaterThan(5);
      expect(repository.git('status', '--porcelain', '--ignored')).toBe('');
      await tidy(result);
    }
  });

  test('is red on a manifest with faults, at the line, and still leaves git status empty', async () => {
    const repository = await workspace({ '.contextcore.yaml': MINIMAL.replace('medium', 'mediun') });
    folders.push(repository);
    repository.git('init', '-q');
    repository.git('add', '-A');
    repository.git('commit', '-q', '-m', 'first');
    const result = await runStep({ entry: ACTION, workspace: repository.root, payload: {}, env: COMPILED });
    const [error] = result.annotations.filter(({ name }) => name === 'error');
    expect({ code: result.code, verdict: result.outputs['verdict'], at: error?.properties['line'] }).toEqual({
      code: 1,
      verdict: 'block',
      at: '9',
    });
    expect(repository.git('status', '--porcelain', '--ignored')).toBe('');
    await tidy(result);
  });
});

function fileAt(file: string, out: string): (place: Workspace) => Promise<string> {
  return async (place) => {
    await place.write({ [file]: 'mine' });
    return out;
  };
}

async function forbidden(place: Workspace): Promise<string> {
  await mkdir(place.at('out'));
  await chmod(place.at('out'), 0o555);
  return 'out';
}

/** The step that the README shows, as its reader pastes it. */
async function readmeStep(): Promise<{ readonly with: Readonly<Record<string, string>> }> {
  const readme = await readFile(path.join(ROOT, 'README.md'), 'utf8');
  const workflow = parse(/```yaml\n# \.github\/workflows\/[\s\S]*?```/.exec(readme)![0].slice(8, -3));
  return workflow.jobs.contract.steps.find(({ uses }: { readonly uses: string }) => uses.startsWith('contextcore/export-tasks@'));
}

function drip({ response }: Exchange): boolean {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => (response.destroyed ? clearInterval(timer) : response.write(' ')), 50);
  return true;
}

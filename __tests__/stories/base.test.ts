import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { factsOf, openPullRequest, type PullRequest, runOn } from './pull-request.ts';

const STORY = 'dashboard-deleted';
let change: PullRequest;
const folders: string[] = [];
beforeAll(() => {
  change = openPullRequest(STORY, factsOf(STORY));
});
afterAll(() => {
  change[Symbol.dispose]();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'export-tasks-base-'));
  folders.push(made);
  return made;
}

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd, encoding: 'utf8' }).trim();
}

/** As actions/checkout leaves it: one commit, its parents cut off. */
function shallowClone(): string {
  const clone = path.join(folder(), 'clone');
  git(tmpdir(), 'clone', '-q', '--depth', '1', '--branch', 'change', `file://${change.root}`, clone);
  return clone;
}

const told = ({ report }: Awaited<ReturnType<typeof runOn>>) => ({
  verdict: report.verdict.verdict,
  codes: report.verdict.findings.map(({ code, state }) => `${code} ${state ?? '-'}`),
  losses: report.losses,
  before: report.coverage?.before,
});

const CAUSED = ['required-artifacts/missing_required_artifact new', 'coverage-ratchet/coverage_fell new'];

describe('the base', () => {
  test('is compared with in a full clone', async () => {
    expect(told(await runOn(change))).toEqual({ verdict: 'block', codes: CAUSED, losses: [], before: 100 });
  });

  test('is not looked for when it is off, and then nothing is caused by the change', async () => {
    const outcome = await runOn(change, { settings: { baseline: 'off' } });
    expect(told(outcome)).toEqual({
      verdict: 'warn',
      codes: ['required-artifacts/missing_required_artifact -'],
      losses: [],
      before: undefined,
    });
  });

  test('may be a branch, of which only the point counts at which the work left it', async () => {
    const root = folder();
    cpSync(change.root, root, { recursive: true });
    git(root, 'switch', '-q', 'main');
    writeFileSync(path.join(root, 'later.txt'), 'x');
    rmSync(path.join(root, 'deploy'), { recursive: true });
    git(root, 'add', '-A');
    git(root, 'commit', '-q', '-m', 'later');
    git(root, 'switch', '-q', 'change');
    const outcome = await runOn({ ...change, root }, { settings: { baseline: 'main' } });
    expect(told(outcome)).toEqual({ verdict: 'block', codes: CAUSED, losses: [], before: 100 });
  });

  test('that names no commit is a loss', async () => {
    const { losses, verdict } = told(await runOn(change, { settings: { baseline: 'no-such-branch' } }));
    expect([verdict, losses]).toEqual(['warn', [expect.stringContaining('The baseline "no-such-branch" names no commit of this clone')]]);
  });

  test("is the first parent of GitHub's test merge, so that what others merged is not this change's doing", async () => {
    const root = folder();
    cpSync(change.root, root, { recursive: true });
    git(root, 'switch', '-q', 'main');
    rmSync(path.join(root, 'deploy'), { recursive: true });
    git(root, 'add', '-A');
    git(root, 'commit', '-q', '-m', 'of others');
    git(root, 'merge', '-q', '--no-ff', '-m', 'test merge', 'change');
    const { codes } = told(await runOn({ ...change, root }));
    expect(codes.toSorted()).toEqual([...CAUSED, 'required-artifacts/missing_required_artifact known'].toSorted());
  });

  test('of a shallow clone is a loss where there is no token', async () => {
    const { losses, codes } = told(await runOn({ ...change, root: shallowClone() }));
    expect(codes).toEqual(['required-artifacts/missing_required_artifact -']);
    expect(losses).toEqual([expect.stringContaining('Check out with fetch-depth: 0, or leave github-token at its default.')]);
  });

  test('that has no such manifest is none', async () => {
    const outcome = await runOn(change, { settings: { manifests: ['.contextcore.yaml'], existing: [] }, today: '2026-11-21' });
    expect(outcome.exitCode).toBe(1);
    const root = folder();
    cpSync(change.root, root, { recursive: true });
    git(root, 'mv', '.contextcore.yaml', 'other.yaml');
    git(root, 'commit', '-q', '-am', 'renamed');
    const renamed = await runOn({ ...change, root }, { settings: { manifests: ['other.yaml'] } });
    expect(told(renamed)).toMatchObject({ verdict: 'warn', codes: ['required-artifacts/missing_required_artifact -'] });
  });
});

describe('the base asked of GitHub', () => {
  test('gives the same verdict as a full clone, in three calls', async () => {
    const { url, calls, close } = await fakeGitHub();
    try {
      const outcome = runChild(shallowClone(), url);
      expect(outcome.findings).toEqual(CAUSED);
      expect(outcome.losses).toEqual([]);
      expect(calls()).toEqual([
        `/repos/bank/core/compare/${change.base}...${change.head}`,
        `/repos/bank/core/git/trees/${change.base}`,
        expect.stringContaining('/repos/bank/core/git/blobs/'),
      ]);
    } finally {
      await close();
    }
  });

  test('may be a branch that a shallow clone does not have', async () => {
    const { url, calls, close } = await fakeGitHub();
    try {
      const outcome = runChild(shallowClone(), url, { baseline: 'main' });
      expect(outcome.findings).toEqual(CAUSED);
      expect(outcome.losses).toEqual([]);
      expect(calls()[0]).toBe(`/repos/bank/core/compare/main...${change.head}`);
    } finally {
      await close();
    }
  });

  test('is a loss when it is a name that neither the clone nor GitHub knows', async () => {
    const { url, close } = await fakeGitHub(404);
    try {
      const { losses } = runChild(shallowClone(), url, { baseline: 'no-such-branch' });
      expect(losses).toEqual([expect.stringContaining('"no-such-branch" names no commit of this clone, nor one that GitHub knows.')]);
    } finally {
      await close();
    }
  });

  test('is a loss when GitHub refuses, and the run goes on', async () => {
    const { url, close } = await fakeGitHub(404);
    try {
      const outcome = runChild(shallowClone(), url);
      expect(outcome.findings).toEqual(['required-artifacts/missing_required_artifact -']);
      expect(outcome.losses).toEqual([
        'GitHub did not tell where the change begins: it answered 404. Nothing was compared, so nothing counts as caused by this change.',
      ]);
    } finally {
      await close();
    }
  });
});

/** The client reads the address when it is loaded, so a process of its own runs it. */
function runChild(root: string, url: string, settings: { readonly baseline?: string } = {}): { findings: string[]; losses: string[] } {
  const script = `
    const { runOn } = await import(${JSON.stringify(path.join(import.meta.dirname, 'pull-request.ts'))});
    const { report } = await runOn(${JSON.stringify({ root, base: change.base, head: change.head })}, { settings: { githubToken: 'ghs_test', ...${JSON.stringify(settings)} } });
    process.stdout.write(JSON.stringify({ findings: report.verdict.findings.map(({ code, state }) => code + ' ' + (state ?? '-')), losses: report.losses }));`;
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script];
  return JSON.parse(runSync(args, { ...process.env, GITHUB_API_URL: url }));
}

function runSync(args: readonly string[], env: NodeJS.ProcessEnv): string {
  return execFileSync(process.execPath, args, { env, encoding: 'utf8' });
}

/** Another process answers: this one waits for the child. */
async function fakeGitHub(status = 200) {
  const files = git(change.root, 'ls-tree', '-r', change.base)
    .split('\n')
    .map((line) => /^(\d+) (\w+) (\w+)\t(.*)$/.exec(line)!.slice(1));
  const tree = files.map(([mode, type, sha, file]) => ({ mode, type, sha, path: file }));
  const blobs = Object.fromEntries(
    files.map(([, , sha]) => [sha, Buffer.from(execFileSync('git', ['cat-file', 'blob', sha!], { cwd: change.root })).toString('base64')]),
  );
  const log = path.join(folder(), 'calls');
  writeFileSync(log, '');
  const program = `
    const { createServer } = await import('node:http');
    const { appendFileSync } = await import('node:fs');
    const [status, base, tree, blobs] = ${JSON.stringify([status, change.base, tree, blobs])};
    const server = createServer((request, response) => {
      const url = new URL(request.url, 'http://x');
      appendFileSync(${JSON.stringify(log)}, decodeURIComponent(url.pathname) + '\\n');
      const blob = url.pathname.split('/git/blobs/')[1];
      const body = url.pathname.includes('/compare/') ? { merge_base_commit: { sha: base } } : blob ? { encoding: 'base64', content: blobs[blob] } : { tree, truncated: false };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(status === 200 ? body : { message: 'no' }));
    }).listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  const { spawn } = await import('node:child_process');
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<string>((found) => child.stdout.once('data', (data) => found(String(data).trim())));
  return {
    url: `http://127.0.0.1:${port}`,
    calls: () => readFileSync(log, 'utf8').trim().split('\n'),
    close: async () => {
      const gone = new Promise((done) => child.once('close', done));
      child.kill();
      await gone;
    },
  };
}

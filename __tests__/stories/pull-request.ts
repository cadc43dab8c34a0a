import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CiContext } from '../../src/host/github/ci-context.ts';
import type { World } from '../../src/host/world.ts';
import { type RunOutcome, type RunSettings, run } from '../../src/run.ts';

/** A pull request in a repository of its own: what was on the branch it goes to, and what it makes of it. */
export interface PullRequest {
  readonly root: string;
  readonly base: string;
  readonly head: string;
  readonly git: (...args: readonly string[]) => string;
  [Symbol.dispose](): void;
}

/** What a story says besides its files; each key may be left out. */
export interface StoryFacts {
  readonly fork?: boolean;
  /** The day of the run. */
  readonly today?: string;
  /** Files of the base that the change takes away. */
  readonly deleted?: readonly string[];
  /** From, to. */
  readonly moved?: readonly (readonly [string, string])[];
  /** Files of `common` that this repository never had. */
  readonly without?: readonly string[];
  readonly settings?: Partial<RunSettings>;
}

const HERE = import.meta.dirname;
const COMMON = path.join(HERE, 'common');

/** Puts `common`, then the story's `base`, into one commit, and what its `head` changes into another. */
export function openPullRequest(story: string, facts: StoryFacts = {}): PullRequest {
  const root = mkdtempSync(path.join(tmpdir(), 'export-tasks-story-'));
  const git = gitIn(root);
  const folder = path.join(HERE, story);
  git('init', '-q', '-b', 'main');
  cpSync(COMMON, root, { recursive: true });
  for (const file of facts.without ?? []) rmSync(path.join(root, file), { recursive: true });
  overlay(path.join(folder, 'base'), root);
  const base = commit(git, 'base');
  git('switch', '-q', '-c', 'change');
  for (const file of facts.deleted ?? []) rmSync(path.join(root, file));
  for (const [from, to] of facts.moved ?? []) {
    mkdirSync(path.dirname(path.join(root, to)), { recursive: true });
    git('mv', from, to);
  }
  overlay(path.join(folder, 'head'), root);
  const head = commit(git, 'head');
  return { root, base, head, git, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

export function factsOf(story: string): StoryFacts {
  const file = path.join(HERE, story, 'story.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as StoryFacts) : {};
}

function overlay(from: string, to: string): void {
  if (existsSync(from)) cpSync(from, to, { recursive: true });
}

function gitIn(root: string) {
  const fixed = { GIT_AUTHOR_DATE: '2026-11-20T09:00:00Z', GIT_COMMITTER_DATE: '2026-11-20T09:00:00Z', GIT_CONFIG_GLOBAL: '/dev/null' };
  const identity = ['-c', 'user.name=Story', '-c', 'user.email=story@example.com', '-c', 'commit.gpgsign=false'];
  const env = { PATH: process.env['PATH'], HOME: root, GIT_CONFIG_NOSYSTEM: '1', ...fixed };
  return (...args: readonly string[]): string => execFileSync('git', [...identity, ...args], { cwd: root, env, encoding: 'utf8' }).trim();
}

function commit(git: (...args: readonly string[]) => string, message: string): string {
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '-m', message);
  return git('rev-parse', 'HEAD');
}

/** Runs as the action would on this pull request; the export goes to a folder outside of the repository. */
export async function runOn(
  { root, base, head }: Pick<PullRequest, 'root' | 'base' | 'head'>,
  { fork = false, today = '2026-11-21', settings = {} }: StoryFacts = {},
): Promise<RunOutcome> {
  const outputDir = mkdtempSync(path.join(tmpdir(), 'export-tasks-story-out-'));
  const ci: CiContext = {
    event: 'pull_request',
    repository: 'bank/core',
    pullRequest: 7,
    sha: head,
    baseSha: base,
    baseRef: 'main',
    fork,
    scope: 'proposed',
    attributes: {},
    losses: [],
  };
  try {
    return await run({ ...SETTINGS, outputDir: path.join(outputDir, 'runner', 'export'), ci, ...settings }, worldAt(root, today));
  } finally {
    rmSync(outputDir, { recursive: true, force: true });
  }
}

/** A world in which it is always noon of one day. */
export function worldAt(root: string, today: string): World {
  let made = 0;
  const id = (length: number) => (++made).toString(16).padStart(length, '0');
  return {
    clock: { now: () => new Date(`${today}T12:00:00Z`), elapsed: () => 0 },
    ids: { traceId: () => id(32), spanId: () => id(16), uuid: () => `00000000-0000-4000-8000-${id(12)}` },
    env: {},
    root,
    tell: () => {},
  };
}

export const SETTINGS: RunSettings = {
  mode: 'run',
  manifests: ['.contextcore.yaml'],
  ifNoManifest: 'error',
  outputDir: 'out',
  namespace: 'default',
  profile: 'full',
  scanExisting: '.',
  existing: [],
  emitTasks: 'false',
  otlpProtocol: 'http/json',
  otlpTimeoutMs: 1000,
  tracePlacement: 'own',
  traceLimit: 2000,
  failOn: 'critical',
  onlyNew: false,
  baseline: 'auto',
  backup: false,
  format: 'yaml',
};

/** Compares with a file of the story; written anew only when asked (UPDATE_GOLDEN=1). */
export function golden(story: string, name: string, actual: string): string {
  const file = path.join(HERE, story, 'expected', `${name}.txt`);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, actual);
  }
  return readFileSync(file, 'utf8');
}

import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { gitFacts, publicRemote } from '../../src/host/git.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'git-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const git = (cwd: string, ...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false', ...args], {
    cwd,
    encoding: 'utf8',
  }).trim();

describe('gitFacts', () => {
  test('are none outside a repository, and where the directory is missing', async () => {
    expect(await gitFacts(dir)).toBeUndefined();
    expect(await gitFacts(join(dir, 'none'))).toBeUndefined();
  });

  test('tell commit, branch, changes and the remote without credentials', async () => {
    const repository = join(dir, 'repository');
    await mkdir(repository);
    git(repository, 'init', '-q', '-b', 'main');
    git(repository, 'remote', 'add', 'origin', 'https://bob:token@git.example.com/o/r.git');
    expect(await gitFacts(repository)).toMatchObject({ dirty: false, remote: 'https://git.example.com/o/r.git' });
    git(repository, 'commit', '-q', '--allow-empty', '-m', 'first');
    const commit = git(repository, 'rev-parse', 'HEAD');
    expect(await gitFacts(repository)).toEqual({ commit, branch: 'main', dirty: false, remote: 'https://git.example.com/o/r.git' });
    await writeFile(join(repository, 'new'), '');
    git(repository, 'checkout', '-q', '--detach');
    expect(await gitFacts(repository)).toMatchObject({ branch: 'HEAD', dirty: true });
  });

  test('run no program that the repository names', async () => {
    const repository = join(dir, 'hostile');
    await mkdir(repository);
    git(repository, 'init', '-q');
    git(repository, 'config', 'core.fsmonitor', 'touch ran; false');
    await gitFacts(repository);
    expect(git(repository, '-c', 'core.fsmonitor=false', 'status', '--porcelain')).toBe('');
  });
});

describe('publicRemote', () => {
  test.each([
    ['https://x-access-token:ghs_1@github.com/o/r', 'https://github.com/o/r'],
    ['https://github.com/o/r.git?token=1#x', 'https://github.com/o/r.git'],
    ['ssh://git@example.com:2222/o/r', 'ssh://example.com:2222/o/r'],
    ['git@github.com:o/r.git', 'github.com:o/r.git'],
    ['example.com:o/r', 'example.com:o/r'],
    ['/home/bob/r.git', undefined],
    ['../r', undefined],
    ['file:///home/bob/r', undefined],
    ['C:\\Users\\bob\\r', undefined],
    ['https://', undefined],
  ])('%s is shown as %s', (url, shown) => {
    expect(publicRemote(url)).toBe(shown);
  });
});

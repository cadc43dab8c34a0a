import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { openGitObjects } from '../../src/host/git-objects.ts';
import { blobIdOf } from '../../src/host/texts.ts';

const root = mkdtempSync(path.join(tmpdir(), 'export-tasks-git-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: root, encoding: 'utf8' }).trim();

git('init', '-q', '-b', 'main');
mkdirSync(path.join(root, 'ä b'));
writeFileSync(path.join(root, 'ä b', 'tab\tnew\nline.txt'), 'odd');
writeFileSync(path.join(root, 'large'), 'x'.repeat(300_000));
writeFileSync(path.join(root, 'empty'), '');
symlinkSync('large', path.join(root, 'link'));
git('add', '-A');
git('commit', '-q', '-m', 'one');

test('lists regular files under whatever name, without links', async () => {
  await using objects = (await openGitObjects(path.join(root, 'ä b')))!;
  const files = await objects.filesOf((await objects.commitOf('HEAD'))!);
  expect([...files!.keys()].sort()).toEqual(['empty', 'large', 'ä b/tab\tnew\nline.txt']);
  expect(files!.get('ä b/tab\tnew\nline.txt')).toBe(blobIdOf('odd'));
});

test('answers many questions at once, each with its own answer', async () => {
  await using objects = (await openGitObjects(root))!;
  const ids = [blobIdOf('odd'), blobIdOf('x'.repeat(300_000)), blobIdOf('not here'), blobIdOf(''), 'HEAD', blobIdOf('odd')];
  const answers = await Promise.all(ids.map((id) => objects.read(id, 1_000_000)));
  expect(answers.map((bytes) => bytes?.length)).toEqual([3, 300_000, undefined, 0, undefined, 3]);
  expect(Buffer.from(answers[5]!).toString()).toBe('odd');
});

test('reads nothing that is larger than asked for, and goes on after it', async () => {
  await using objects = (await openGitObjects(root))!;
  const [large, odd] = await Promise.all([objects.read(blobIdOf('x'.repeat(300_000)), 1000), objects.read(blobIdOf('odd'), 1000)]);
  expect([large, odd?.length]).toEqual([undefined, 3]);
});

test('takes no option for a revision', async () => {
  await using objects = (await openGitObjects(root))!;
  expect(await objects.commitOf('--all')).toBeUndefined();
  expect(await objects.commitOf('main')).toMatch(/^[0-9a-f]{40}$/);
});

test('is nothing outside of a repository', async () => {
  expect(await openGitObjects(tmpdir())).toBeUndefined();
});

import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readText } from '../../src/host/texts.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'export-tasks-texts-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function readOf(bytes: string | Uint8Array, max = 1000) {
  await writeFile(join(root, 'file'), bytes);
  return readText(root, 'file', max);
}

test.each([
  ['nothing', ''],
  ['letters of other scripts', 'é, ü and 🎉\n'],
  ['a mark of the byte order', '\ufeffa'],
  ['the sign that stands for what is no UTF-8', 'a\ufffdb'],
])('a text may hold %s', async (_, text) => {
  expect(await readOf(text)).toEqual({ ok: true, text });
});

test('a text is its own, whatever was read before', async () => {
  const long = await readOf('x'.repeat(900));
  expect(await readOf('short')).toEqual({ ok: true, text: 'short' });
  expect(long).toEqual({ ok: true, text: 'x'.repeat(900) });
});

test('a text of more than a MiB is read, if it may be so long', async () => {
  const text = 'x'.repeat(1024 * 1024 + 1);
  expect(await readOf(text, 2 * 1024 * 1024)).toEqual({ ok: true, text });
});

test.each([
  ['bytes that are no UTF-8', Uint8Array.of(0x61, 0xff, 0xfe), 'is not UTF-8 text'],
  ['a character cut in the middle', Uint8Array.of(0x61, 0xc3), 'is not UTF-8 text'],
  ['more than is read', 'x'.repeat(1001), 'file'],
])('%s are told', async (_, bytes, message) => {
  expect(await readOf(bytes)).toEqual({ ok: false, message: expect.stringContaining(message) });
});

test('what is no file is told, and nobody waits for it', async () => {
  await mkdir(join(root, 'folder'));
  execFileSync('mkfifo', [join(root, 'pipe')]);
  for (const path of ['folder', 'pipe', 'nowhere']) expect(await readText(root, path, 1000)).toMatchObject({ ok: false });
});

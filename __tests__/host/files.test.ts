import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fingerprint, readBounded, resolveInside } from '../../src/host/files.ts';

let root = '';
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'files-')));
  await mkdir(join(root, 'work', 'dir'), { recursive: true });
  await mkdir(join(root, 'elsewhere'));
  await writeFile(join(root, 'work', 'file'), '12345');
  await writeFile(join(root, 'work', 'empty'), '');
  await writeFile(join(root, 'elsewhere', 'secret'), 'x');
  await symlink('../elsewhere', join(root, 'work', 'out'));
  await symlink('../elsewhere/none', join(root, 'work', 'dangling-out'));
  await symlink('dir/none', join(root, 'work', 'dangling-in'));
  await symlink('dir', join(root, 'work', 'in'));
  await symlink('loop', join(root, 'work', 'loop'));
  await symlink('work', join(root, 'linked'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('readBounded', () => {
  test('reads a file whole, from the root or by its absolute path', async () => {
    for (const path of ['file', join(root, 'work', 'file')]) {
      const read = await readBounded(join(root, 'work'), path, 5);
      expect(read.ok && Buffer.from(read.bytes).toString()).toBe('12345');
    }
    expect(await readBounded(join(root, 'work'), 'empty', 0)).toMatchObject({ ok: true, bytes: expect.objectContaining({ length: 0 }) });
  });

  test.each([
    ['none', 'missing', 'none does not exist;'],
    ['file/none', 'missing', 'file/none does not exist;'],
    ['dir', 'directory', 'dir is a directory;'],
    ['file', 'too-big', 'file has 5 bytes; at most 4 are read.'],
    ['loop', 'unreadable', 'loop cannot be read (ELOOP).'],
    ['/dev/null', 'not-a-file', '/dev/null is neither'],
  ])('says of %s that it is %s', async (path, code, sentence) => {
    expect(await readBounded(join(root, 'work'), path, 4)).toMatchObject({ ok: false, code, message: expect.stringContaining(sentence) });
  });

  test('does not wait for somebody to write into a pipe', async () => {
    execFileSync('mkfifo', [join(root, 'work', 'pipe')]);
    expect(await readBounded(join(root, 'work'), 'pipe', 4)).toMatchObject({ ok: false, code: 'not-a-file' });
  });
});

describe('resolveInside', () => {
  test.each([
    ['file', 'file'],
    ['dir/../file', 'file'],
    ['in/new/deep', 'dir/new/deep'],
    ['dangling-in', 'dir/none'],
    ['.', '.'],
    ['..odd', '..odd'],
  ])('%s is %s', async (path, real) => {
    expect(await resolveInside(join(root, 'work'), path)).toEqual({ ok: true, path: join(root, 'work', real) });
  });

  test.each([
    '..',
    '../elsewhere/secret',
    'out',
    'out/secret',
    'out/new',
    'dangling-out',
    'dangling-out/new',
    'loop',
    '/etc/passwd',
    'a\0b',
  ])('%j leads out', async (path) => {
    expect(await resolveInside(join(root, 'work'), path)).toMatchObject({
      ok: false,
      code: 'outside',
      message: expect.stringContaining('leads out of the workspace'),
    });
  });

  test('a root that is a link itself is followed', async () => {
    expect(await resolveInside(join(root, 'linked'), 'file')).toEqual({ ok: true, path: join(root, 'work', 'file') });
    expect(await resolveInside(join(root, 'linked'), join(root, 'linked', 'file'))).toEqual({ ok: true, path: join(root, 'work', 'file') });
  });
});

describe('fingerprint', () => {
  test('tells what a file holds, and only that a directory or nothing is there', async () => {
    const sha256 = createHash('sha256').update('12345').digest('hex');
    expect(await fingerprint(join(root, 'work'), 'file')).toEqual({ path: 'file', exists: true, mtime: expect.anything(), sha256 });
    expect(await fingerprint(join(root, 'work'), 'dir')).toEqual({ path: 'dir', exists: true });
    expect(await fingerprint(join(root, 'work'), 'none')).toEqual({ path: 'none', exists: false });
  });
});

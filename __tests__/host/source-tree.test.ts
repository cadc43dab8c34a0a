import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { isSource } from '../../src/gatekeeper/content/source-tree.ts';
import { loadSourceTree } from '../../src/host/source-tree.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((dir) => rm(dir, { recursive: true, force: true }))));

async function folder(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'export-tasks-'));
  folders.push(root);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

test('reads the sources, and neither what is vendored or built nor where a link leads', async () => {
  const root = await folder({
    'src/b/main.py': 'b',
    'src/a.go': 'a',
    'src/notes.md': '',
    'src/node_modules/x/index.js': '',
    'src/.git/hook.py': '',
    'src/vendor/v.go': '',
    'src/build/out.js': '',
    'src/dist/out.js': '',
    'elsewhere/e.py': '',
  });
  await symlink('../elsewhere', join(root, 'src/linked'));
  expect(await loadSourceTree(root, 'src', isSource)).toEqual({
    state: 'read',
    files: [
      { path: 'a.go', text: 'a' },
      { path: 'b/main.py', text: 'b' },
    ],
    unread: [],
  });
});

test('tells files that are too large or no text', async () => {
  const root = await folder({ 'a.py': Buffer.from([0xff, 0xfe]), 'b.py': 'x'.repeat(1024 * 1024 + 1), 'c.py': 'c' });
  const tree = await loadSourceTree(root, '.', isSource);
  expect(tree).toMatchObject({
    files: [{ path: 'c.py' }],
    unread: [
      { path: 'a.py', why: 'it is not UTF-8 text' },
      { path: 'b.py', why: expect.stringContaining('larger') },
    ],
  });
});

test('knows a directory that is not there from an empty one', async () => {
  const root = await folder({ 'file.txt': '' });
  expect(await loadSourceTree(root, 'src', isSource)).toEqual({ state: 'absent', dir: 'src' });
  expect(await loadSourceTree(root, '.', isSource)).toEqual({ state: 'read', files: [], unread: [] });
});

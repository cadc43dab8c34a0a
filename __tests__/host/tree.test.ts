import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { listTree, regularFiles, TreeError } from '../../src/host/tree.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tree-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function write(...files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(join(root, dirname(file)), { recursive: true });
    await writeFile(join(root, file), '');
  }
}

/** GIT_* of a hook that runs these tests would point at another repository. */
function git(...args: readonly string[]): void {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: root, env, stdio: 'ignore' });
}

describe('listTree outside of git', () => {
  test('lists regular files in code-point order, hidden ones too', async () => {
    await write('b/z.json', 'a_b.md', 'a-b.md', '.github/workflows/ci.yml', 'b-x/y.yaml');
    expect(await listTree(root, '.')).toEqual({
      dir: '',
      files: ['.github/workflows/ci.yml', 'a-b.md', 'a_b.md', 'b-x/y.yaml', 'b/z.json'],
    });
  });

  test('leaves out git, vendored and built trees at any depth', async () => {
    await write(
      '.git/config',
      'node_modules/a.json',
      'x/node_modules/b.json',
      'x/vendor/c.json',
      'dist/d.json',
      'x/.venv/e.json',
      'x/kept.json',
    );
    expect((await listTree(root, '.')).files).toEqual(['x/kept.json']);
  });

  test('follows no link, neither to a file nor to a directory', async () => {
    await write('real/a.json');
    await symlink(join(root, 'real'), join(root, 'linked'));
    await symlink(join(root, 'real/a.json'), join(root, 'a-dashboard.json'));
    await symlink(join(root, 'nowhere'), join(root, 'dangling.json'));
    await symlink(root, join(root, 'real/loop'));
    expect((await listTree(root, '.')).files).toEqual(['real/a.json']);
  });

  test.each([
    ['infra', 'infra'],
    ['./infra/', 'infra'],
    ['infra/../infra/prod', 'infra/prod'],
  ])('names the directory %s as %s', async (given, dir) => {
    await write('infra/prod/a.json');
    const tree = await listTree(root, given);
    expect(tree.dir).toBe(dir);
    expect(tree.files.map((file) => `${dir}/${file}`)).toEqual(['infra/prod/a.json']);
  });

  test('takes a path that starts at the root for what it is below it', async () => {
    await write('infra/a.json');
    expect(await listTree(root, join(root, 'infra'))).toEqual({ dir: 'infra', files: ['a.json'] });
  });

  test.each([
    ['nowhere', 'ENOENT', 'there is no such directory'],
    ['file.txt', 'ENOTDIR', 'it is no directory'],
  ])('refuses %s with %s, without a path of this machine', async (dir, code, why) => {
    await write('file.txt');
    const error = await listTree(root, dir).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TreeError);
    expect(error).toMatchObject({ code, message: `"${dir}" cannot be looked through: ${why}` });
  });
});

describe('listTree in a git work tree', () => {
  beforeEach(() => git('init', '--quiet'));

  test('leaves out what git ignores and keeps what is tracked all the same', async () => {
    await write('a.json', 'out/b.json', 'out/kept.json', 'dist/c.json', 'x/scratch.log', 'x/out/d.json', 'x/e.json', 'node_modules/f.json');
    await writeFile(join(root, '.gitignore'), 'out/\n*.log\n');
    git('add', '--force', 'out/kept.json');
    expect((await listTree(root, '.')).files).toEqual(['.gitignore', 'a.json', 'dist/c.json', 'out/kept.json', 'x/e.json']);
    expect((await listTree(root, 'x')).files).toEqual(['e.json']);
  });

  test('looks into an ignored directory when it is asked for by name', async () => {
    await write('out/a.json', 'out/deep/b.json');
    await writeFile(join(root, '.gitignore'), 'out/\n');
    expect((await listTree(root, 'out')).files).toEqual(['a.json', 'deep/b.json']);
  });

  test('lists no file that is tracked but gone', async () => {
    await write('a.json', 'b.json');
    git('add', '.');
    await rm(join(root, 'a.json'));
    expect((await listTree(root, '.')).files).toEqual(['b.json']);
  });

  test('leaves out repositories within', async () => {
    await write('sub/.git/HEAD', 'sub/a.json', 'module/b.json', 'kept/c.json');
    await writeFile(join(root, 'module/.git'), 'gitdir: ../.git/modules/module\n');
    expect((await listTree(root, '.')).files).toEqual(['kept/c.json']);
  });

  test('runs no command that the repository asks for', async () => {
    await write('a.json');
    await writeFile(join(root, 'hook.sh'), `#!/bin/sh\ntouch "${root}/ran"\n`, { mode: 0o755 });
    git('config', 'core.fsmonitor', join(root, 'hook.sh'));
    expect((await listTree(root, '.')).files).toEqual(['a.json', 'hook.sh']);
  });

  test('is not led astray by the variables of a hook', async () => {
    await write('out/a.json', 'b.json');
    await writeFile(join(root, '.gitignore'), 'out/\n');
    process.env['GIT_DIR'] = '/nowhere';
    try {
      expect((await listTree(root, '.')).files).toEqual(['.gitignore', 'b.json']);
    } finally {
      delete process.env['GIT_DIR'];
    }
  });
});

describe('regularFiles', () => {
  test('are those that are files, inside the root, whatever links lead there', async () => {
    await write('a.json', 'dir/b.json');
    await symlink(join(root, 'a.json'), join(root, 'inside.json'));
    await symlink('/etc/hostname', join(root, 'outside.json'));
    const paths = [
      'a.json',
      './dir/b.json',
      'dir',
      'gone.json',
      's3://bucket/x',
      '../../etc/hostname',
      'inside.json',
      'outside.json',
      '',
      'a\0b',
    ];
    expect(await regularFiles(root, paths)).toEqual(new Set(['a.json', './dir/b.json', 'inside.json']));
  });
});

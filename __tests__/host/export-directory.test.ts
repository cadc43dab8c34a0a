import { spawn } from 'node:child_process';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Disk, systemDisk } from '../../src/host/disk.ts';
import { ExportDirectoryError, openStaging, recoverExportDirectory } from '../../src/host/export-directory.ts';
import { journalPath, stagingPrefix } from '../../src/host/export-journal.ts';

const LAST = 'onboarding-metadata.json';
const NAMES = [LAST, 'p-artifact-manifest.yaml', 'provenance.json'];
/** What stands in the target before: one file of ours is missing, one has a backup, one is not ours. */
const OLD = {
  [LAST]: 'old onboarding',
  [`${LAST}.bak`]: 'older onboarding',
  'p-artifact-manifest.yaml': 'old manifest',
  'notes.txt': 'mine',
};
const NEW = {
  'notes.txt': 'mine',
  [LAST]: `new ${LAST}`,
  [`${LAST}.bak`]: 'old onboarding',
  'p-artifact-manifest.yaml': 'new p-artifact-manifest.yaml',
  'p-artifact-manifest.yaml.bak': 'old manifest',
  'provenance.json': 'new provenance.json',
};

const opened: string[] = [];
afterEach(async () => {
  for (const dir of opened.splice(0)) await rm(dir, { recursive: true, force: true });
});

describe('a committed export', () => {
  test('replaces the old files, keeps them as backups, and leaves files that are not ours', async () => {
    const target = await filledTarget();
    await exportInto(target, { backup: true });
    expect(await contents(target)).toEqual(NEW);
    expect(await readdir(join(target, '..'))).toEqual(['out']);
  });

  test('keeps no backup when none is asked for', async () => {
    const target = await filledTarget();
    await exportInto(target, { backup: false });
    expect(await contents(target)).toEqual({
      ...OLD,
      [LAST]: NEW[LAST],
      'p-artifact-manifest.yaml': NEW['p-artifact-manifest.yaml'],
      'provenance.json': NEW['provenance.json'],
    });
  });

  test('keeps one generation of backups', async () => {
    const target = await filledTarget();
    await exportInto(target, { backup: true });
    await exportInto(target, { backup: true });
    expect(await contents(target)).toEqual({
      ...NEW,
      [`${LAST}.bak`]: NEW[LAST],
      'p-artifact-manifest.yaml.bak': NEW['p-artifact-manifest.yaml'],
      'provenance.json.bak': NEW['provenance.json'],
    });
  });

  test('lies on the medium as it was written last', async () => {
    const flushed: string[] = [];
    const disk: Disk = {
      ...systemDisk,
      flush: async (paths) => {
        for (const path of paths) if (basename(path) === 'twice') flushed.push(await readFile(path, 'utf8'));
        await systemDisk.flush(paths);
      },
    };
    await using staging = await openStaging(await filledTarget(), disk);
    await staging.write('twice', Buffer.from('first'));
    await staging.write('twice', Buffer.from('last'), { willChange: true });
    await staging.commit({ backup: false, last: 'twice' });
    expect(flushed.at(-1)).toBe('last');
    expect(flushed).toHaveLength(2);
  });

  test('lies on the medium before it is moved, whatever was to be written anew and was not', async () => {
    const target = await filledTarget();
    const steps: string[] = [];
    const disk: Disk = {
      ...systemDisk,
      flush: async (paths) => systemDisk.flush(paths).then(() => void steps.push(...paths.map((path) => basename(path)))),
      rename: async (from, to) => systemDisk.rename(from, to).then(() => void steps.push('moved')),
    };
    await using staging = await openStaging(target, disk);
    for (const name of ['twice', 'once']) await staging.write(name, Buffer.from(name), { willChange: true });
    expect(steps).toEqual([]);
    await staging.write('twice', Buffer.from('again'));
    await staging.commit({ backup: false, last: 'twice' });
    expect(
      steps
        .slice(0, steps.indexOf('moved'))
        .filter((step) => ['twice', 'once'].includes(step))
        .sort(),
    ).toEqual(['once', 'twice']);
  });

  test('moves the named file into place after all others', async () => {
    const target = await filledTarget();
    const moved: string[] = [];
    const disk: Disk = { ...systemDisk, rename: async (from, to) => systemDisk.rename(from, to).then(() => void moved.push(to)) };
    await exportInto(target, { backup: true }, disk);
    expect(moved.at(-1)).toBe(join(target, LAST));
  });

  test('gives new files mode 0644 and replaced files the mode they had', async () => {
    const target = await filledTarget();
    await chmod(join(target, LAST), 0o600);
    await exportInto(target, { backup: true });
    const modes = await Promise.all(NAMES.map(async (name) => (await stat(join(target, name))).mode & 0o777));
    expect(modes).toEqual([0o600, 0o644, 0o644]);
  });

  test('makes the directory with its parents', async () => {
    const target = join(await freshDir(), 'a', 'b', 'c');
    await exportInto(target, { backup: true });
    expect(Object.keys(await contents(target)).sort()).toEqual([...NAMES].sort());
    expect(await readdir(join(target, '..'))).toEqual(['c']);
  });

  test('replaces a link and leaves alone what it points to', async () => {
    const target = await filledTarget();
    const elsewhere = join(target, '..', 'elsewhere');
    await writeFile(elsewhere, 'theirs');
    await symlink(elsewhere, join(target, 'provenance.json'));
    await exportInto(target, { backup: true });
    expect((await lstat(join(target, 'provenance.json'))).isFile()).toBe(true);
    expect(await readFile(elsewhere, 'utf8')).toBe('theirs');
  });

  test('goes to where a linked directory leads', async () => {
    const target = await filledTarget();
    const link = join(target, '..', 'link');
    await symlink(target, link);
    await exportInto(link, { backup: true });
    expect(await contents(target)).toEqual(NEW);
  });

  test('holds what was written last under a name', async () => {
    const target = join(await freshDir(), 'out');
    await using staging = await openStaging(target);
    await staging.write(LAST, Buffer.from('first'));
    await staging.write(LAST, Buffer.from('second'));
    await staging.commit({ backup: true, last: LAST });
    expect(await contents(target)).toEqual({ [LAST]: 'second' });
  });

  test('is made ready inside the target where the directory above may not be written', async () => {
    const target = await filledTarget();
    const above = join(target, '..');
    const disk: Disk = {
      ...systemDisk,
      mkdir: async (path) => (path.startsWith(join(target, '/')) ? systemDisk.mkdir(path) : failing('EACCES')),
    };
    await using staging = await openStaging(target, disk);
    expect(join(staging.dir, '..')).toBe(target);
    for (const name of NAMES) await staging.write(name, Buffer.from(`new ${name}`));
    await staging.commit({ backup: true, last: LAST });
    expect(await contents(target)).toEqual(NEW);
    expect(await readdir(above)).toEqual(['out']);
  });

  test('waits for another run that is writing to the same directory', async () => {
    const target = await filledTarget();
    await Promise.all([exportInto(target, { backup: false }), exportInto(target, { backup: false })]);
    expect(Object.keys(await contents(target)).sort()).toEqual([...Object.keys(OLD), 'provenance.json'].sort());
    expect(await readdir(join(target, '..'))).toEqual(['out']);
  });
});

describe('an export that is not committed', () => {
  test('leaves nothing, not even directories it had to make', async () => {
    const dir = await freshDir();
    await using staging = await openStaging(join(dir, 'a', 'b'));
    await staging.write(LAST, Buffer.from('x'));
    await staging.discard();
    expect(await readdir(dir)).toEqual([]);
  });

  test.each(['a/b', '..', '.', '', 'a\\b', 'a\0b', 'a\nb', 'x'.repeat(256)])('refuses the file name %j', async (name) => {
    await using staging = await openStaging(join(await freshDir(), 'out'));
    await expect(staging.write(name, Buffer.from('x'))).rejects.toMatchObject({ code: 'unsafe-name' });
  });

  test('is refused where a file stands in the directory’s place', async () => {
    const file = join(await freshDir(), 'file');
    await writeFile(file, '');
    await expect(openStaging(file)).rejects.toMatchObject({ code: 'not-a-directory' });
    await expect(openStaging(join(file, 'out'))).rejects.toMatchObject({ code: 'not-a-directory' });
  });

  test('is refused where a directory stands in a file’s place, and the old export stays', async () => {
    const target = await filledTarget();
    await mkdir(join(target, 'provenance.json'));
    await expect(exportInto(target, { backup: true })).rejects.toMatchObject({ code: 'in-the-way' });
    await rm(join(target, 'provenance.json'), { recursive: true });
    expect(await contents(target)).toEqual(OLD);
  });

  test('is refused to a user who may not write to the directory', async () => {
    const target = await filledTarget();
    await chmod(join(target, '..'), 0o755);
    await chmod(target, 0o555);
    // Root may write anywhere; nobody may not.
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    expect(await run('commit', target, 0, nobody)).toBe('read-only');
    await chmod(target, 0o755);
    expect(await contents(target)).toEqual(OLD);
    expect(await readdir(join(target, '..'))).toEqual(['out']);
  });

  test('tells what is read-only, and that nothing was changed', async () => {
    const target = await filledTarget();
    const disk: Disk = { ...systemDisk, mayWrite: () => failing('EACCES') };
    await expect(openStaging(target, disk)).rejects.toThrow(/may not write to .*out \(EACCES\); nothing was changed/);
  });

  test('leaves the old export whole at whatever step the disk fails', async () => {
    for (let step = 1; ; step++) {
      const target = await filledTarget();
      const disk = failingAt(step);
      const outcome = await exportInto(target, { backup: true }, disk.disk).catch((error: unknown) => error);
      const found = await contents(target);
      expect([OLD, NEW]).toContainEqual(found);
      if (outcome instanceof ExportDirectoryError) expect(found).toEqual(OLD);
      if (disk.steps() < step) {
        expect(step).toBeGreaterThan(30);
        return;
      }
      await rm(join(target, '..'), { recursive: true });
    }
  });
});

describe('after a killed run', () => {
  test('the next read finds the old export or the new one whole, wherever it died', async () => {
    const outcomes = new Set<string>();
    for (let step = 1; ; step++) {
      const target = await filledTarget();
      const child = await run('commit', target, step);
      await recoverExportDirectory(target);
      const found = await contents(target);
      expect([OLD, NEW]).toContainEqual(found);
      outcomes.add(found[LAST] ?? '');
      await (await openStaging(target)).discard();
      expect(await readdir(join(target, '..'))).toEqual(['out']);
      if (child !== 'killed') break;
    }
    expect([...outcomes].sort()).toEqual([NEW[LAST], OLD[LAST]].sort());
  }, 120_000);

  test('a recovery that dies too is taken up again', async () => {
    const steps = await stepsOfMoves();
    for (const step of [steps[2], steps.at(-1)]) {
      for (let again = 1; ; again++) {
        const target = await filledTarget();
        expect(await run('commit', target, step)).toBe('killed');
        const second = await run('recover', target, again);
        await recoverExportDirectory(target);
        expect([OLD, NEW]).toContainEqual(await contents(target));
        if (second !== 'killed') break;
      }
    }
  }, 120_000);

  test('a staging directory that is still in use is left alone', async () => {
    const target = await filledTarget();
    await using staging = await openStaging(target);
    await staging.write(LAST, Buffer.from('mine'));
    await run('commit', target, 0);
    expect(await readFile(join(staging.dir, LAST), 'utf8')).toBe('mine');
  });
});

describe('a journal that came with a checkout', () => {
  test.each([
    ['names a file outside', { moves: [{ name: '../victim', had: false }] }],
    ['names a staging directory outside', { staging: '../elsewhere' }],
    ['is no journal', 'nonsense'],
  ])('does no harm when it %s', async (_, change) => {
    const target = await filledTarget();
    const home = join(target, '..');
    await writeFile(join(home, 'victim'), 'safe');
    const staging = stagingPrefix(target) + '1-0-00';
    await mkdir(join(home, staging, '.export-tasks'), { recursive: true });
    const journal =
      typeof change === 'string' ? change : JSON.stringify({ owner: '999999999-0', staging, moves: [], made: false, ...change });
    const path = journalPath({ home, target });
    await writeFile(path, journal);
    await recoverExportDirectory(target);
    expect(await readFile(join(home, 'victim'), 'utf8')).toBe('safe');
    expect(await contents(target)).toEqual(OLD);
  });
});

async function freshDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'export-directory-'));
  opened.push(dir);
  return dir;
}

async function filledTarget(): Promise<string> {
  const target = join(await freshDir(), 'out');
  await mkdir(target);
  for (const [name, text] of Object.entries(OLD)) await writeFile(join(target, name), text);
  return target;
}

async function exportInto(target: string, options: { backup: boolean }, disk: Disk = systemDisk): Promise<void> {
  await using staging = await openStaging(target, disk);
  for (const name of NAMES) await staging.write(name, Buffer.from(`new ${name}`));
  await staging.commit({ ...options, last: LAST });
}

async function contents(dir: string): Promise<Record<string, string>> {
  const names = (await readdir(dir)).sort();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name), 'utf8')])));
}

/** A disk that fails once. */
function failingAt(step: number): { disk: Disk; steps: () => number } {
  let steps = 0;
  const disk = new Proxy(systemDisk, {
    get:
      (real, key: keyof Disk) =>
      async (...args: readonly unknown[]) => {
        if (++steps === step) await failing('EIO');
        return Reflect.apply(real[key] as (...args: readonly unknown[]) => unknown, real, args);
      },
  });
  return { disk, steps: () => steps };
}

async function failing(code: string): Promise<never> {
  throw Object.assign(new Error(code), { code });
}

const CHILD = join(import.meta.dirname, 'fixtures', 'commit-child.ts');

function run(
  mode: string,
  target: string,
  step = 0,
  user: { readonly uid?: number; readonly gid?: number } = {},
): Promise<'killed' | string> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [CHILD, mode, target, String(step)], { stdio: ['ignore', 'pipe', 'inherit'], ...user });
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
    });
    child.on('error', fail);
    child.on('close', (code, signal) =>
      signal === 'SIGKILL' ? done('killed') : code === 0 ? done(said) : fail(new Error(`exit ${code}`)),
    );
  });
}

/** The steps of an export at which a file is moved into place. */
async function stepsOfMoves(): Promise<readonly number[]> {
  const target = await filledTarget();
  const at: number[] = [];
  let steps = 0;
  const counting = new Proxy(systemDisk, {
    get:
      (real, key: keyof Disk) =>
      async (...args: readonly unknown[]) => {
        steps++;
        if (key === 'rename' && String(args[1]).startsWith(join(target, '/'))) at.push(steps);
        return Reflect.apply(real[key] as (...args: readonly unknown[]) => unknown, real, args);
      },
  });
  await exportInto(target, { backup: true }, counting);
  return at;
}

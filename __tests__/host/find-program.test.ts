import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findProgram } from '../../src/host/find-program.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'export-tasks-path-')));
  mkdirSync(join(folder, 'work/bin'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(path: string, mode = 0o755): string {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, mode);
  return file;
}

const find = (...path: readonly string[]) =>
  findProgram('promtool', { PATH: path.map((one) => (one.startsWith('.') ? one : join(folder, one))).join(delimiter) }, [
    join(folder, 'work'),
  ]);

describe('a program of the PATH', () => {
  test('is found in the first folder that has it', async () => {
    const first = program('a/promtool');
    program('b/promtool');
    expect(await find('none', 'a', 'b')).toBe(first);
  });

  test.each([{}, { PATH: '' }])('is nowhere with the environment %j', async (env) => {
    expect(await findProgram('promtool', env, [folder])).toBeUndefined();
  });

  test('is no folder of its name, and no file that may not be run', async () => {
    mkdirSync(join(folder, 'a/promtool'), { recursive: true });
    program('b/promtool', 0o644);
    expect(await find('a', 'b')).toBeUndefined();
  });

  test('is never one of the workspace, whose author a stranger may be: the next is taken', async () => {
    program('work/bin/promtool');
    program('work/promtool');
    const own = program('a/promtool');
    expect(await find('work/bin', 'work')).toBeUndefined();
    expect(await find('work/bin', 'work', 'a')).toBe(own);
  });

  test('is never reached by a link into the workspace', async () => {
    mkdirSync(join(folder, 'a'));
    symlinkSync(program('work/bin/promtool'), join(folder, 'a/promtool'));
    symlinkSync(join(folder, 'work/bin'), join(folder, 'b'));
    expect(await find('a', 'b')).toBeUndefined();
  });

  test('is never one of the repository around the workspace', async () => {
    mkdirSync(join(folder, '.git'));
    program('a/promtool');
    expect(await find('a')).toBeUndefined();
  });

  test('is not looked for in folders that are relative to wherever one stands', async () => {
    program('work/promtool');
    expect(await find('.', './bin')).toBeUndefined();
  });
});

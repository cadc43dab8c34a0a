import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type Call, showFiles } from '../../src/host/show-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'export-tasks-show-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;
/** A program of a few lines; the engine's path stands in its first, since the program gets no PATH. */
function program(body: string): string {
  const file = join(folder, `program-${++made}.cjs`);
  writeFileSync(file, `#!${process.execPath}\nconst args = process.argv.slice(2);\n${body}\n`, { mode: 0o755 });
  return file;
}

const CALL: Call = { args: ['check'], version: ['--version'] };

describe('showing files to a program', () => {
  test('hands it copies after --, and answers what it printed on both streams, whatever its exit code', async () => {
    const file = program(`
      if (args[0] === '--version') console.log('promtool, version 9.8.7+x (branch: b)');
      else {
        for (const name of args.slice(2)) console.log(args.slice(0, 2).join(' ') + ' ' + require('node:fs').readFileSync(name, 'utf8'));
        console.error('told');
        process.exitCode = 3;
      }`);
    const shown = await showFiles(file, CALL, ['one', 'two']);
    expect(shown).toMatchObject({ state: 'answered', version: '9.8.7+x', output: expect.stringContaining('check -- one\ncheck -- two\n') });
    expect(shown.state === 'answered' && shown.output).toContain('told');
  });

  test('leaves nothing behind', async () => {
    const shown = await showFiles(program(''), CALL, ['one']);
    expect(shown.state === 'answered' && existsSync(dirname(shown.files[0]!))).toBe(false);
  });

  test('shows a thousand files in a few calls, none twice', async () => {
    const file = program("if (args[0] !== '--version') console.log('call ' + args.slice(2).join(' '));");
    const shown = await showFiles(
      file,
      CALL,
      Array.from({ length: 1000 }, (_, index) => String(index)),
    );
    if (shown.state !== 'answered') throw new Error(shown.why);
    expect(shown.output.match(/^call /gm)).toHaveLength(5);
    const named = shown.output.split(/\s+/).filter((word) => word.endsWith('.yml'));
    expect(named).toEqual(shown.files);
  });

  test("keeps our environment to itself, and runs it in the copies' folder", async () => {
    process.env['EXPORT_TASKS_SECRET'] = 'hush';
    const file = program(
      "if (args[0] !== '--version') console.log(JSON.stringify([Object.keys(process.env).sort(), process.cwd(), args.at(-1)]));",
    );
    const shown = await showFiles(file, CALL, ['one']);
    delete process.env['EXPORT_TASKS_SECRET'];
    const [names, cwd, last] = JSON.parse(shown.state === 'answered' ? shown.output.trim() : '[]') as [string[], string, string];
    expect(names.filter((name) => !['HOME', 'LC_ALL', 'PWD', 'SystemRoot', '__CF_USER_TEXT_ENCODING'].includes(name))).toEqual([]);
    expect(last.startsWith(cwd) || last.endsWith('/1.yml')).toBe(true);
  });

  test.each([
    ['never comes to an end', 'setInterval(() => {}, 1000);', /^it took longer than 0\.5 seconds$/],
    ['is killed', "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);", /^it was ended by SIGTERM$/],
    ['says without end', "process.stdout.write('x'.repeat(9 * 1024 * 1024));", /^it printed more than 8388608 characters$/],
  ])('has no answer from one that %s', async (_, body, why) => {
    const shown = await showFiles(
      program(`if (args[0] !== '--version') { ${body} }`),
      CALL,
      ['one'],
      body.includes('kill') || body.includes('write') ? 30_000 : 500,
    );
    expect(shown).toEqual({ state: 'silent', why: expect.stringMatching(why) });
  });

  test('has no answer from what cannot be started', async () => {
    const file = join(folder, 'orphan');
    writeFileSync(file, '#!/no/such/interpreter\n', { mode: 0o755 });
    expect(await showFiles(file, CALL, ['one'])).toEqual({ state: 'silent', why: 'it could not be started (ENOENT)' });
  });
});

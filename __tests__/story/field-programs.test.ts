import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { run } from '../../src/run.ts';
import { SETTINGS, worldAt } from '../stories/pull-request.ts';

let folder: string;
let root: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'export-tasks-field-')));
  root = path.join(folder, 'work');
  cpSync(path.join(import.meta.dirname, '../stories/common'), root, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Answers as promtool does, refuses the second line of every file but the probe, and notes that it was called. */
function promtool(dir: string): string {
  mkdirSync(dir, { recursive: true });
  const file = path.join(dir, 'promtool');
  const body = `
const { appendFileSync } = require('node:fs');
const [first, ...args] = process.argv.slice(2);
if (first === '--version') console.log('promtool, version 3.9.9 (branch: x)');
else for (const [index, file] of args.slice(args.indexOf('--') + 1).entries()) {
  appendFileSync(${JSON.stringify(path.join(folder, 'called'))}, file + '\\n');
  console.log('Checking ' + file + (index === 0 ? '\\n  SUCCESS: 1 rules found\\n' : '\\n'));
  if (index > 0) console.error('  FAILED:\\n' + file + ': 2:1: too odd');
}`;
  writeFileSync(file, `#!${process.execPath}\n${body}\n`);
  chmodSync(file, 0o755);
  return dir;
}

async function findings(PATH: string) {
  const { report } = await run({ ...SETTINGS, outputDir: path.join(folder, 'out') }, { ...worldAt(root, '2026-11-21'), env: { PATH } });
  return report.verdict.findings.map(({ code, level, place, message }) => ({ code, level, line: place?.line, message }));
}

const called = () => (existsSync(path.join(folder, 'called')) ? readFileSync(path.join(folder, 'called'), 'utf8').trim().split('\n') : []);

test('what promtool on the PATH refuses is a fault of the artifact', async () => {
  expect(await findings('')).toEqual([]);
  const told = await findings(promtool(path.join(folder, 'bin')));
  expect(told).toContainEqual({
    code: 'artifact-validity/invalid_artifact',
    level: 'error',
    line: 10,
    message: 'promtool 3.9.9 refuses this: too odd.',
  });
  expect(called().length).toBeGreaterThan(1);
});

test('a promtool that the repository brings along is never started', async () => {
  expect(await findings(promtool(path.join(root, 'bin')))).toEqual([]);
  expect(called()).toEqual([]);
});

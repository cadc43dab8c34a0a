import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

// A program of somebody else: the examples of README.md as they stand there, and the package as npm would install it.
const root = path.resolve(import.meta.dirname, '..');
const program = mkdtempSync(path.join(tmpdir(), 'export-tasks-library-'));
const examples = [...readFileSync(path.join(root, 'README.md'), 'utf8').matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)];

beforeAll(() => {
  const installed = path.join(program, 'node_modules/export-tasks');
  mkdirSync(path.join(program, 'node_modules/@types'), { recursive: true });
  cpSync(path.join(root, 'dist'), path.join(installed, 'dist'), { recursive: true });
  cpSync(path.join(root, 'package.json'), path.join(installed, 'package.json'));
  symlinkSync(path.join(root, 'node_modules/@types/node'), path.join(program, 'node_modules/@types/node'), 'dir');
  cpSync(path.join(root, '.github/examples/shop'), program, { recursive: true });
  for (const [, name = '', text = ''] of examples) writeFileSync(path.join(program, name), text);
  writeFileSync(path.join(program, 'package.json'), JSON.stringify({ type: 'module' }));
  const compilerOptions = {
    strict: true,
    target: 'es2024',
    lib: ['es2024'],
    module: 'nodenext',
    noEmit: true,
    allowImportingTsExtensions: true,
    types: ['node'],
  };
  writeFileSync(path.join(program, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
});

afterAll(() => rmSync(program, { recursive: true, force: true }));

test('README.md shows an artifact type, a gate, a reporter and a run', () => {
  expect(examples.map(([, name]) => name)).toEqual(['load-test.ts', 'priced-work.ts', 'one-line.ts', 'main.ts']);
});

test('the examples compile against the declarations that are shipped, which need no other package', async () => {
  const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', '.'], { cwd: program }).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe('');
});

test('the examples run: the type is owed, the gate answers, the reporter speaks', async () => {
  const env = { PATH: process.env['PATH'] };
  const { stdout } = await promisify(execFile)(process.execPath, ['main.ts'], { cwd: program, env });
  expect(stdout).toBe('warn: 91.7% of what is required exists\n\n');
  const report = JSON.parse(readFileSync(path.join(program, 'contextcore-export/export-tasks-report.json'), 'utf8'));
  expect(JSON.stringify(report)).toContain('"catalog-load-test"');
  expect(JSON.stringify(report)).toContain('"priced-work"');
});

import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { COMPILED, LIB, type Ran, ROOT, workspace } from './cli/export-tasks.ts';
import { SHOP } from './cli/manifests.ts';

// The examples of the library, as a reader copies them: compiled against the published types, and run.
const EXAMPLES = path.join(import.meta.dirname, 'library');
const OUT = 'contextcore-export';
const shop = await workspace({ '.contextcore.yaml': SHOP });
const first = await example();
afterAll(() => shop[Symbol.asyncDispose]());

test('every example compiles against the published types, strictly', async () => {
  const types = path.join(ROOT, LIB.endsWith('.ts') ? 'src/index.ts' : 'dist/types/index.d.ts');
  const shown = await shownExamples();
  await using place = await workspace({
    ...shown,
    'package.json': JSON.stringify({ type: 'module' }),
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        ...{ target: 'es2024', module: 'nodenext', strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
        ...{ noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, erasableSyntaxOnly: true, verbatimModuleSyntax: true },
        lib: ['es2024', 'esnext.disposable', 'esnext.collection'],
        types: ['node'],
        typeRoots: [path.join(ROOT, 'node_modules/@types')],
        paths: { 'export-tasks': [types] },
      },
      files: [...Object.keys(shown), ...readdirSync(EXAMPLES).map((name) => path.join(EXAMPLES, name))],
    }),
  });
  const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  expect(await node([tsc, '-p', place.root], place.root)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(existsSync(types)).toBe(true);
}, 60_000);

describe('the run of the examples', () => {
  test('writes a custom artifact type’s artifact for every target, with its parameters, dependencies and task', async () => {
    const [text, onboarding, preview] = [
      await shop.text(`${OUT}/shop-artifact-manifest.yaml`),
      await shop.json(`${OUT}/onboarding-metadata.json`),
      await shop.json(`${OUT}/task-emission-preview.json`),
    ];
    for (const target of ['cart', 'checkout_api']) {
      expect(text).toContain(`id: ${target}-check`);
      expect(onboarding.resolved_artifact_parameters[`${target}-check`]).toMatchObject({ latencyP99: '200ms' });
      expect(preview.would_emit.tasks).toContainEqual(
        expect.objectContaining({
          task_id: `${target}-check`,
          artifact_type: 'synthetic_check',
          depends_on: [`${target}-service-monitor`],
        }),
      );
    }
  });

  test('blocks by a custom gate, at the line that it names', async () => {
    const report = await shop.json(`${OUT}/export-tasks-report.json`);
    expect({ code: first.code, verdict: report.verdict }).toEqual({ code: 1, verdict: 'block' });
    expect(report.findings).toContainEqual(
      expect.objectContaining({
        level: 'critical',
        gate: 'department-prefix',
        place: expect.objectContaining({ file: '.contextcore.yaml', line: 13 }),
      }),
    );
  });

  test('renders by a custom reporter', () => {
    expect(first).toMatchObject({ stdout: 'block: shop, 0 % of 10 required artifacts\n', stderr: '' });
  });

  test('passes when the house rule is kept', async () => {
    await using sales = await workspace({ '.contextcore.yaml': SHOP.replace('id: shop', 'id: sales-shop') });
    expect(await example(sales.root)).toMatchObject({ code: 0, stdout: 'warn: sales-shop, 0 % of 10 required artifacts\n' });
  });
});

test('the examples of README.md run, and the new artifact type is owed by every target', async () => {
  await using place = await workspace({ ...(await shownExamples()), '.contextcore.yaml': SHOP });
  expect(await example(place.root, place.at('main.ts'))).toMatchObject({ code: 0, stdout: 'warn: 0% of what is required exists\n' });
  expect(await place.text('export/shop-artifact-manifest.yaml')).toContain('id: cart-load-test');
});

/** The examples that README.md shows, by the file name on their first line. */
async function shownExamples(): Promise<Record<string, string>> {
  const readme = await readFile(path.join(ROOT, 'README.md'), 'utf8');
  return Object.fromEntries(
    [...readme.matchAll(/```ts\n\/\/ ([\w-]+\.ts)\n([\s\S]*?)```/g)].map(([, name = '', text = '']) => [name, text]),
  );
}

/** Runs an example, the package's name standing for the library under test. */
function example(cwd: string = shop.root, file = path.join(EXAMPLES, 'example-run.ts')): Promise<Ran> {
  const hook = `import{registerHooks}from"node:module";registerHooks({resolve:(name,context,next)=>next(name==="export-tasks"?${JSON.stringify(pathToFileURL(LIB).href)}:name,context)})`;
  return node(['--import', `data:text/javascript,${encodeURIComponent(hook)}`, file], cwd);
}

function node(args: readonly string[], cwd: string): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...args], { cwd, env: { PATH: process.env['PATH'], ...COMPILED } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

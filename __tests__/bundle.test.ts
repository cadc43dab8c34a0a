import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { version } from '../src/version.ts';

// The committed bundles, alone in a folder: no node_modules, no sources, as on a runner.
const root = path.resolve(import.meta.dirname, '..');
const shop = path.join(root, '.github/examples/shop');
const alone = mkdtempSync(path.join(tmpdir(), 'export-tasks-bundle-'));
const dist = path.join(alone, 'action/dist');
const RUN = [path.join(dist, 'cli/index.js'), 'run', '--path', '.contextcore.yaml', '--output-dir', 'out'];
/** Node's arguments for what is to be done before the program. */
const after = (code: string) => ['--import', `data:text/javascript,${encodeURIComponent(code)}`];

beforeAll(() => cpSync(path.join(root, 'dist'), dist, { recursive: true }));
afterAll(() => rmSync(alone, { recursive: true, force: true }));

test('the terminal bundle runs with nothing installed, by its own first line', async () => {
  const { stdout, code } = await ran(path.join(dist, 'cli/index.js'), ['--version'], { cwd: alone });
  expect({ stdout: stdout.trim(), code }).toEqual({ stdout: version, code: 0 });
});

test('the terminal bundle does the whole job', async () => {
  const work = workspace('terminal');
  const { code } = await node([path.join(dist, 'cli/index.js'), 'run', '--path', '.contextcore.yaml', '--output-dir', 'out'], {
    cwd: work,
  });
  expect(code).toBe(0);
  expect(readdirSync(path.join(work, 'out'))).toEqual(
    expect.arrayContaining(['onboarding-metadata.json', 'task-emission-preview.json', 'task-spans.otlp.jsonl']),
  );
});

test.each([
  { where: 'outside CI', env: {}, kept: true },
  { where: 'in CI', env: { CI: 'true' }, kept: false },
  { where: 'where it is switched off', env: { NODE_DISABLE_COMPILE_CACHE: '1' }, kept: false },
])('the terminal bundle keeps its compiled code in the cache folder of the user: $where, $kept', async ({ where, env, kept }) => {
  const cache = path.join(alone, `cache-${where.replaceAll(' ', '-')}`);
  const set = { PATH: process.env['PATH'], HOME: alone, XDG_CACHE_HOME: cache, ...env };
  const { code } = await ran(path.join(dist, 'cli/index.js'), ['validate', '-p', '.contextcore.yaml'], {
    cwd: workspace(`cached ${where}`),
    env: set,
  });
  expect({ code, kept: existsSync(cache) && readdirSync(cache, { recursive: true }).length > 1 }).toEqual({ code: 0, kept });
});

test('the terminal bundle gets as far on an engine without a compile cache as to say what it needs', async () => {
  const old =
    'import m from"node:module";delete m.enableCompileCache;Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.0.0"}});delete Set.prototype.difference';
  const set = { PATH: process.env['PATH'], HOME: alone };
  const { code, stderr } = await ran(process.execPath, [...after(old), ...RUN], { cwd: workspace('old'), env: set });
  expect({ code, stderr }).toEqual({ code: 2, stderr: 'export-tasks: Node.js 24 or later is needed; this is 20.0.0.\n' });
});

const BY_LIBRARY = `
  import { RUN_DEFAULTS, run, systemWorld } from ${JSON.stringify(pathToFileURL(path.join(dist, 'lib/index.js')))};
  const settings = { ...RUN_DEFAULTS, outputDir: 'out' };
  process.exitCode = (await run(settings, systemWorld(process.env, process.cwd(), () => {}))).exitCode;`;

test.each([
  { door: 'terminal', args: () => RUN, targets: 2, told: 0 },
  { door: 'terminal', args: () => RUN, targets: 60, told: 1 },
  { door: 'action', args: () => [path.join(dist, 'main/index.js')], targets: 60, told: 1 },
  { door: 'library', args: () => ['--input-type=module', '-e', BY_LIBRARY], targets: 60, told: 0 },
])('$targets targets ready the engine of the $door: $told', async ({ door, args, targets, told }) => {
  const hook =
    'import v8 from"node:v8";const set=v8.setFlagsFromString;v8.setFlagsFromString=(flags)=>{process.stderr.write("flags "+flags+"\\n");set(flags)}';
  const work = workspace(`engine ${door} ${targets}`);
  const names = Array.from({ length: targets }, (_, index) => `    - {kind: Deployment, name: t${index}}\n`).join('');
  writeFileSync(
    path.join(work, '.contextcore.yaml'),
    `apiVersion: contextcore.io/v1alpha2\nkind: ContextManifest\nmetadata: {name: many}\nspec:\n  project: {id: many}\n  targets:\n${names}`,
  );
  const { code, stderr } = await node([...after(hook), ...args()], { cwd: work, ...(door === 'action' && { env: runnerOf(work) }) });
  expect({ code, told: stderr.split('\n').filter((line) => line === 'flags --no-turbofan').length }).toEqual({ code: 0, told });
});

test('the action bundle does the whole job as a runner starts it', async () => {
  const work = workspace('runner');
  const env = runnerOf(work);
  const { code, stdout } = await node([path.join(dist, 'main/index.js')], { cwd: work, env });
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.anything() });
  expect(readFileSync(env.GITHUB_OUTPUT, 'utf8')).toMatch(/^verdict<<.*\nwarn\n/m);
  expect(readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8')).toContain('catalog-notification');
  expect(readdirSync(work).sort()).toEqual(readdirSync(shop).sort());
});

test('a plain run loads at most 2 MB, and neither the sender, the artifact client nor the GitHub client', async () => {
  const hook =
    'import{registerHooks}from"node:module";registerHooks({load(url,context,next){process.stderr.write("loaded "+url+"\\n");return next(url,context)}})';
  const work = workspace('plain');
  const { stderr } = await node([...after(hook), ...RUN], { cwd: work });
  const loaded = [...stderr.matchAll(/^loaded (file:\S+)$/gm)].map(([, url = '']) => fileURLToPath(url));
  expect(loaded.length).toBeGreaterThan(0);
  expect(loaded.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThanOrEqual(2_000_000);
  const text = loaded.map((file) => readFileSync(file, 'utf8')).join('\n');
  expect(['BlobServiceClient', 'OTLPTraceExporter', 'octokit-endpoint.js'].filter((word) => text.includes(word))).toEqual([]);
});

test('a plain run loads of the engine neither what starts programs nor what opens sockets', async () => {
  const hook = 'import{writeFileSync}from"node:fs";process.on("exit",()=>writeFileSync("loaded",process.moduleLoadList.join("\\n")))';
  const work = workspace('quiet');
  // A pipe is a socket to the engine.
  const run = '"$0" --import "$1" "$2" run --path .contextcore.yaml --output-dir out >said 2>&1 </dev/null';
  const args = [process.execPath, `data:text/javascript,${encodeURIComponent(hook)}`, path.join(dist, 'cli/index.js')];
  await ran('sh', ['-c', run, ...args], { cwd: work });
  const loaded = readFileSync(path.join(work, 'loaded'), 'utf8').split('\n');
  expect(loaded).toContain('NativeModule crypto');
  expect(loaded.filter((name) => /^NativeModule (?:child_process|net|http|tls|perf_hooks|vm)$/.test(name))).toEqual([]);
});

describe.each(['main', 'cli', 'lib'])('dist/%s', (folder) => {
  const files = () =>
    readdirSync(path.join(root, 'dist', folder)).map(
      (name) => [name, readFileSync(path.join(root, 'dist', folder, name), 'utf8')] as const,
    );

  test('is a module whatever lies above it', () => {
    expect(JSON.parse(readFileSync(path.join(root, 'dist', folder, 'package.json'), 'utf8'))).toEqual({ type: 'module' });
  });

  test('has the licence of what it contains beside it', () => {
    const licences = readFileSync(path.join(root, 'dist', folder, 'licenses.txt'), 'utf8');
    const inside = [
      'yaml',
      'zod',
      '@opentelemetry/sdk-trace-base',
      ...(folder === 'main' ? ['@actions/artifact'] : []),
      ...(folder === 'cli' ? ['commander'] : []),
    ];
    expect(inside.filter((name) => !new RegExp(`^${name} \\d`, 'm').test(licences))).toEqual([]);
  });

  test('names no directory, user or machine of whoever built it', () => {
    const traces = [root, `/${hostname()}/`, process.env['HOME'] ?? ''].filter((trace) => trace.length > 5);
    expect(files().flatMap(([name, text]) => traces.filter((trace) => text.includes(trace)).map((trace) => `${name}: ${trace}`))).toEqual(
      [],
    );
  });
});

function workspace(name: string): string {
  const work = path.join(alone, name);
  cpSync(shop, work, { recursive: true });
  return work;
}

/** What a runner hands over for inputs that the workflow leaves out. */
/** The environment of a step, its files in a folder beside the workspace. */
function runnerOf(work: string) {
  const temp = `${work} temp`;
  mkdirSync(temp);
  const files = {
    GITHUB_OUTPUT: path.join(temp, 'output'),
    GITHUB_STEP_SUMMARY: path.join(temp, 'summary'),
    GITHUB_EVENT_PATH: path.join(temp, 'event.json'),
  };
  for (const file of Object.values(files)) writeFileSync(file, '');
  writeFileSync(files.GITHUB_EVENT_PATH, JSON.stringify({ repository: { full_name: 'example/shop', default_branch: 'main' } }));
  return {
    ...inputDefaults(),
    ...files,
    PATH: process.env['PATH'],
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: work,
    GITHUB_REPOSITORY: 'example/shop',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REF: 'refs/heads/main',
    RUNNER_TEMP: temp,
    INPUT_GITHUB_TOKEN: '',
  };
}

function inputDefaults(): Readonly<Record<string, string>> {
  const { inputs } = parse(readFileSync(path.join(root, 'action.yml'), 'utf8')) as { inputs: Record<string, { default?: string }> };
  const plain = Object.entries(inputs).filter(([, input]) => !input.default?.includes('${{'));
  return Object.fromEntries(plain.map(([name, input]) => [`INPUT_${name.toUpperCase()}`, input.default ?? '']));
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function node(args: readonly string[], options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv }): Promise<Ran> {
  return ran(process.execPath, args, options);
}

async function ran(
  command: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Ran> {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(OTEL_|GITHUB_|INPUT_|NODE_OPTIONS)/.test(key)));
  try {
    const { stdout, stderr } = await promisify(execFile)(command, [...args], { cwd, env: env ?? clean, maxBuffer: 1 << 26 });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as Ran;
    if (typeof code !== 'number') throw error;
    return { code, stdout, stderr };
  }
}

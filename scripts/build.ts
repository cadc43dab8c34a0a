// npm run build: src/ → build/ (tsc) → dist/ (ncc), the same bytes in every directory.
// npm run build -- --check: the same into a temporary folder, compared with the committed dist/.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BundledModule, bundledLicences } from './bundled-licences.ts';
import { readAtOnce } from './read-at-once.ts';
import { writeSchemas } from './write-schemas.ts';

/** A door of the house and the folder of `dist/` it becomes. */
const doors = [
  { entry: 'action.js', folder: 'main' },
  { entry: 'cli.js', folder: 'cli' },
  { entry: 'index.js', folder: 'lib' },
] as const;

const root = path.resolve(import.meta.dirname, '..');
const build = path.join(root, 'build');
const dist = path.join(root, 'dist');
const require = createRequire(import.meta.url);

// Module ids and names in the bundles are taken relative to the working directory: it is always the project's.
process.chdir(root);
// ncc asks fs.existsSync about paths it does not have; the warning would speak of us.
process.noDeprecation = true;

const fresh = await mkdtemp(path.join(tmpdir(), 'export-tasks-dist-'));
try {
  await make(fresh);
  if (process.argv.includes('--check')) process.exitCode = await compare(fresh, dist);
  else await replace(dist, fresh);
} finally {
  await rm(fresh, { recursive: true, force: true });
}

async function make(into: string): Promise<void> {
  await emit();
  for (const door of doors) await bundle(path.join(build, door.entry), path.join(into, door.folder));
  await declarations(path.join(build, 'types'), path.join(into, 'types'));
  await writeSchemas(path.join(into, 'schemas'));
  await chmod(path.join(into, 'cli', 'index.js'), 0o755);
}

async function replace(old: string, made: string): Promise<void> {
  await rm(old, { recursive: true, force: true });
  await cp(made, old, { recursive: true });
}

/** TypeScript to JavaScript and declarations, under `build/`, which git ignores. */
async function emit(): Promise<void> {
  await rm(build, { recursive: true, force: true });
  await mkdir(build);
  const settings = {
    extends: '../tsconfig.json',
    compilerOptions: { noEmit: false, rootDir: '../src', outDir: '.', declaration: true, declarationDir: 'types' },
    include: ['../src'],
  };
  const file = path.join(build, 'tsconfig.emit.json');
  await writeFile(file, JSON.stringify(settings));
  const tsc = path.join(path.dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  if (spawnSync(process.execPath, [tsc, '-p', file], { stdio: 'inherit' }).status !== 0) {
    throw new Error('nothing is bundled, since the sources have the faults above');
  }
}

interface Bundled {
  readonly code: string;
  readonly assets: Readonly<Record<string, { readonly source: string | Uint8Array }>>;
  readonly stats: { readonly compilation: Compilation };
}

/** webpack's, as far as it is asked. */
interface Compilation {
  readonly modules: Iterable<BundledModule & { readonly nameForCondition: () => string | null }>;
  readonly chunkGraph: { readonly getModuleId: (module: object) => number | string | null };
}

/** One door with everything it imports; what it imports lazily becomes a chunk beside it. */
async function bundle(entry: string, folder: string): Promise<void> {
  const ncc = require('@vercel/ncc') as (entry: string, options: object) => Promise<Bundled>;
  const { code, assets, stats } = await ncc(entry, { cache: false, esm: true, quiet: true, target: 'es2024' });
  if (code.includes('__nccwpck_require__.a(')) {
    console.error(
      `${path.basename(entry)} waits at its top level: its bundle starts slower, since the engine reads it twice. Call an async function instead.`,
    );
  }
  const sources = new Map<string, string | Uint8Array>([
    ['index.js', code],
    ['licenses.txt', bundledLicences(stats.compilation.modules)],
    ...Object.entries(assets).map(([name, { source }]) => [name, source] as const),
  ]);
  const spared = littleCalled(stats.compilation);
  for (const [name, source] of sources) {
    const text = shrunk(name, lateBuiltins(Buffer.from(source).toString('utf8')), spared);
    if (text.includes(root)) throw new Error(`${path.basename(folder)}/${name} names the directory it was built in (${root})`);
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
}

/**
 * Two modules of the engine that cost more to load than the rest together, and that most runs name and never use (commander for subcommands that are programs of
 * their own, which we have none of). They load when something of them is used.
 */
function lateBuiltins(source: string): string {
  return source.replaceAll(
    /module\.exports = (\w+\(import\.meta\.url\)\("node:(?:child_process|net)"\));/g,
    `module.exports = new Proxy({}, {
      get: (_, name) => $1[name],
      ownKeys: () => Reflect.ownKeys($1),
      getOwnPropertyDescriptor: (_, name) => (name in $1 ? { value: $1[name], enumerable: true, configurable: true } : undefined),
    });`,
  );
}

/** The modules of packages, of which a run calls a small part; but every run calls zod to read its manifest. */
function littleCalled({ modules, chunkGraph }: Compilation): ReadonlySet<number> {
  const packaged = [...modules].filter((module) => /node_modules[\\/](?!zod[\\/])/.test(module.nameForCondition() ?? ''));
  return new Set(packaged.map((module) => Number(chunkGraph.getModuleId(module))));
}

/** A third of the size, and faster to start: the engine reads ASCII in three quarters of the time. Names of functions and classes stay, for stack traces and for code that asks. */
function shrunk(name: string, source: string, spared: ReadonlySet<number>): string {
  if (!name.endsWith('.js')) return source;
  const { minifySync } = require('@swc/core') as typeof import('@swc/core');
  const keep = { keep_classnames: true, keep_fnames: true };
  const { code } = minifySync(source, {
    module: true,
    ecma: 2020,
    compress: { ecma: 2020, module: true, ...keep },
    mangle: keep,
    format: { comments: false, ascii_only: true },
  });
  const [firstLine = ''] = source.split('\n', 1);
  const read = readAtOnce(code.replace(/^#!.*\n/, ''), spared);
  return firstLine.startsWith('#!') ? `${firstLine}\n${read}` : read;
}

/** The declarations that `index.d.ts` reaches, and no other. */
async function declarations(from: string, to: string): Promise<void> {
  const seen = new Set<string>();
  const queue = ['index.d.ts'];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const text = (await readFile(path.join(from, name), 'utf8')).replace(/(from |import\()(['"])(\.[^'"]+)\.ts\2/g, '$1$2$3.js$2');
    for (const [, specifier] of text.matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g))
      queue.push(path.join(path.dirname(name), `${specifier}.d.ts`));
    await mkdir(path.dirname(path.join(to, name)), { recursive: true });
    await writeFile(path.join(to, name), text);
  }
}

/** 0 when a fresh build gives the committed bytes; else 1, with the name of every file that differs. */
async function compare(made: string, committed: string): Promise<number> {
  const [ours, theirs] = await Promise.all([digests(made), digests(committed)]);
  const names = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  const stale = names.filter((name) => ours.get(name) !== theirs.get(name));
  for (const name of stale) console.error(`dist/${name}: ${!ours.has(name) ? 'left over' : !theirs.has(name) ? 'missing' : 'differs'}`);
  console.log(
    stale.length === 0 ? `dist/ is what src/ builds to (${names.length} files)` : 'dist/ is stale: run npm run build and commit it',
  );
  return stale.length === 0 ? 0 : 1;
}

async function digests(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    found.set(
      path.relative(folder, file).split(path.sep).join('/'),
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    );
  }
  return found;
}

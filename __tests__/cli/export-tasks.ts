import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** The terminal: the committed bundle when it is as new as the sources, else the sources. */
export const CLI = door('cli', 'src/cli.ts');
/** The library, likewise. */
export const LIB = door('lib', 'src/index.ts');
/** The action, likewise; relative to the repository, as `runStep` takes it. */
export const ACTION = path.relative(ROOT, door('main', 'src/action.ts'));

process.stderr.write(`these tests run ${[CLI, LIB, ACTION].map((file) => path.relative(ROOT, path.resolve(ROOT, file))).join(', ')}\n`);

function door(folder: string, source: string): string {
  const bundle = path.join(ROOT, 'dist', folder, 'index.js');
  const chosen = existsSync(bundle) && isFresh(bundle) ? bundle : path.join(ROOT, source);
  return chosen;
}

/** A checkout sets its own times, so of an untouched one the commits are asked. */
function isFresh(bundle: string): boolean {
  const sources = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).map((name) => path.join(ROOT, 'src', name));
  if (Math.max(...sources.map((name) => lstatSync(name).mtimeMs)) <= lstatSync(bundle).mtimeMs) return true;
  try {
    const git = (...args: readonly string[]) =>
      execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    if (git('status', '--porcelain', 'src', 'dist') !== '') return false;
    return Number(git('log', '-1', '--format=%ct', '--', 'dist')) >= Number(git('log', '-1', '--format=%ct', '--', 'src'));
  } catch {
    return false;
  }
}

/** Spares a process the compilation of what another has compiled: half the time of a command that runs from its sources. */
export const COMPILED = { NODE_COMPILE_CACHE: path.join(ROOT, 'node_modules/.cache/export-tasks') };

/** What a person saw of one command. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type Files = Readonly<Record<string, string | Uint8Array>>;
export type Env = Readonly<Record<string, string | undefined>>;

/** A directory of its own, taken away by scope. */
export class Workspace implements AsyncDisposable {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  at(...names: readonly string[]): string {
    return path.join(this.root, ...names);
  }

  async write(files: Files): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(this.at(name)), { recursive: true });
      await writeFile(this.at(name), content);
    }
  }

  text(name: string): Promise<string> {
    return readFile(this.at(name), 'utf8');
  }

  async json(name: string): Promise<any> {
    return JSON.parse(await this.text(name));
  }

  /** Runs `export-tasks` here, in an environment that knows of no CI and no collector. */
  run(args: readonly string[], env: Env = {}): Promise<Ran> {
    return exportTasks(args, { cwd: this.root, env });
  }

  git(...args: readonly string[]): string {
    return execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: this.root, encoding: 'utf8' });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }
}

export async function workspace(files: Files = {}): Promise<Workspace> {
  const made = new Workspace(await mkdtemp(path.join(tmpdir(), 'export-tasks-')));
  await made.write(files);
  return made;
}

export function exportTasks(args: readonly string[], { cwd, env = {} }: { readonly cwd: string; readonly env?: Env }): Promise<Ran> {
  const { child, ended } = startExportTasks(args, cwd, env);
  const [out, err]: string[][] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text: string) => out!.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => err!.push(text));
  return ended.then((code) => ({ code, stdout: out!.join(''), stderr: err!.join('') }));
}

/** The command begun, for tests that do not let it end. */
export function startExportTasks(args: readonly string[], cwd: string, env: Env = {}) {
  const given = { PATH: process.env['PATH'], HOME: cwd, ...COMPILED, ...env };
  const known = Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env: known, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  return { child, ended };
}

/** Every file below a directory with its digest, every link with its aim; empty where there is no directory. */
export function snapshot(dir: string): Readonly<Record<string, string>> {
  if (!existsSync(dir)) return {};
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const facts = lstatSync(path.join(dir, name));
      if (facts.isDirectory()) return [[`${name}/`, 'directory']];
      return [[name, facts.isSymbolicLink() ? readlinkSync(path.join(dir, name)) : sha256(readFileSync(path.join(dir, name)))]];
    }),
  );
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Lines of OTLP/JSON as spans, whoever wrote them. */
export function spansOf(spool: string): readonly any[] {
  return spool
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => JSON.parse(line).resourceSpans ?? [])
    .flatMap(({ scopeSpans }: any) => scopeSpans)
    .flatMap(({ spans }: any) => spans);
}

/** The value of an attribute, whatever its type. */
export function attribute(span: any, key: string): unknown {
  const found = span.attributes?.find((pair: any) => pair.key === key)?.value;
  return found === undefined ? undefined : Object.values(found)[0];
}

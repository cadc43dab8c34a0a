import { type Dirent, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { sortByCodePoint } from './code-points.ts';
import { codeOf } from './failure.ts';
import { repositoryOf } from './repository.ts';
import { isWithin } from './within.ts';

/** The regular files of a directory, as a person would look through them. */
export interface Tree {
  /** The directory relative to the root, `/` separators, empty for the root itself. */
  readonly dir: string;
  /** Paths below `dir`, `/` separators, in code-point order. */
  readonly files: readonly string[];
}

/** The directory is not there, is none, or cannot be read. */
export class TreeError extends Error {
  readonly code: string;
  constructor(message: string, code: string, cause: unknown) {
    super(message, { cause });
    this.name = 'TreeError';
    this.code = code;
  }
}

/**
 * Lists the files below a directory. Left out are what git ignores, `.git` itself, nested repositories and vendored trees; links are never followed.
 * Outside of a git work tree, or without git, the usual names of built and vendored trees are left out.
 * @throws TreeError when `dir` is no directory that can be read.
 */
export async function listTree(root: string, dir: string): Promise<Tree> {
  const base = resolve(root, dir);
  requireDirectory(base, dir);
  const ignored = await ignoredByGit(base);
  const files: string[] = [];
  walk(base, '', { isIgnored: (path) => ignored?.has(path) ?? false, skipped: ignored ? VENDORED : VENDORED_OR_BUILT, files });
  return { dir: slashed(relative(root, base)), files: sortByCodePoint(files, (path) => path) };
}

/** Which of these paths are regular files inside the root, links followed no further than that. */
export async function regularFiles(root: string, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const realRoot = realpathSync(root);
  return new Set(paths.filter((path) => isRegularFileInside(realRoot, path)));
}

const VENDORED: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  'bower_components',
  'vendor',
  'third_party',
  'site-packages',
]);
const VENDORED_OR_BUILT: ReadonlySet<string> = new Set([...VENDORED, 'dist', '.venv', 'venv', '__pycache__', '.terraform', '.tox']);

/** Whether a path of a repository lies in a tree that `listTree` passes over. */
export function isLeftOut(path: string): boolean {
  return path
    .split('/')
    .slice(0, -1)
    .some((name) => VENDORED.has(name));
}

function requireDirectory(base: string, dir: string): void {
  try {
    readdirSync(base);
  } catch (cause) {
    const code = codeOf(cause);
    throw new TreeError(`"${dir}" cannot be looked through: ${REASONS.get(code) ?? code}`, code ?? 'EIO', cause);
  }
}

const REASONS: ReadonlyMap<string | undefined, string> = new Map([
  ['ENOENT', 'there is no such directory'],
  ['ENOTDIR', 'it is no directory'],
  ['EACCES', 'it may not be read'],
]);

interface Walk {
  readonly isIgnored: (path: string) => boolean;
  readonly skipped: ReadonlySet<string>;
  readonly files: string[];
}

function walk(base: string, below: string, visit: Walk): void {
  const entries = entriesOf(join(base, below));
  if (below !== '' && entries.some((entry) => entry.name === '.git')) return;
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isFile() && !visit.isIgnored(path)) visit.files.push(path);
    if (entry.isDirectory() && !visit.skipped.has(entry.name) && !visit.isIgnored(`${path}/`)) walk(base, path, visit);
  }
}

/** A directory that cannot be read hides its files from everybody. */
function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

/**
 * What git ignores below a directory: files, and directories with a trailing slash. Undefined outside of a work tree, or when git is missing or refuses.
 * A hook's GIT_* variables would speak of another directory, and `core.fsmonitor` of a stranger's repository is a command: both are kept out.
 */
async function ignoredByGit(base: string): Promise<ReadonlySet<string> | undefined> {
  // Asking git where there is no repository costs as much as half of a small run.
  if (repositoryOf(base) === undefined) return undefined;
  const { execFile } = process.getBuiltinModule('node:child_process');
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  const args = ['-c', 'core.fsmonitor=false', 'ls-files', '--others', '--ignored', '--exclude-standard', '--directory', '-z'];
  return new Promise((answer) => {
    execFile('git', args, { cwd: base, env, timeout: 20_000, maxBuffer: 256 * 1024 * 1024 }, (error, stdout) => {
      answer(error ? undefined : new Set(stdout.split('\0')));
    });
  });
}

function isRegularFileInside(realRoot: string, path: string): boolean {
  try {
    const real = realpathSync(resolve(realRoot, path));
    return isWithin(realRoot, real) && lstatSync(real).isFile();
  } catch {
    return false;
  }
}

function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

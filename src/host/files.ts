import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { codeOf } from './failure.ts';
import { isWithin } from './within.ts';

export type ReadFailure = 'missing' | 'directory' | 'not-a-file' | 'too-big' | 'unreadable';

/** The bytes of a file, or why there are none. `message` is a sentence that names the path as the user wrote it. */
export type ReadOutcome =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly mtime: Date }
  | { readonly ok: false; readonly code: ReadFailure; readonly message: string; readonly cause?: unknown };

/** Reads a whole file of at most `max` bytes. A relative path is taken from `root`; no more than `max` bytes are ever held. */
export async function readBounded(root: string, path: string, max: number): Promise<ReadOutcome> {
  let file: number | undefined;
  try {
    const absolute = resolve(root, path);
    const refusal = refuse(path, statSync(absolute), max);
    if (refusal) return refusal;
    // Non-blocking, lest a pipe put in the file's place between the two calls holds us for ever.
    file = openSync(absolute, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const facts = fstatSync(file);
    return refuse(path, facts, max) ?? readOpen(file, facts, path);
  } catch (cause) {
    return unreadable(path, cause);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readOpen(file: number, { size, mtime }: Stats, path: string): ReadOutcome {
  const bytes = Buffer.allocUnsafe(size + 1);
  for (let length = 0; ; ) {
    const read = readSync(file, bytes, length, bytes.length - length, length);
    length += read;
    if (read === 0) return { ok: true, bytes: bytes.subarray(0, length), mtime };
    if (length === bytes.length) return failure('unreadable', `${path} grew while it was read; run again when nothing writes to it.`);
  }
}

/** What a run was made from or made: a path as told to a reader, whether it is there, when it was changed, what it holds. */
export interface Fingerprint {
  readonly path: string;
  readonly exists: boolean;
  /** Absent for directories and missing files, as is `sha256`. */
  readonly mtime?: Date;
  readonly sha256?: string;
}

/** The fingerprint of a file or directory under the name `told`; of bytes already at hand no second look is taken. */
export async function fingerprint(root: string, path: string, bytes?: Uint8Array): Promise<Fingerprint> {
  const facts = statOf(resolve(root, path));
  if (!facts) return { path, exists: false };
  if (!facts.isFile()) return { path, exists: true };
  const content = bytes ?? (await contentOf(root, path, facts.size));
  return { path, exists: true, mtime: facts.mtime, ...(content && { sha256: createHash('sha256').update(content).digest('hex') }) };
}

export type InsideOutcome =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly code: 'outside'; readonly message: string };

/**
 * The absolute path of something inside `root`, every link on the way followed, whether or not it exists yet. A path that leaves the root, by `..`, by
 * being absolute or through a link, is refused.
 */
export async function resolveInside(root: string, path: string): Promise<InsideOutcome> {
  const outside: InsideOutcome = { ok: false, code: 'outside', message: `${path} leads out of the workspace; give a path inside it.` };
  if (path.includes('\0')) return outside;
  const realRoot = realpathSync(root);
  const wanted = resolve(realRoot, isAbsolute(path) ? relative(resolve(root), path) : path);
  const real = realLocation(wanted, 0);
  return real !== undefined && isWithin(realRoot, real) && isWithin(realRoot, wanted) ? { ok: true, path: real } : outside;
}

/** Where a path really lies, its missing tail as written. A dangling link counts as what it points to; undefined for a loop of links. */
function realLocation(path: string, depth: number): string | undefined {
  if (depth > LINK_LIMIT) return undefined;
  try {
    return realpathSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return undefined;
  }
  const parent = dirname(path);
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return realLocation(resolve(parent, readlinkSync(path)), depth + 1);
  const above = parent === path ? undefined : realLocation(parent, depth);
  return above === undefined ? undefined : join(above, path.slice(parent.length));
}

const LINK_LIMIT = 40;

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function refuse(path: string, facts: Stats, max: number): ReadOutcome | undefined {
  if (facts.isDirectory()) return failure('directory', `${path} is a directory; give the path of a file.`);
  if (!facts.isFile()) return failure('not-a-file', `${path} is neither a file nor a link to one; give the path of a regular file.`);
  if (facts.size > max) return failure('too-big', `${path} has ${facts.size} bytes; at most ${max} are read.`);
  return undefined;
}

function unreadable(path: string, cause: unknown): ReadOutcome {
  const code = codeOf(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return failure('missing', `${path} does not exist; check the path, which is taken from the working directory.`, cause);
  if (code === 'EACCES' || code === 'EPERM')
    return failure('unreadable', `${path} may not be read by this user; check its permissions.`, cause);
  return failure('unreadable', `${path} cannot be read (${code ?? String(cause)}).`, cause);
}

function failure(code: ReadFailure, message: string, cause?: unknown): ReadOutcome {
  return { ok: false, code, message, ...(cause !== undefined && { cause }) };
}

async function contentOf(root: string, path: string, size: number): Promise<Uint8Array | undefined> {
  const read = await readBounded(root, path, size);
  return read.ok ? read.bytes : undefined;
}

import { closeSync, constants, fdatasync, fstatSync, mkdirSync, openSync, readSync, renameSync, writeSync, writev } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { codeOf } from './failure.ts';

/** The file in which spans wait. */
export interface SpoolFile {
  /** Writes a line at the end; it survives the process from here on. */
  readonly append: (line: Uint8Array) => Promise<void>;
  /** Resolves when every line appended so far is on disk and survives the machine. Calls that come together share one flush. */
  readonly sync: () => Promise<void>;
  /** Takes lines out, by their number from 0, and puts what remains of each in its place; removes the file when nothing is left in it. */
  readonly strike: (taken: ReadonlyMap<number, Remains>) => Promise<void>;
  /** Lines of earlier runs were there already. */
  readonly hadMore: boolean;
}

/** A line of a file by its bytes; `length` does not count the newline. */
export interface FileLine {
  readonly offset: number;
  readonly length: number;
  /** Absent when the line is longer than may be read. */
  readonly bytes?: Buffer;
}

/** The lines that hold what is left of one that was taken; none when it was taken whole. */
export type Remains = readonly Uint8Array[];

const NEWLINE = 0x0a;
const LINE_END = Buffer.of(NEWLINE);
const writeAll = promisify(writev);
const flush = promisify(fdatasync);

/**
 * Opens the spool at its final place, so that a killed run leaves it. With `keep`, what waits there from earlier runs stays before our lines; without, it is
 * moved aside to `.bak`. A link in its place is not followed. Step by step, for to wait for each step takes longer than the step; only lines are written while the next
 * one is made.
 * @throws when it cannot be written.
 */
export function openSpool(path: string, options: { readonly keep: boolean }): SpoolFile {
  mkdirSync(dirname(path), { recursive: true });
  if (!options.keep) setAside(path);
  const base = settleTail(path);
  const lines: FileLine[] = [];
  let end = base;
  let file: number | undefined;
  let running: Promise<void> = Promise.resolve();
  let queued: Promise<void> | undefined;
  return {
    hadMore: base > 0,
    append: async (line) => {
      file ??= openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW, 0o644);
      const { bytesWritten } = await writeAll(file, [line, LINE_END]);
      if (bytesWritten !== line.byteLength + 1) throw Object.assign(new Error('a line was cut'), { code: 'ENOSPC' });
      lines.push({ offset: end, length: line.byteLength });
      end += bytesWritten;
    },
    sync: () => {
      queued ??= running.then(() => {
        queued = undefined;
        running = file === undefined ? Promise.resolve() : flush(file);
        return running;
      });
      return queued;
    },
    strike: async (taken) => {
      if (file !== undefined) closeSync(file);
      file = undefined;
      await removeLines(path, takenLines(lines, taken));
    },
  };
}

/** The lines of a file, one after the other, the memory bounded by the longest that may be read. @throws when it cannot be read. */
export async function* readLines(path: string, longest: number): AsyncGenerator<FileLine> {
  await using handle = await open(path, constants.O_RDONLY);
  let offset = 0;
  let held: Buffer[] = [];
  let length = 0;
  for await (const chunk of handle.createReadStream({ autoClose: false, highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      if (length <= longest) held.push(chunk.subarray(from, at));
      length += at - from;
      yield { offset, length, ...(length <= longest ? { bytes: Buffer.concat(held) } : {}) };
      offset += length + 1;
      held = [];
      length = 0;
      from = at + 1;
    }
    if (length <= longest) held.push(Buffer.from(chunk.subarray(from)));
    length += chunk.length - from;
  }
  if (length > 0) yield { offset, length, ...(length <= longest ? { bytes: Buffer.concat(held) } : {}) };
}

/** A line that was taken, and what is to stand in its place when it was taken only in part. */
export interface TakenLine {
  readonly offset: number;
  readonly length: number;
  readonly remains?: Remains;
}

/** Those of the lines that were taken, by their numbers. */
export function takenLines(
  lines: readonly { readonly offset: number; readonly length: number }[],
  taken: ReadonlyMap<number, Remains>,
): readonly TakenLine[] {
  return lines.flatMap(({ offset, length }, number) => {
    const remains = taken.get(number);
    return remains ? [{ offset, length, remains }] : [];
  });
}

/**
 * Rewrites a file without the given lines, in one move: at any moment either the old file is there or the new one. Lines appended meanwhile stay. A file in
 * which nothing is left is removed.
 */
export async function removeLines(path: string, gone: readonly TakenLine[]): Promise<void> {
  if (gone.length === 0) return;
  const temporary = `${path}.${process.pid}.tmp`;
  const left = await copyWithout(path, temporary, gone);
  if (left === 0) {
    await rm(path, { force: true });
    await rm(temporary, { force: true });
  } else {
    await rename(temporary, path);
  }
}

async function copyWithout(path: string, to: string, gone: readonly TakenLine[]): Promise<number> {
  await using source = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  await using target = await open(to, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW, 0o644);
  let written = 0;
  let at = 0;
  for (const { offset, length, remains = [] } of gone.toSorted((a, b) => a.offset - b.offset)) {
    written += await copyRange(source, target, at, offset);
    for (const line of remains) written += (await target.writev([line, LINE_END])).bytesWritten;
    at = offset + length + 1;
  }
  written += await copyRange(source, target, at, Number.POSITIVE_INFINITY);
  await target.datasync();
  return written;
}

async function copyRange(source: FileHandle, target: FileHandle, from: number, to: number): Promise<number> {
  const buffer = Buffer.allocUnsafe(256 * 1024);
  let at = from;
  while (at < to) {
    const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, to - at), at);
    if (bytesRead === 0) break;
    await target.appendFile(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  return Math.max(0, at - from);
}

function setAside(path: string): void {
  if (sizeOf(path) > 0) renameSync(path, `${path}.bak`);
}

/** A run that was killed may have left half a line; ours must not be glued to it. */
function settleTail(path: string): number {
  const size = sizeOf(path);
  if (size === 0) return 0;
  return whileOpen(path, constants.O_RDWR, (file) => {
    const last = Buffer.alloc(1);
    readSync(file, last, 0, 1, size - 1);
    return last[0] === NEWLINE ? size : size + writeSync(file, LINE_END, 0, 1, size);
  });
}

function sizeOf(path: string): number {
  try {
    return whileOpen(path, constants.O_RDONLY, (file) => fstatSync(file).size);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

function whileOpen<T>(path: string, mode: number, act: (file: number) => T): T {
  const file = openSync(path, mode | constants.O_NOFOLLOW);
  try {
    return act(file);
  } finally {
    closeSync(file);
  }
}

/** The named file of a directory; undefined when the path is no directory. @throws when the path is not there, or the file is not in it. */
export async function findInDirectory(path: string, name: string): Promise<string | undefined> {
  const found = await stat(path);
  if (!found.isDirectory()) return undefined;
  const file = join(path, name);
  await stat(file);
  return file;
}

/** A whole file, up to a size. @throws when it cannot be read or is larger. */
export async function readWhole(path: string, largest: number): Promise<Buffer> {
  await using handle = await open(path, constants.O_RDONLY);
  const { size } = await handle.stat();
  if (size > largest) throw new Error(`larger than ${largest} bytes`);
  return handle.readFile();
}

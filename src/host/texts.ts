import { createHash } from 'node:crypto';
import { closeSync, constants, existsSync, openSync, readSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readBounded } from './files.ts';

/** The text of a file, or a sentence why there is none. */
export type TextOutcome = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

/** Reads a text of at most `max` bytes. Thousands of small files are read one after the other: asking for each step of each costs five times as much as reading. */
export function readText(root: string, path: string, max: number): TextOutcome | Promise<TextOutcome> {
  const text = readSmall(resolve(root, path), max);
  return text === undefined ? readOther(root, path, max) : { ok: true, text };
}

async function readOther(root: string, path: string, max: number): Promise<TextOutcome> {
  const read = await readBounded(root, path, max);
  return read.ok ? textOf(read.bytes, path) : { ok: false, message: read.message };
}

/** Undefined for whatever is not a plain small file of text; the other way to read then says why. What holds nothing may be no file at all. */
function readSmall(path: string, max: number): string | undefined {
  let file: number | undefined;
  try {
    // Non-blocking, lest a pipe holds us for ever.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    small ??= Buffer.allocUnsafeSlow(SMALL + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < small.length; length += read) {
      read = readSync(file, small, length, small.length - length, null);
    }
    if (length === 0 || length > Math.min(max, SMALL)) return undefined;
    const text = small.toString('utf8', 0, length);
    return text.includes(NO_CHARACTER) ? undefined : text;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

const SMALL = 1024 * 1024;
/** What stands for bytes that are no UTF-8; a text may have it all the same. */
const NO_CHARACTER = '\ufffd';
/** One room for all small files, each of which is made a text before the next is read. */
let small: Buffer | undefined;

/** The text that bytes hold, when they are UTF-8. */
export function textOf(bytes: Uint8Array, path: string): TextOutcome {
  try {
    return { ok: true, text: UTF_8.decode(bytes) };
  } catch {
    return { ok: false, message: `${path} is not UTF-8 text; save it with the encoding UTF-8.` };
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether there is something at a path of the workspace. */
export function isThereIn(root: string): (path: string) => boolean {
  return (path) => existsSync(resolve(root, path));
}

/** A path with all links followed; as it is where there is nothing. */
export function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

/** The name under which git keeps a text. */
export function blobIdOf(text: string): string {
  const bytes = Buffer.from(text);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

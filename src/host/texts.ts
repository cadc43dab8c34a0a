import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readBounded } from './files.ts';

/** The text of a file, or a sentence why there is none. */
export type TextOutcome = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

/** Reads a text of at most `max` bytes. */
export async function readText(root: string, path: string, max: number): Promise<TextOutcome> {
  const read = await readBounded(root, path, max);
  return read.ok ? textOf(read.bytes, path) : { ok: false, message: read.message };
}

/** The text that bytes hold, when they are UTF-8. */
export function textOf(bytes: Uint8Array, path: string): TextOutcome {
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { ok: false, message: `${path} is not UTF-8 text; save it with the encoding UTF-8.` };
  }
}

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

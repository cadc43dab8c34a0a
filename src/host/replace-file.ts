import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { type Disk, systemDisk } from './disk.ts';
import { codeOf } from './failure.ts';

/** A file could not be written. What stood there still stands. */
export class ReplaceFileError extends Error {
  override readonly name = 'ReplaceFileError';
}

export interface ReplaceOptions {
  /** The file can be made again, so that nobody need wait until it is on the medium. */
  readonly again?: boolean;
  /** Keeps what is replaced under this name, beside the file. */
  readonly backup?: string;
}

/**
 * Writes a file whole or not at all, its directory made where it is missing. A link is followed: the file it leads to is replaced, with its mode.
 * `told` is the path as the user wrote it.
 * @throws ReplaceFileError with a sentence for the user.
 */
export async function replaceFile(
  path: string,
  told: string,
  bytes: Uint8Array,
  options: ReplaceOptions = {},
  disk: Disk = systemDisk,
): Promise<void> {
  try {
    const old = await disk.follow(path);
    if (old && old.kind !== 'file') throw new ReplaceFileError(`${told} is not a file; give the path of one.`);
    const target = old?.path ?? path;
    await disk.mkdirs(dirname(target));
    if (old && options.backup !== undefined)
      await put(join(dirname(target), options.backup), await disk.read(target), { mode: old.mode }, disk);
    await put(target, bytes, { ...options, mode: old?.mode }, disk);
  } catch (cause) {
    if (cause instanceof ReplaceFileError) throw cause;
    throw new ReplaceFileError(`${told} cannot be written: ${REASONS[codeOf(cause) ?? ''] ?? codeOf(cause) ?? String(cause)}.`, { cause });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a part of its path is a file',
};

/** Beside its place first, so that taking it is one step. */
async function put(
  path: string,
  bytes: Uint8Array,
  { mode, again }: { readonly mode: number | undefined; readonly again?: boolean },
  disk: Disk,
): Promise<void> {
  const made = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await disk.write(made, bytes, { exclusive: true });
    if (!again) await disk.flush([made]);
    if (mode !== undefined) await disk.chmod(made, mode);
    await disk.rename(made, path);
  } catch (error) {
    await disk.unlink(made).catch(() => undefined);
    throw error;
  }
}

import {
  access,
  chmod,
  constants,
  copyFile,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  unlink,
} from 'node:fs/promises';
import { isFailure } from './failure.ts';

/** What writing an export asks of a file system, so that a test can fail or die at any of its steps. Failures are those of Node's own functions. */
export interface Disk {
  /** Writes a whole file and returns when it is on the medium. `exclusive` fails when the file is there. */
  write(path: string, bytes: Uint8Array, options?: { readonly exclusive?: boolean }): Promise<void>;
  /** A second name for the same file, else a copy of it where there are no such links. Fails when `to` is there. */
  duplicate(from: string, to: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  mkdir(path: string): Promise<void>;
  /** With all parents; answers the topmost directory made, undefined when all were there. */
  mkdirs(path: string): Promise<string | undefined>;
  rmdir(path: string): Promise<void>;
  /** Removes a whole tree; what is not there is no failure. */
  remove(path: string): Promise<void>;
  read(path: string): Promise<Uint8Array>;
  list(path: string): Promise<readonly string[]>;
  /** Undefined when nothing is there. A link is not followed. */
  look(path: string): Promise<Entry | undefined>;
  /** Undefined when nothing is there. A link is followed, and `path` is where it ends. */
  follow(path: string): Promise<(Entry & { readonly path: string }) | undefined>;
  /** Fails when this user may not make files in the directory. */
  mayWrite(path: string): Promise<void>;
  /** Puts a directory's names on the medium, where the system can. */
  settle(path: string): Promise<void>;
}

export interface Entry {
  readonly kind: 'file' | 'directory' | 'other';
  readonly mode: number;
  readonly device: number;
  readonly mtime: number;
}

export const systemDisk: Disk = {
  write: async (path, bytes, { exclusive = false } = {}) => {
    await using file = await open(path, exclusive ? 'wx' : 'w', 0o644);
    await file.writeFile(bytes);
    await file.datasync();
  },
  duplicate: async (from, to) => {
    try {
      await link(from, to);
    } catch (error) {
      if (!isFailure(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) throw error;
      await copyFile(from, to, constants.COPYFILE_EXCL);
    }
  },
  link,
  rename,
  unlink,
  chmod,
  mkdir: async (path) => void (await mkdir(path)),
  mkdirs: (path) => mkdir(path, { recursive: true }),
  rmdir,
  remove: (path) => rm(path, { recursive: true, force: true }),
  read: (path) => readFile(path),
  list: (path) => readdir(path),
  look: (path) => present(async () => entryOf(await lstat(path))),
  follow: (path) => present(async () => ({ ...entryOf(await stat(path)), path: await realpath(path) })),
  mayWrite: (path) => access(path, constants.W_OK | constants.X_OK),
  settle: async (path) => {
    try {
      await using directory = await open(path, 'r');
      await directory.sync();
    } catch {
      // Windows and some network file systems cannot; the renames themselves are whole all the same.
    }
  },
};

function entryOf(stats: Awaited<ReturnType<typeof lstat>>): Entry {
  const kind = stats.isDirectory() ? 'directory' : stats.isFile() ? 'file' : 'other';
  return { kind, mode: Number(stats.mode) & 0o7777, device: Number(stats.dev), mtime: Number(stats.mtimeMs) };
}

async function present<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (isFailure(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

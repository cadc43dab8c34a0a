import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fdatasync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { isFailure } from './failure.ts';

/** What writing an export asks of a file system, so that a test can fail or die at any of its steps. Failures are those of Node's own functions. */
export interface Disk {
  /** Writes a whole file. `exclusive` fails when the file is there. */
  write(path: string, bytes: Uint8Array, options?: { readonly exclusive?: boolean }): Promise<void>;
  /** Puts what files hold on the medium, all at once. Fails when one of them cannot be. */
  flush(paths: readonly string[]): Promise<void>;
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
}

export interface Entry {
  readonly kind: 'file' | 'directory' | 'other';
  readonly mode: number;
  readonly device: number;
  readonly mtime: number;
}

/** Each step at once, since a hundred of them by way of the thread pool cost as much as bare Node's start; only what waits for the medium waits together. */
export const systemDisk: Disk = {
  write: async (path, bytes, { exclusive = false } = {}) => {
    writeFileSync(path, bytes, { flag: exclusive ? 'wx' : 'w', mode: 0o644 });
  },
  flush: async (paths) => void (await Promise.all(paths.map(flushed))),
  duplicate: async (from, to) => {
    try {
      linkSync(from, to);
    } catch (error) {
      if (!isFailure(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) throw error;
      copyFileSync(from, to, constants.COPYFILE_EXCL);
    }
  },
  link: async (from, to) => linkSync(from, to),
  rename: async (from, to) => renameSync(from, to),
  unlink: async (path) => unlinkSync(path),
  chmod: async (path, mode) => chmodSync(path, mode),
  mkdir: async (path) => mkdirSync(path),
  mkdirs: async (path) => mkdirSync(path, { recursive: true }),
  rmdir: async (path) => rmdirSync(path),
  remove: async (path) => rmSync(path, { recursive: true, force: true }),
  read: async (path) => readFileSync(path),
  list: async (path) => readdirSync(path),
  look: async (path) => present(() => entryOf(lstatSync(path))),
  follow: async (path) => present(() => ({ ...entryOf(statSync(path)), path: realpathSync(path) })),
  mayWrite: async (path) => accessSync(path, constants.W_OK | constants.X_OK),
};

function flushed(path: string): Promise<void> {
  const file = openSync(path, 'r+');
  return new Promise((done, fail) => {
    fdatasync(file, (error) => {
      closeSync(file);
      if (error) fail(error);
      else done();
    });
  });
}

function entryOf(stats: Stats): Entry {
  const kind = stats.isDirectory() ? 'directory' : stats.isFile() ? 'file' : 'other';
  return { kind, mode: stats.mode & 0o7777, device: stats.dev, mtime: stats.mtimeMs };
}

function present<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (isFailure(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

import { randomBytes } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Disk, systemDisk } from './disk.ts';
import { ExportDirectoryError, explained, FORBIDDEN, reason } from './export-directory-error.ts';
import {
  dropJournal,
  enterMoves,
  isSafeName,
  type Journal,
  KEPT,
  type Move,
  open,
  type Site,
  settleJournal,
  stagingPrefix,
  takeJournal,
} from './export-journal.ts';
import { recoverSite, recoverTarget } from './export-recovery.ts';
import { isFailure } from './failure.ts';
import { ownerMark } from './owner.ts';

export { type ExportDirectoryCode, ExportDirectoryError } from './export-directory-error.ts';

export interface CommitOptions {
  /** Keep what is replaced as `<name>.bak`, one generation. */
  readonly backup: boolean;
  /** The file that takes its place after all others. */
  readonly last: string;
}

/** A directory beside the target in which an export is made ready. Left by scope, what was not committed is discarded. */
export interface Staging extends AsyncDisposable {
  /** Absolute. Holds the new files, as an export directory of its own. */
  readonly dir: string;
  /** Absolute, links followed. Made by `commit` when it is not there. */
  readonly target: string;
  /** Writes a file of the export, or writes it anew. The medium need not take what will be written anew. */
  write(name: string, bytes: Uint8Array, options?: { readonly willChange: boolean }): Promise<void>;
  /** Moves every file into place, or none: also when the process is killed, the next open or read of the target finds the old export or the new one whole. */
  commit(options: CommitOptions): Promise<void>;
  discard(): Promise<void>;
}

/** Opens a staging directory for an export into `targetDir`, after putting right what a killed run may have left there. The target itself is not touched. */
export async function openStaging(targetDir: string, disk: Disk = systemDisk): Promise<Staging> {
  return explained(targetDir, async () => {
    const found = await disk.follow(resolve(targetDir));
    if (found && found.kind !== 'directory')
      throw new ExportDirectoryError('not-a-directory', `${targetDir} is a file; give a directory for the export.`);
    const target = found?.path ?? resolve(targetDir);
    const made = await disk.mkdirs(dirname(target));
    if (found) await disk.mayWrite(target);
    await recoverTarget(target, disk, true);
    const site = await openSite(target, found?.device, disk);
    return new OpenStaging(targetDir, site.site, site.name, found === undefined, made, disk);
  });
}

/** Puts right what a killed run left in an export directory: to be called before reading one. Does nothing, quickly, where nothing was left. */
export async function recoverExportDirectory(targetDir: string, disk: Disk = systemDisk): Promise<void> {
  await explained(targetDir, async () => recoverTarget((await disk.follow(resolve(targetDir)))?.path ?? resolve(targetDir), disk, false));
}

class OpenStaging implements Staging {
  readonly dir: string;
  readonly target: string;
  readonly #told: string;
  readonly #site: Site;
  readonly #name: string;
  readonly #fresh: boolean;
  readonly #made: string | undefined;
  readonly #disk: Disk;
  readonly #names = new Set<string>();
  readonly #modes = new Map<string, number>();
  readonly #flushed = new Map<string, Promise<void>>();
  #state: 'open' | 'committing' | 'committed' | 'stuck' | 'discarded' = 'open';

  constructor(told: string, site: Site, name: string, fresh: boolean, made: string | undefined, disk: Disk) {
    this.#told = told;
    this.#site = site;
    this.#name = name;
    this.#fresh = fresh;
    this.#made = made;
    this.#disk = disk;
    this.target = site.target;
    this.dir = join(site.home, name);
  }

  async write(name: string, bytes: Uint8Array, { willChange } = { willChange: false }): Promise<void> {
    this.#mustBeOpen();
    if (!isSafeName(name))
      throw new ExportDirectoryError(
        'unsafe-name',
        `An export cannot hold a file named ${JSON.stringify(name)}; a name is one path segment.`,
      );
    this.#names.add(name);
    const path = join(this.dir, name);
    await explained(this.#told, () => this.#disk.write(path, bytes));
    this.#flushed.delete(name);
    if (willChange) return;
    // The medium takes it while the export is judged; the commit waits for that, and hears of it when it fails.
    const flushed = this.#disk.flush([path]);
    flushed.catch(() => undefined);
    this.#flushed.set(name, flushed);
  }

  async commit({ backup, last }: CommitOptions): Promise<void> {
    this.#mustBeOpen();
    this.#state = 'committing';
    const names = [...this.#names].filter((name) => name !== last).concat(this.#names.has(last) ? [last] : []);
    await explained(this.#told, async () => {
      let journal: Journal = { owner: ownerMark(), staging: this.#name, moves: [], made: this.#fresh };
      await this.#take(journal);
      try {
        await this.#disk.mkdirs(this.target);
        journal = { ...journal, moves: await this.#keep(names, backup) };
        const waiting = names.filter((name) => !this.#flushed.has(name)).map((name) => join(this.dir, name));
        if (waiting.length > 0) await this.#disk.flush(waiting);
        await Promise.all(this.#flushed.values());
        await enterMoves(this.#disk, this.#site, journal);
        for (const [name, mode] of this.#modes) await this.#disk.chmod(join(this.dir, name), mode);
        for (const { name } of journal.moves) await this.#disk.rename(join(this.dir, name), join(this.target, name));
        await dropJournal(this.#disk, this.#site);
      } catch (error) {
        await this.#undo(journal, error);
      }
    });
    this.#state = 'committed';
    await this.#clear();
  }

  async discard(): Promise<void> {
    if (this.#state !== 'open' && this.#state !== 'committing') return;
    this.#state = 'discarded';
    await this.#clear();
    for (let dir = dirname(this.target); this.#made !== undefined && dir.startsWith(this.#made); dir = dirname(dir)) {
      // A directory that something else has moved into meanwhile stays.
      if (
        !(await this.#disk.rmdir(dir).then(
          () => true,
          () => false,
        ))
      )
        break;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.discard();
  }

  #mustBeOpen(): void {
    if (this.#state !== 'open') throw new Error(`this staging directory is ${this.#state}`);
  }

  async #take(journal: Journal): Promise<void> {
    for (let waited = 0; !(await takeJournal(this.#disk, this.#site, journal)); waited += WAIT_STEP) {
      await recoverSite(this.#disk, this.#site);
      if (waited >= WAIT_LIMIT)
        throw new ExportDirectoryError('busy', `Another run is writing an export to ${this.#told}; run again when it is through.`);
      await wait(WAIT_STEP);
    }
  }

  /** Keeps everything that is about to be replaced, remembers the mode that the new file is to have, and lays out the backups as files to be moved too. */
  async #keep(names: readonly string[], backup: boolean): Promise<readonly Move[]> {
    const moves: Move[] = [];
    const backups: Move[] = [];
    for (const name of names) {
      const old = await this.#keepOne(name);
      moves.push({ name, had: old !== undefined });
      if (old === 'file' && backup) {
        backups.push({ name: name + '.bak', had: (await this.#keepOne(name + '.bak')) !== undefined });
        await this.#disk.duplicate(join(this.target, name), join(this.dir, name + '.bak'));
      }
    }
    return [...backups, ...moves];
  }

  async #keepOne(name: string): Promise<'file' | 'link' | undefined> {
    const path = join(this.target, name);
    const old = await this.#disk.look(path);
    if (!old) return undefined;
    if (old.kind === 'directory') {
      throw new ExportDirectoryError(
        'in-the-way',
        `${name} in ${this.#told} is a directory, where a file of the export belongs; move it away.`,
      );
    }
    await this.#disk.duplicate(path, join(this.dir, KEPT, name));
    if (old.kind !== 'file') return 'link';
    if (this.#names.has(name)) this.#modes.set(name, old.mode);
    return 'file';
  }

  async #undo(journal: Journal, error: unknown): Promise<void> {
    try {
      if ((await settleJournal(this.#disk, this.#site, journal)) === 'new') return;
    } catch (failure) {
      this.#state = 'stuck';
      open.delete(this.#name);
      const kept = `the files it had are kept in ${basename(this.dir)}, and the next run puts them back`;
      throw new ExportDirectoryError(
        'failed',
        `The export to ${this.#told} failed half-way and could not be undone (${reason(failure)}); ${kept}.`,
        error,
      );
    }
    throw error;
  }

  async #clear(): Promise<void> {
    open.delete(this.#name);
    // What cannot be removed now is swept by the next run; the export itself is done.
    await this.#disk.remove(this.dir).catch(() => undefined);
  }
}

const WAIT_STEP = 50;
const WAIT_LIMIT = 10_000;

/** Beside the target, so that gates see the export where it will be; inside it where the parent is another file system or may not be written. */
async function openSite(target: string, device: number | undefined, disk: Disk): Promise<{ readonly site: Site; readonly name: string }> {
  const name = stagingPrefix(target) + `${ownerMark()}-${randomBytes(4).toString('hex')}`;
  const parent = dirname(target);
  const sameDevice = device === undefined || (await disk.look(parent))?.device === device;
  open.add(name);
  try {
    if (sameDevice && parent !== target) return { site: await makeStaging(disk, { home: parent, target }, name), name };
  } catch (error) {
    if (device === undefined || !isFailure(error, ...FORBIDDEN)) throw error;
  }
  return { site: await makeStaging(disk, { home: target, target }, name), name };
}

async function makeStaging(disk: Disk, site: Site, name: string): Promise<Site> {
  await disk.mkdir(join(site.home, name));
  await disk.mkdir(join(site.home, name, KEPT));
  return site;
}

import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { Disk } from './disk.ts';
import { isFailure } from './failure.ts';
import { isJsonObject } from './json.ts';
import { ownerMark, ownerOf } from './owner.ts';

// An export is moved into place file by file, and the process may die between any two of them. The journal says what is being moved, and is there from
// before the first move until after the last; it is made by linking, so that only one process at a time has it. Layout, in the directory `home`:
//
//   .export-tasks-KEY.journal           what is being moved, while it is
//   .export-tasks-KEY-OWNER-RANDOM/     a staging directory: the new files
//     .export-tasks/                    the files they replace

/** One file that takes its place; `had` when there was one before, which lies among the kept. */
export interface Move {
  readonly name: string;
  readonly had: boolean;
}

export interface Journal {
  readonly owner: string;
  /** Name of the staging directory. */
  readonly staging: string;
  /** In order. Empty until everything that is to be replaced is kept. */
  readonly moves: readonly Move[];
  /** The target directory was made for this export. */
  readonly made: boolean;
}

/** Where the journal and the staging directories of a target lie. */
export interface Site {
  readonly home: string;
  readonly target: string;
}

export const KEPT = '.export-tasks';

export function stagingPrefix(target: string): string {
  return `.export-tasks-${createHash('sha256').update(basename(target)).digest('hex').slice(0, 12)}-`;
}

export function journalPath({ home, target }: Site): string {
  return join(home, stagingPrefix(target).slice(0, -1) + '.journal');
}

/** Names that may stand in an export: one plain segment that no system reads otherwise. */
export function isSafeName(name: string): boolean {
  return !/[/\\\u0000-\u001f\u007f]/.test(name) && !/^\.{0,2}$/.test(name) && name !== KEPT && Buffer.byteLength(name) <= 255;
}

export async function readJournal(disk: Disk, site: Site): Promise<Journal | 'unreadable' | undefined> {
  try {
    return parseJournal(new TextDecoder().decode(await disk.read(journalPath(site))), site);
  } catch (error) {
    if (isFailure(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Takes the journal for this process. False when another process has it. */
export async function takeJournal(disk: Disk, site: Site, journal: Journal): Promise<boolean> {
  const draft = draftPath(site, journal);
  const bytes = Buffer.from(JSON.stringify(journal));
  try {
    await disk.write(draft, bytes);
    await disk.link(draft, journalPath(site));
    await disk.unlink(draft);
    return true;
  } catch (error) {
    if (isFailure(error, 'EEXIST')) return false;
    if (!isFailure(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error;
  }
  try {
    await disk.write(journalPath(site), bytes, { exclusive: true });
    return true;
  } catch (error) {
    if (isFailure(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * Writes what is about to be moved; the new files are on the medium already. From here on a dead process's work is finished or undone by the next. What
 * comes after is renames alone, which file systems keep in their order; so one wait is enough.
 */
export async function enterMoves(disk: Disk, site: Site, journal: Journal): Promise<void> {
  const draft = draftPath(site, journal);
  await disk.write(draft, Buffer.from(JSON.stringify(journal)));
  await disk.flush([draft]);
  await disk.rename(draft, journalPath(site));
}

/** Leaves the target whole: with the new files when all had been moved, else with the old ones. Says which. May be repeated, also when it died half-way. */
export async function settleJournal(disk: Disk, site: Site, journal: Journal): Promise<'new' | 'old'> {
  const staging = join(site.home, journal.staging);
  const whole = (await disk.look(staging))?.kind === 'directory' && (await disk.look(join(staging, KEPT)))?.kind === 'directory';
  const waiting = new Set(whole ? await disk.list(staging) : []);
  const moved = whole ? journal.moves.filter(({ name }) => !waiting.has(name)) : [];
  const complete = moved.length === journal.moves.length && moved.length > 0;
  if (!complete) for (const move of moved.toReversed()) await undo(disk, join(staging, KEPT), site.target, move);
  if (!complete && journal.made) await disk.rmdir(site.target).catch(() => undefined);
  await dropJournal(disk, site);
  return complete ? 'new' : 'old';
}

/** The commit itself: without the journal, what stands in the target counts. */
export async function dropJournal(disk: Disk, site: Site): Promise<void> {
  await disk.unlink(journalPath(site)).catch((error: unknown) => {
    if (!isFailure(error, 'ENOENT')) throw error;
  });
}

/** Whether the process that wrote the journal may still be moving files. Where it may also be another of the same number, a minute is enough for any export. */
export async function isLive(disk: Disk, site: Site, journal: Journal): Promise<boolean> {
  if (journal.owner === ownerMark()) return open.has(journal.staging);
  const { alive, sure } = ownerOf(journal.owner);
  if (!alive || sure) return alive;
  return Date.now() - ((await disk.look(journalPath(site)))?.mtime ?? 0) < 60_000;
}

/** The staging directories that this process has open. */
export const open = new Set<string>();

/** No kept file has this name, since `isSafeName` refuses it. */
function draftPath({ home }: Site, { staging }: Journal): string {
  return join(home, staging, KEPT, KEPT);
}

async function undo(disk: Disk, kept: string, target: string, { name, had }: Move): Promise<void> {
  try {
    if (had) await disk.rename(join(kept, name), join(target, name));
    else await disk.unlink(join(target, name));
  } catch (error) {
    // Undone already, by a run that died before it was through.
    if (!isFailure(error, 'ENOENT')) throw error;
  }
}

/** A journal may come with a checkout: nothing in it may name a file outside the target and its own staging directory. */
function parseJournal(text: string, { target }: Site): Journal | 'unreadable' {
  const value = parsed(text);
  if (!isJsonObject(value)) return 'unreadable';
  const { owner, staging, moves, made } = value;
  if (typeof owner !== 'string' || typeof staging !== 'string' || !Array.isArray(moves)) return 'unreadable';
  if (!staging.startsWith(stagingPrefix(target)) || !isSafeName(staging)) return 'unreadable';
  const read = moves.map(moveOf);
  return read.every((move) => move !== undefined) ? { owner, staging, moves: read, made: made === true } : 'unreadable';
}

function moveOf(value: unknown): Move | undefined {
  if (!isJsonObject(value)) return undefined;
  const { name, had } = value;
  return typeof name === 'string' && isSafeName(name) && typeof had === 'boolean' ? { name, had } : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { dirname, join } from 'node:path';
import type { Disk } from './disk.ts';
import { dropJournal, isLive, journalPath, open, readJournal, type Site, settleJournal, stagingPrefix } from './export-journal.ts';
import { ownerMark, ownerOf } from './owner.ts';

/** Puts right what killed runs left at a target: the old export or the new one, whole; and, when sweeping, no staging directories of theirs. */
export async function recoverTarget(target: string, disk: Disk, sweeping: boolean): Promise<void> {
  for (const home of new Set([dirname(target), target])) {
    const live = await recoverSite(disk, { home, target });
    if (sweeping && !live) await sweep(disk, { home, target });
  }
}

/** Settles the journal of a run that is no more. True when one that still runs has it. */
export async function recoverSite(disk: Disk, site: Site): Promise<boolean> {
  const journal = await readJournal(disk, site);
  if (journal === undefined) return false;
  if (journal === 'unreadable') {
    // Nothing had been moved: moves begin when the journal stands whole. A moment's age tells it from one that is being written.
    const age = Date.now() - ((await disk.look(journalPath(site)))?.mtime ?? 0);
    if (age > 1000) await dropJournal(disk, site);
    return age <= 1000;
  }
  if (await isLive(disk, site, journal)) return true;
  await settleJournal(disk, site, journal);
  await disk.remove(join(site.home, journal.staging));
  return false;
}

/** Removes staging directories whose process is no more. */
async function sweep(disk: Disk, { home, target }: Site): Promise<void> {
  const prefix = stagingPrefix(target);
  const names = await disk.list(home).catch(() => []);
  for (const name of names) {
    const owner = name.startsWith(prefix) ? /^(\d+-[0-9a-f]+)-[0-9a-f]+$/.exec(name.slice(prefix.length))?.[1] : undefined;
    const ours = owner === ownerMark() ? open.has(name) : owner !== undefined && ownerOf(owner).alive;
    if (owner !== undefined && !ours) await disk.remove(join(home, name)).catch(() => undefined);
  }
}

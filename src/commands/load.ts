import { resolve } from 'node:path';
import type { Subject } from '../gatekeeper/subject.ts';
import { ExportDirectoryError, openStaging, recoverExportDirectory } from '../host/export-directory.ts';
import { loadSubject, type SubjectOptions } from '../host/load-subject.ts';
import type { World } from '../host/world.ts';
import { visible } from '../report/escape-terminal.ts';
import { shelves } from '../shelves.ts';
import { emitGates, type GateFacts } from '../story/gate-trace.ts';
import type { TraceOrder } from '../story/trace.ts';
import { type Terminal, UsageError } from './command.ts';

/** The facts of an export directory, after what a killed run left in it was put right. @throws UsageError where there is no export. */
export async function subjectOf(options: Omit<SubjectOptions, 'cwd'>, world: World): Promise<Subject> {
  await recoverExportDirectory(resolve(world.root, options.exportDir)).catch(() => undefined);
  const loaded = await loadSubject({ ...options, cwd: world.root });
  if (!loaded.ok) throw new UsageError(loaded.message);
  return loaded.subject;
}

/** Emits what gates said of an export into the trace that it names, and tells what became of it. The spool lies in the export. */
export async function emitBeside(order: TraceOrder, facts: GateFacts, world: World, terminal: Terminal): Promise<void> {
  const folder = resolve(world.root, facts.subject.exportDir);
  const { emission, losses } = await emitGates(order, facts, folder, world, shelves);
  for (const line of [...losses, `Trace: ${emission.reason}`]) terminal.err(visible(line));
}

/** Writes one file whole or not at all, its directory made where it is missing. @throws UsageError where it cannot be written. */
export async function writeFileWhole(world: World, path: string, content: string): Promise<void> {
  const absolute = resolve(world.root, path);
  const name = absolute.split(/[/\\]/).at(-1)!;
  try {
    await using staging = await openStaging(resolve(absolute, '..'));
    await staging.write(name, Buffer.from(content));
    await staging.commit({ backup: false, last: name });
  } catch (error) {
    if (error instanceof ExportDirectoryError) throw new UsageError(error.message);
    throw error;
  }
}

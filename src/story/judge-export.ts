import { resolve } from 'node:path';
import { answerQuestions } from '../gatekeeper/answer-questions.ts';
import { runGates } from '../gatekeeper/run-gates.ts';
import { recoverExportDirectory } from '../host/export-directory.ts';
import { given } from '../host/given.ts';
import { loadSubject } from '../host/load-subject.ts';
import type { World } from '../host/world.ts';
import type { RunSettings } from '../run.ts';
import type { Shelves } from '../shelves.ts';
import { type Chapter, nothingWritten } from './export-manifest.ts';
import { shown } from './trace.ts';

/** `mode: check`: Gate 1 and the Three Questions over an export that is there already, ours or anybody's. Writes nothing into it. */
export async function judgeExport(settings: RunSettings, world: World, shelves: Shelves): Promise<Chapter> {
  const dir = settings.exportDir ?? settings.outputDir;
  await recoverExportDirectory(resolve(world.root, dir)).catch(() => undefined);
  const loaded = await loadSubject({
    exportDir: dir,
    cwd: world.root,
    ...given({
      ingestionDir: settings.ingestionDir,
      artisanDir: settings.artisanDir,
      minCoverage: settings.minCoverage,
      taskMappingFile: settings.taskMapping,
      serviceMetadataFile: settings.serviceMetadata,
    }),
  });
  if (!loaded.ok) {
    const fault = { code: 'unreadable', severity: 'error', path: '', place: { file: dir, line: 1 }, message: loaded.message } as const;
    return { ...nothingWritten({ manifest: dir }, { version: 'unknown', faults: [fault], warnings: [] }), broken: true };
  }
  const { subject } = loaded;
  const gates = runGates([...shelves.gate1, ...shelves.questions], subject, world);
  const questions = answerQuestions(
    subject,
    gates.filter(({ group }) => group === 'gate-1'),
  );
  const chapter = nothingWritten({ manifest: subject.files.manifest?.path ?? dir }, { version: 'unknown', faults: [], warnings: [] });
  const path = resolve(world.root, dir);
  const emission = { ...chapter.entry.emission, reason: 'An existing export was judged; its trace was not touched.' };
  return {
    ...chapter,
    entry: { ...chapter.entry, gates, questions, emission, exportDir: shown(world, path) },
    exportPath: path,
  };
}

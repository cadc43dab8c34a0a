import { join, resolve } from 'node:path';
import { jsonBytes } from '../export/json-text.ts';
import { answerQuestions } from '../gatekeeper/answer-questions.ts';
import { runGates } from '../gatekeeper/run-gates.ts';
import { ExportDirectoryError, openStaging, recoverExportDirectory } from '../host/export-directory.ts';
import { given } from '../host/given.ts';
import { loadSubject } from '../host/load-subject.ts';
import type { World } from '../host/world.ts';
import type { RunSettings } from '../run.ts';
import type { Shelves } from '../shelves.ts';
import { CHECK_PREVIEW_NAME, checkPreview } from '../telemetry/check-preview.ts';
import { type Chapter, nothingWritten } from './export-manifest.ts';
import { emitGates, type GateFacts, type GateTrace } from './gate-trace.ts';
import { passOn, shown } from './trace.ts';

/**
 * `mode: check`: Gate 1 and the Three Questions over an export that is there already, ours or anybody's. Writes nothing into it; the spans of the gates go into the
 * trace that it names, and what of them waits lies in the output directory.
 */
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
  const traced = await traceGates(settings, { command: 'check', subject, gates, answers: questions }, chapter, world, shelves);
  const path = resolve(world.root, dir);
  return { ...traced, entry: { ...traced.entry, gates, questions, exportDir: shown(world, path) }, exportPath: path };
}

/** The chapter with what became of the gates' spans. A check that is told to make no trace makes none. */
async function traceGates(settings: RunSettings, facts: GateFacts, chapter: Chapter, world: World, shelves: Shelves): Promise<Chapter> {
  if (settings.emitTasks === 'false') {
    const reason = 'An existing export was judged, and emit-tasks is false; its trace was not touched.';
    return { ...chapter, entry: { ...chapter.entry, emission: { ...chapter.entry.emission, reason } } };
  }
  const folder = resolve(world.root, settings.outputDir);
  const trace = await emitGates(settings, facts, folder, world, shelves);
  const { drafts, emission, losses } = trace;
  const preview: Preview = emission.state === 'previewed' ? await writePreview(folder, trace, world) : { losses: [] };
  const spool = emission.spool === undefined ? [] : [join(folder, emission.spool)];
  const { traceparent, baggage, losses: unfit } = passOn(drafts, world);
  return {
    ...chapter,
    entry: { ...chapter.entry, emission },
    losses: [...losses, ...unfit, ...preview.losses],
    files: [...spool, ...(preview.path ? [preview.path] : [])],
    ...given({ previewPath: preview.path, traceparent, baggage }),
  };
}

interface Preview {
  readonly path?: string;
  readonly losses: readonly string[];
}

async function writePreview(folder: string, { drafts }: GateTrace, world: World): Promise<Preview> {
  try {
    await using staging = await openStaging(folder);
    await staging.write(CHECK_PREVIEW_NAME, jsonBytes(checkPreview(drafts)));
    await staging.commit({ backup: false, last: CHECK_PREVIEW_NAME });
    return { path: join(folder, CHECK_PREVIEW_NAME), losses: [] };
  } catch (error) {
    if (!(error instanceof ExportDirectoryError)) throw error;
    return { losses: [`The preview was not written: ${error.message.replaceAll(folder, shown(world, folder))}`] };
  }
}

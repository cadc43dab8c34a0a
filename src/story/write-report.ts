import { join, resolve } from 'node:path';
import { replaceFile } from '../host/replace-file.ts';
import type { World } from '../host/world.ts';
import type { Report } from '../report/report.ts';
import { reportBytes } from '../report/report-document.ts';
import type { RunSettings } from '../run.ts';
import type { Chapter } from './export-manifest.ts';

export const REPORT_NAME = 'export-tasks-report.json';

/**
 * Writes `export-tasks-report.json` beside the export, or for several manifests at the top of the output directory. Where nothing was exported, an export of before
 * stays untouched, report included, unless the directory is the run's own (the action's, which keeps no backups). Answers the absolute path, if any.
 */
export async function writeReport(
  report: Report,
  done: readonly Chapter[],
  settings: RunSettings,
  world: World,
): Promise<string | undefined> {
  const dir = reportDirectory(done, settings, world);
  if (dir === undefined) return undefined;
  try {
    const path = join(dir, REPORT_NAME);
    await replaceFile(path, REPORT_NAME, reportBytes(report), { again: true });
    return path;
  } catch (error) {
    world.tell(`The report was not written: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function reportDirectory(done: readonly Chapter[], settings: RunSettings, world: World): string | undefined {
  const exported = settings.mode === 'check' ? [] : done.filter(({ files }) => files.length > 0);
  if (exported.length === 0) return settings.backup ? undefined : resolve(world.root, settings.outputDir);
  return done.length === 1 ? exported[0]?.exportPath : resolve(world.root, settings.outputDir);
}

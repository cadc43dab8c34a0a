import { dashboard } from './dashboard.ts';
import type { Source } from './documents.ts';
import type { Kind, ValidateOptions } from './kind.ts';
import { lokiRule } from './loki-rule.ts';
import { alertmanagerConfiguration } from './notification-policy.ts';
import { prometheusRule } from './prometheus-rule.ts';
import { type FileReading, openBook } from './reading.ts';
import { runbook } from './runbook.ts';
import { serviceMonitor } from './service-monitor.ts';
import { sloDefinition } from './slo-definition.ts';

export type { ValidateOptions } from './kind.ts';
export type { ArtifactObject, FileReading, Statement } from './reading.ts';

const KINDS: ReadonlyMap<string, Kind> = new Map(
  [dashboard, prometheusRule, serviceMonitor, lokiRule, sloDefinition, alertmanagerConfiguration, runbook].map((kind) => [kind.type, kind]),
);

/** The artifact types whose files can be judged. */
export const JUDGED_TYPES: readonly string[] = [...KINDS.keys()];

export const LARGEST_FILE = 10 * 1024 * 1024;

/**
 * Reads a file as one kind of artifact and tells every fault at its place. Text that is hostile, huge or of another kind is a fault, never an exception.
 * Of a type that nobody can judge the reading says so under `unread`.
 */
export async function validateArtifactFile(type: string, file: Source, options: ValidateOptions = {}): Promise<FileReading> {
  const book = openBook();
  const start = { file: file.path, line: 1, column: 1 };
  const kind = KINDS.get(type);
  if (kind === undefined) {
    book.unread(start, `Files of type "${type}" are not looked into.`);
    return book.close();
  }
  if (file.text.length > LARGEST_FILE) {
    book.error(start, `The file has ${file.text.length} characters, and at most ${LARGEST_FILE} (10 MiB) are read; split it.`);
    return book.close();
  }
  await kind.check({ path: file.path, text: file.text.startsWith('\ufeff') ? file.text.slice(1) : file.text }, book, options);
  return book.close();
}

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
import { after, type Soon } from './soon.ts';

export type { ValidateOptions } from './kind.ts';
export type { ArtifactObject, FileReading, Statement } from './reading.ts';

/** The simplest first: files are judged in this order, and what all kinds share is optimised by the engine by the time the larger ones come. */
const KINDS: ReadonlyMap<string, Kind> = new Map(
  [runbook, serviceMonitor, alertmanagerConfiguration, sloDefinition, lokiRule, prometheusRule, dashboard].map((kind) => [kind.type, kind]),
);

/** The artifact types whose files can be judged. */
export const JUDGED_TYPES: readonly string[] = [...KINDS.keys()];

export const LARGEST_FILE = 10 * 1024 * 1024;

/**
 * Reads a file as one kind of artifact and tells every fault at its place. Text that is hostile, huge or of another kind is a fault, never an exception.
 * Of a type that nobody can judge the reading says so under `unread`. To be waited for only where a query's language is not loaded yet.
 */
export function validateArtifactFile(type: string, file: Source, options: ValidateOptions = {}): Soon<FileReading> {
  const book = openBook(options.programs);
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
  const source = { path: file.path, text: file.text.startsWith('\ufeff') ? file.text.slice(1) : file.text };
  return after(kind.check(source, book, options), book.close);
}

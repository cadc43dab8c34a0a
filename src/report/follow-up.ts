import type { Entry, Report } from './report.ts';

/** More ids than this make a query nobody reads; the service name finds the same work. */
const IDS_IN_A_QUERY = 8;

/** TraceQL that lists the open work of this run, to be pasted into Tempo or Grafana; undefined when nothing was drafted. */
export function openWorkQuery(traceIds: readonly string[]): string | undefined {
  if (traceIds.length === 0) return undefined;
  const open = 'span.task.type = "task" && span.task.status = "todo"';
  if (traceIds.length > IDS_IN_A_QUERY) return `{ resource.service.name = "contextcore-export-tasks" && ${open} }`;
  const ids = traceIds.map((id) => `trace:id = ${JSON.stringify(id)}`);
  return `{ ${ids.length === 1 ? ids[0] : `(${ids.join(' || ')})`} && ${open} }`;
}

/** Whether spans left the drafts at all; a trace that was only previewed, or that nobody wanted, can be counted and asked for nowhere. */
export function hasTrace({ state }: Pick<Report['emission'], 'state'>): boolean {
  return state !== 'none' && state !== 'previewed';
}

/** Shows the trace from disk. */
export function viewCommand(entry: Entry): string | undefined {
  if (entry.exportDir === undefined || entry.emission.traceId === undefined || !hasTraceOnDisk(entry)) return undefined;
  return `export-tasks view ${shellWord(entry.exportDir)}`;
}

/** Sends what waits in the spool: the same spans, metrics, ids and times. */
export function replayCommand(entry: Entry): string | undefined {
  const { spool, spooled, metrics } = entry.emission;
  if (entry.exportDir === undefined || spool === undefined || spooled + (metrics?.spooled ?? 0) === 0) return undefined;
  return `export-tasks replay ${shellWord(`${entry.exportDir}/${spool}`)} --otlp-endpoint https://collector.example:4318`;
}

function hasTraceOnDisk({ emission, files }: Entry): boolean {
  return emission.spool !== undefined || files.some((name) => name.startsWith('task-spans.'));
}

function shellWord(text: string): string {
  return /^[\w./@%+,:=-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

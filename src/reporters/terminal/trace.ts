import { visible } from '../../report/escape-terminal.ts';
import { hasTrace, openWorkQuery, replayCommand, viewCommand } from '../../report/follow-up.ts';
import { MANY_SPANS, manySpans } from '../../report/headline.ts';
import { notesOf } from '../../report/notes.ts';
import type { Entry, Report } from '../../report/report.ts';
import { shorten } from '../../report/shorten.ts';
import { wrapText } from '../../report/text-table.ts';
import { count } from '../../report/words.ts';
import { type Style, section } from './style.ts';

const IDS = 10;

/** What became of the spans, and how to look at them. */
export function traceLines({ emission, entries }: Report, style: Style): readonly string[] {
  const traceIds = hasTrace(emission) ? emission.traceIds : [];
  const ids = traceIds.slice(0, IDS).map(visible);
  const more = traceIds.length - ids.length;
  const query = openWorkQuery(traceIds);
  const lines = [
    ...wrapText(visible(shorten(emission.reason, 1_000)), style.width - 2),
    ...(emission.drafted === 0 || !hasTrace(emission)
      ? []
      : [`${count(emission.drafted, 'span')} drafted: ${emission.sent} sent, ${emission.spooled} spooled, ${emission.lost} lost`]),
    ...(emission.drafted > MANY_SPANS ? wrapText(manySpans(emission.drafted), style.width - 2) : []),
    ...ids.map((id, index) => labelled(index === 0 ? 'trace' : '', id, style)),
    ...(more > 0 ? [labelled('', `and ${count(more, 'more trace')}`, style)] : []),
    ...commands('view', entries, viewCommand, style),
    ...commands('send', entries, replayCommand, style),
    ...(query === undefined ? [] : [labelled('query', visible(query), style)]),
  ];
  return section(`Trace  ${emission.state}`, lines, style);
}

/** What stops nothing and helps to know. */
export function noteLines(report: Report, style: Style): readonly string[] {
  const notes = notesOf(report);
  const lines = notes.slice(0, IDS).flatMap((note) => bullet(note, style));
  const rest = notes.length - IDS;
  return section('Worth knowing', rest > 0 ? [...lines, `and ${count(rest, 'more note')}, all in export-tasks-report.json`] : lines, style);
}

/** Where the files lie. */
export function fileLines({ entries }: Report, style: Style): readonly string[] {
  const written = entries.filter((entry) => entry.files.length > 0);
  const one = written.length === 1;
  const lines = written
    .slice(0, IDS)
    .flatMap((entry) => [
      `${visible(entry.exportDir ?? '.')}  ${style.paint.faint(count(entry.files.length, 'file'))}`,
      ...(one
        ? wrapText(entry.files.map((name) => visible(shorten(name, 200))).join(', '), style.width - 4).map((line) => `  ${line}`)
        : []),
    ]);
  return section(
    'Files',
    written.length > IDS ? [...lines, `and ${count(written.length - IDS, 'more directory', 'more directories')}`] : lines,
    style,
  );
}

/** What could not be done. */
export function lossLines({ losses }: Report, style: Style): readonly string[] {
  return section(
    'What could not be done',
    losses.flatMap((loss) => bullet(loss, style)),
    style,
  );
}

function bullet(text: string, { width }: Style): readonly string[] {
  return wrapText(visible(shorten(text, 1_000)), width - 4).map((line, index) => `${index === 0 ? '-' : ' '} ${line}`);
}

function labelled(label: string, text: string, { paint }: Style): string {
  return `${paint.faint(label.padEnd(5))}  ${text}`;
}

/** The first manifest's command, and how many others have one like it. */
function commands(
  label: string,
  entries: readonly Entry[],
  command: (entry: Entry) => string | undefined,
  style: Style,
): readonly string[] {
  const all = entries.flatMap((entry) => command(entry) ?? []);
  if (all[0] === undefined) return [];
  return [labelled(label, visible(all[0]), style), ...(all.length > 1 ? [labelled('', `and ${all.length - 1} more like it`, style)] : [])];
}

import { markdownBlock, markdownCode, markdownText } from '../../report/escape-markdown.ts';
import { hasTrace, openWorkQuery, replayCommand, viewCommand } from '../../report/follow-up.ts';
import { MANY_SPANS, manySpans } from '../../report/headline.ts';
import { folded } from '../../report/markdown-table.ts';
import { notesOf } from '../../report/notes.ts';
import { portablePath } from '../../report/portable-path.ts';
import type { Entry, Report } from '../../report/report.ts';
import { shorten } from '../../report/shorten.ts';
import { count } from '../../report/words.ts';
import type { Detail } from './detail.ts';

const IDS = 10;
/** Longer lists are folded away. */
const OPEN = 5;

/** What became of the spans, the query to paste, the command to view or send them. */
export function traceSection({ emission, entries }: Report, detail: Detail): readonly string[] {
  const ids = hasTrace(emission) ? emission.traceIds : [];
  const query = openWorkQuery(ids);
  const commands =
    besideTheFiles(entries)
      .map(commandsOf)
      .find((found) => found.length > 0) ?? [];
  const spans =
    emission.drafted === 0 || !hasTrace(emission)
      ? ''
      : `${count(emission.drafted, 'span')} drafted: **${emission.sent} sent**, ${emission.spooled} spooled, ${emission.lost} lost. `;
  return [
    `### Trace · ${emission.state}`,
    spans + markdownText(shorten(emission.reason, detail.sentence)),
    ...(emission.drafted > MANY_SPANS ? [manySpans(emission.drafted)] : []),
    ...(ids.length === 0 ? [] : [traceIds(ids)]),
    ...(query === undefined ? [] : ['Open work of this run, as TraceQL to paste into Tempo or Grafana:', markdownBlock([query])]),
    ...(commands.length === 0 ? [] : ['On a terminal, beside the files of this run:', markdownBlock(commands, 'sh')]),
  ];
}

/** What stops nothing and helps to know. */
export function noteSection(report: Report, { findings, sentence, extras }: Detail): readonly string[] {
  const notes = notesOf(report);
  if (notes.length === 0 || !extras) return [];
  const list = bullets(notes, findings, sentence);
  return ['### Worth knowing', notes.length > OPEN ? folded(count(notes.length, 'note'), list) : list];
}

/** The files, with the directory where it lies inside the workspace. */
export function fileSection({ entries }: Report, { rows, name, extras }: Detail): readonly string[] {
  const written = entries.filter((entry) => entry.files.length > 0);
  if (written.length === 0 || !extras) return [];
  const lines = written.slice(0, rows).map((entry) => {
    const files = entry.files.slice(0, 100).map((file) => markdownCode(shorten(file, name)));
    return `- ${markdownCode(shorten(portablePath(entry.exportDir ?? '.'), name))}: ${files.join(', ')}${entry.files.length > 100 ? ` and ${entry.files.length - 100} more` : ''}`;
  });
  const all = written.reduce((sum, entry) => sum + entry.files.length, 0);
  return [folded(count(all, 'file'), lines.join('\n'))];
}

/** What could not be done, each loss a line. */
export function lossSection({ losses }: Report, { findings, sentence }: Detail): readonly string[] {
  if (losses.length === 0) return [];
  return ['### What could not be done', bullets(losses, findings, sentence)];
}

function bullets(texts: readonly string[], most: number, longest: number): string {
  const shown = texts.slice(0, most).map((text) => `- ${markdownText(shorten(text, longest))}`);
  return [...shown, ...(texts.length > most ? [`- …and ${texts.length - most} more.`] : [])].join('\n');
}

function commandsOf(entry: Entry): readonly string[] {
  return [viewCommand(entry), replayCommand(entry)].filter((command) => command !== undefined);
}

function traceIds(ids: readonly string[]): string {
  const shown = ids.slice(0, IDS).map((id) => markdownCode(shorten(id, 64)));
  return `Trace ${shown.join(', ')}${ids.length > IDS ? ` and ${ids.length - IDS} more` : ''}`;
}

/** The entries with their directories as someone has them who unpacked the files of the run. The runner, and what its folders were called, are gone by then. */
function besideTheFiles(entries: readonly Entry[]): readonly Entry[] {
  const exported = entries.filter(({ exportDir }) => exportDir !== undefined);
  const paths = exported.map(({ exportDir }) => exportDir!.split('/'));
  const [first = []] = paths;
  const differing = first.findIndex((name, at) => paths.some((path) => path[at] !== name));
  const shared = differing === -1 ? first.length : differing;
  return exported.map((entry, index) => ({ ...entry, exportDir: paths[index]!.slice(shared).join('/') || '.' }));
}

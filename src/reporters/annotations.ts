import type { Verdict } from '../gatekeeper/verdict.ts';
import type { Place } from '../host/place.ts';
import { defineReporter } from '../report/define-reporter.ts';
import { commandData, commandProperty, safeLogLine } from '../report/escape-command.ts';
import { visible } from '../report/escape-terminal.ts';
import { type FindingGroup, groupFindings } from '../report/group-findings.ts';
import { partFindings } from '../report/headline.ts';
import { shorten } from '../report/shorten.ts';
import { count } from '../report/words.ts';

/** The runner keeps ten of each kind for a step (spec/github.md §3.2). The tenth error is `setFailed`'s own. */
const ROOM = { error: 9, warning: 10, notice: 10 } as const;
const KINDS = ['error', 'warning', 'notice'] as const;
type Kind = (typeof KINDS)[number];

/** The runner cuts a message here without a word. */
const MESSAGE = 4_096;
const TITLE = 200;

/**
 * Workflow commands that put each finding on its line in the pull request: what blocks or fails the step as errors, the rest as warnings and notices.
 * Findings of one kind on one line share an annotation. What does not fit the runner's room is told in the last line.
 */
export const annotations = defineReporter({
  name: 'annotations',
  describes: 'Workflow commands that annotate the lines of a pull request.',
  render: ({ verdict }) => {
    const groups = groupsByKind(verdict);
    const kept = KINDS.flatMap((kind) => groups[kind].slice(0, ROOM[kind]).map((group) => command(kind, group)));
    const left = KINDS.flatMap((kind) => groups[kind].slice(ROOM[kind]));
    return [...kept, ...lossLine(left)].map((line) => line + '\n').join('');
  },
});

function groupsByKind(verdict: Verdict): Readonly<Record<Kind, readonly FindingGroup[]>> {
  const { stopping, others } = partFindings(verdict);
  const mild = groupFindings(others);
  return {
    error: groupFindings(stopping),
    warning: mild.filter((group) => group.level !== 'notice'),
    notice: mild.filter((group) => group.level === 'notice'),
  };
}

function command(kind: Kind, { code, place, findings, advice, state }: FindingGroup): string {
  const paragraphs = advice.map(({ messages, nextAction }) =>
    [...messages.map(visible), ...(nextAction === undefined ? [] : [`What to do: ${visible(nextAction)}`])].join('\n'),
  );
  const title = `Export Tasks: ${visible(code)}${state === undefined ? '' : `, ${state}`}${findings.length > 1 ? ` (${findings.length})` : ''}`;
  const properties = { ...position(place), title: shorten(title, TITLE) };
  const header = Object.entries(properties).map(([key, value]) => `${key}=${commandProperty(String(value))}`);
  return `::${kind} ${header.join(',')}::${commandData(shorten(paragraphs.join('\n\n'), MESSAGE))}`;
}

/** Columns only for a range within one line, as the runner drops them otherwise; a range that runs backwards is none. */
function position(place: Place | undefined): Readonly<Record<string, string | number>> {
  if (place === undefined) return {};
  const { line, column, endLine = line, endColumn } = place;
  const file = visible(place.file);
  if (endLine > line) return { file, line, endLine };
  if (column === undefined) return { file, line };
  return { file, line, col: column, ...(endColumn !== undefined && endColumn >= column ? { endLine: line, endColumn } : {}) };
}

function lossLine(left: readonly FindingGroup[]): readonly string[] {
  const findings = left.reduce((sum, group) => sum + group.findings.length, 0);
  if (findings === 0) return [];
  const told = `${count(findings, 'more finding')} without an annotation, since GitHub shows ten of each kind for a step`;
  return [safeLogLine(`${told}: see the job summary and export-tasks-report.json.`)];
}

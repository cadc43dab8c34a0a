import type { Level } from '../gatekeeper/gate.ts';
import type { Place } from '../host/place.ts';
import { visible } from './escape-terminal.ts';
import { showExcerpt } from './excerpt.ts';
import type { FindingGroup } from './group-findings.ts';
import type { Paint } from './paint.ts';
import { shorten } from './shorten.ts';
import { wrapText } from './text-table.ts';
import { count } from './words.ts';

const LONGEST_SENTENCE = 2_000;
const MOST_SENTENCES = 20;

/** What is wrong on one line, as plain text shows it: where, what, the line itself, what to do. Strangers' text is made visible. */
export function problemLines(problem: Omit<FindingGroup, 'findings'>, paint: Paint, width: number): readonly string[] {
  const { place, level, code, excerpt, advice, state } = problem;
  const where = place === undefined ? 'no line of a file' : placeText(place);
  return [
    `${paint.strong(visible(shorten(where, 400)))}  ${levelWord(level, paint)}  ${paint.faint(visible(shorten(code, 200)))}${state === undefined ? '' : `  ${state}`}`,
    ...(excerpt === undefined ? [] : showExcerpt(excerpt)).map((line) => `    ${paint.faint(line)}`),
    ...advice
      .slice(0, MOST_SENTENCES)
      .flatMap(({ messages, nextAction }) => [
        ...messages.slice(0, MOST_SENTENCES).flatMap((message) => hanging('  ', message, width)),
        ...(messages.length > MOST_SENTENCES ? [`  and ${count(messages.length - MOST_SENTENCES, 'more')} of the kind`] : []),
        ...(nextAction === undefined ? [] : hanging('  → ', nextAction, width)),
      ]),
    ...(advice.length > MOST_SENTENCES ? [`  and ${count(advice.length - MOST_SENTENCES, 'more')} of the kind`] : []),
  ];
}

/** `file:line:column`, as editors and terminals make it clickable. */
export function placeText({ file, line, column }: Place): string {
  return column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;
}

function levelWord(level: Level | 'notice', paint: Paint): string {
  if (level === 'notice') return paint.faint(level);
  return level === 'warning' ? paint.doubtful(level) : paint.bad(level);
}

function hanging(lead: string, sentence: string, width: number): readonly string[] {
  return wrapText(visible(shorten(sentence, LONGEST_SENTENCE)), width - lead.length).map(
    (line, index) => (index === 0 ? lead : ' '.repeat(lead.length)) + line,
  );
}

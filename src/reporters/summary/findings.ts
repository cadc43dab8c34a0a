import type { Verdict } from '../../gatekeeper/verdict.ts';
import { markdownBlock, markdownCode, markdownText } from '../../report/escape-markdown.ts';
import { showExcerpt } from '../../report/excerpt.ts';
import { type FindingGroup, groupFindings } from '../../report/group-findings.ts';
import { MENDED, partFindings, stoppingTitle } from '../../report/headline.ts';
import { folded } from '../../report/markdown-table.ts';
import { placeText } from '../../report/problem-text.ts';
import { shorten } from '../../report/shorten.ts';
import { count } from '../../report/words.ts';
import type { Detail } from './detail.ts';

/** What stops nothing is folded away beyond these. */
const OPEN = 5;
const MOST_SENTENCES = 20;

/** What blocks or fails the step, then what else was found. */
export function findingSections(verdict: Verdict, detail: Detail): readonly string[] {
  const { stopping, others } = partFindings(verdict);
  const [grave, mild] = [groupFindings(stopping), groupFindings(others)];
  const title = stopping.length === 0 ? 'What was found' : 'What else was found';
  return [
    ...(grave.length === 0 ? [] : [`### ${stoppingTitle(verdict)}`, list(grave, detail)]),
    ...(mild.length === 0 ? [] : [`### ${title}`, list(detail.extras ? mild.slice(0, OPEN) : mild, detail)]),
    ...(mild.length <= OPEN || !detail.extras ? [] : [folded(`${findingsIn(mild.slice(OPEN))} more`, list(mild.slice(OPEN), detail))]),
    ...mendedSection(verdict, detail),
  ];
}

function mendedSection({ mended = [] }: Verdict, detail: Detail): readonly string[] {
  return mended.length === 0 ? [] : [`### ${MENDED}`, list(groupFindings(mended), detail)];
}

function list(groups: readonly FindingGroup[], detail: Detail): string {
  const shown = groups.slice(0, detail.findings).map((group) => item(group, detail));
  const rest = findingsIn(groups.slice(detail.findings));
  return [...shown, ...(rest > 0 ? [`- …and ${count(rest, 'more finding')}, in \`export-tasks-report.json\`.`] : [])].join('\n');
}

function item({ place, code, level, excerpt, advice, state }: FindingGroup, { name, sentence, extras }: Detail): string {
  const where = place === undefined ? '' : `**${markdownCode(shorten(placeText(place), name))}** · `;
  const sentences = advice.flatMap(({ messages, nextAction }) => [
    ...messages.map((message) => markdownText(shorten(message, sentence))),
    ...(nextAction === undefined ? [] : [`**Next:** ${markdownText(shorten(nextAction, sentence))}`]),
  ]);
  const told =
    sentences.length > MOST_SENTENCES
      ? [...sentences.slice(0, MOST_SENTENCES), `…and ${sentences.length - MOST_SENTENCES} more lines of the kind.`]
      : sentences;
  const block = excerpt === undefined || !extras ? [] : ['', ...markdownBlock(showExcerpt(excerpt)).split('\n')];
  const lines = [
    ...[`${where}${level} · ${markdownCode(shorten(code, name))}${state === undefined ? '' : ` · ${state}`}`, ...told]
      .join('<br>\n')
      .split('\n'),
    ...block,
  ];
  return lines.map((line, index) => (index === 0 ? `- ${line}` : line === '' ? '' : `  ${line}`)).join('\n');
}

function findingsIn(groups: readonly FindingGroup[]): number {
  return groups.reduce((sum, group) => sum + group.findings.length, 0);
}

import type { Finding, Verdict } from '../../gatekeeper/verdict.ts';
import { groupFindings } from '../../report/group-findings.ts';
import { MENDED, partFindings, stoppingTitle } from '../../report/headline.ts';
import { problemLines } from '../../report/problem-text.ts';
import { count } from '../../report/words.ts';
import { type Style, section } from './style.ts';

/** Lines of files; beyond them the list is longer than a screen is patient. */
const SHOWN = 50;

/** What blocks or fails the step, then what else was found. */
export function findingLines(verdict: Verdict, style: Style): readonly string[] {
  const { stopping, others } = partFindings(verdict);
  const first = section(stoppingTitle(verdict), listed(stopping, style), style);
  const second = section(stopping.length === 0 ? 'What was found' : 'What else was found', listed(others, style), style);
  const mended = section(MENDED, listed(verdict.mended ?? [], style), style);
  return [first, second, mended].filter((lines) => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function listed(findings: readonly Finding[], { paint, width }: Style): readonly string[] {
  const groups = groupFindings(findings);
  const lines = groups.slice(0, SHOWN).flatMap((group, index) => [...(index === 0 ? [] : ['']), ...problemLines(group, paint, width - 2)]);
  const rest = groups.slice(SHOWN).reduce((sum, group) => sum + group.findings.length, 0);
  return rest > 0 ? [...lines, '', `and ${count(rest, 'more finding')}, all in export-tasks-report.json`] : lines;
}

import type { Finding, Verdict } from '../gatekeeper/verdict.ts';
import type { Report } from './report.ts';
import { count, enumerate, thousands } from './words.ts';

/** `1 critical finding and 2 warnings`; what was found, not yet what follows from it. */
export function foundSentence({ counts, waived = 0 }: Verdict): string {
  const found = [
    ...(counts.critical > 0 ? [count(counts.critical, 'critical finding')] : []),
    ...(counts.error > 0 ? [count(counts.error, 'error')] : []),
    ...(counts.warning > 0 ? [count(counts.warning, 'warning')] : []),
    ...(counts.notice - waived > 0 ? [count(counts.notice - waived, 'notice')] : []),
    ...(waived > 0 ? [count(waived, 'waived finding')] : []),
  ];
  return found.length === 0 ? 'Nothing wrong was found.' : `${enumerate(found)}.`;
}

/** Whether the step fails, and why: a fact of its own beside what was found. */
export function stepSentence({ verdict, fails, failOn, onlyNew }: Verdict): string {
  if (onlyNew && !fails && verdict !== 'pass' && failOn !== 'never')
    return `The step passes, since nothing that this change caused reaches fail-on: ${failOn} (only-new).`;
  if (fails) return `The step fails (fail-on: ${failOn}).`;
  if (failOn === 'never' && verdict !== 'pass') return 'The step passes all the same, because fail-on is never.';
  if (verdict === 'pass') return 'The step passes.';
  return `The step passes, since none of it reaches fail-on: ${failOn}.`;
}

/** What is there and what is still to come, in one sentence; undefined where nothing was measured. */
export function missingSentence(report: Report): string | undefined {
  const { coverage } = report;
  if (coverage === undefined) return undefined;
  const required = coverage.totalRequired - coverage.totalExisting;
  const others = Math.max(0, coverage.gaps - required);
  const alsoOthers = others === 0 ? '' : `, and ${count(others, 'recommended or optional one')} can follow`;
  if (coverage.totalRequired === 0)
    return coverage.gaps === 0
      ? 'Nothing is required here, and nothing is missing.'
      : `Nothing is required here; ${count(others, 'recommended or optional artifact')} can follow.`;
  if (required === 0) return `${wholeOf(coverage.totalRequired)}${alsoOthers}.`;
  if (coverage.totalExisting === 0) return `Nothing is built yet: ${count(required, 'required artifact')} to come${alsoOthers}.`;
  return `${coverage.totalExisting} of ${count(coverage.totalRequired, 'required artifact')} exist; ${required} still to come${alsoOthers}.`;
}

/** Design document 000 asks for a word above this many spans. */
export const MANY_SPANS = 50;

export function manySpans(drafted: number): string {
  return `More than ${MANY_SPANS} spans in one run: a backend that bounds its traces may keep fewer than these ${thousands(drafted)}, so count what it shows.`;
}

/** The findings that block or fail the step, and the rest; each in the verdict's order. */
export function partFindings({ findings, fails, failOn }: Verdict): {
  readonly stopping: readonly Finding[];
  readonly others: readonly Finding[];
} {
  const threshold = fails ? RANK.indexOf(failOn) : 0;
  const stops = (finding: Finding): boolean => RANK.indexOf(finding.level) <= threshold;
  return { stopping: findings.filter(stops), others: findings.filter((finding) => !stops(finding)) };
}

/** What to call the findings that this change settled. */
export const MENDED = 'What this change mends';

/** What to call the findings that `partFindings` puts first. */
export function stoppingTitle({ verdict }: Verdict): string {
  return verdict === 'block' ? 'What blocks, and what to do' : 'What fails the step, and what to do';
}

const RANK: readonly string[] = ['critical', 'error', 'warning', 'notice'];

function wholeOf(required: number): string {
  return required === 1 ? 'The one required artifact exists' : `All ${count(required, 'required artifact')} exist`;
}

import { count, exportAgain } from './evidence.ts';
import type { GateResult } from './gate.ts';
import { contractChecks } from './questions/contract-complete.ts';
import { executionChecks } from './questions/faithfully-executed.ts';
import { translationChecks } from './questions/faithfully-translated.ts';
import { type Answer, type Check, failed, hasError } from './questions/question.ts';
import type { Subject } from './subject.ts';

const QUESTIONS = [
  { number: 1, title: 'Is the contract complete?', layer: 'Export' },
  { number: 2, title: 'Was the contract faithfully translated?', layer: 'Plan Ingestion' },
  { number: 3, title: 'Was the translated plan faithfully executed?', layer: 'Artisan' },
] as const;

/**
 * Answers the Three Questions in order, from what Gate 1 answered and what the directories of the later steps hold. A failed question ends the asking; one
 * whose directory was not given is skipped, which is no failure (gates.md §3, G-4).
 */
export function answerQuestions(subject: Subject, gate1: readonly GateResult[]): readonly Answer[] {
  const first = answer(0, contractChecks(subject, gate1), `Export again with "${exportAgain(subject)}" once the manifest is right`);
  const second = isClear([first]) ? translation(subject) : notReached(1);
  const third = isClear([first, second]) ? execution(subject) : notReached(2);
  return [first, second, third];
}

/** What to look at first: the failed question, else what was not asked, else nothing. */
export function startHere(answers: readonly Answer[]): string {
  const fault = answers.find((one) => one.status === 'fail');
  if (fault) return `Q${fault.number} (${fault.layer} layer): ${fault.recommendation}`;
  const skipped = answers.filter((one) => one.status === 'skipped').map((one) => one.layer);
  if (skipped.length === 0) return 'All clear: the contract is complete, was faithfully translated and faithfully executed.';
  return `Nothing failed, but ${skipped.join(' and ')} ${skipped.length === 1 ? 'was' : 'were'} not looked at; give --ingestion-dir and --artisan-dir to have all three questions answered.`;
}

function isClear(answers: readonly Answer[]): boolean {
  return answers.every((one) => one.status === 'pass' || one.status === 'skipped');
}

function translation(subject: Subject): Answer {
  const directory = subject.ingestion;
  if (!directory)
    return skipped(
      1,
      failed('ingestion-dir-provided', 'info', 'No directory of plan ingestion was given.'),
      'Give the directory that plan ingestion wrote with --ingestion-dir.',
    );
  return answer(1, translationChecks(subject, directory), `Run plan ingestion again on "${subject.exportDir}"`);
}

function execution(subject: Subject): Answer {
  const directory = subject.artisan;
  if (!directory)
    return skipped(
      2,
      failed('artisan-dir-provided', 'info', 'No directory of the artisan workflow was given.'),
      'Give the directory that the artisan workflow wrote with --artisan-dir.',
    );
  return answer(2, executionChecks(subject, directory), `Run the artisan workflow again on the plan made from "${subject.exportDir}"`);
}

function answer(index: 0 | 1 | 2, checks: readonly Check[], next: string): Answer {
  if (!hasError(checks)) return { ...QUESTIONS[index], status: 'pass', recommendation: '', checks };
  const faults = checks.filter((check) => !check.passed && check.severity === 'error');
  const more = faults.length > 1 ? ` (and ${count(faults.length - 1, 'other failed check')})` : '';
  return {
    ...QUESTIONS[index],
    status: 'fail',
    recommendation: `${next}; first of all ${faults[0]!.name}: ${faults[0]!.detail}${more}`,
    checks,
  };
}

function skipped(index: 1 | 2, check: Check, recommendation: string): Answer {
  return { ...QUESTIONS[index], status: 'skipped', recommendation, checks: [check] };
}

function notReached(index: 1 | 2): Answer {
  return { ...QUESTIONS[index], status: 'not_reached', recommendation: '', checks: [] };
}

import { defineGate } from '../gatekeeper/define-gate.ts';
import { judgeQuestion } from './question.ts';

export const question3 = defineGate({
  key: 'question-3',
  title: 'Was the translated plan faithfully executed?',
  phase: 'FINALIZE_VERIFY',
  stage: 'FINALIZE_VERIFY',
  group: 'question',
  fails: { severity: 'critical', blocking: true },
  asks: 'Was the translated plan faithfully executed?',
  why: 'Work can end without being done: files missing, tasks failed, a design made from an older export.',
  reads: ['the directory given with --artisan-dir', 'file_ownership'],
  judge: (subject) => judgeQuestion(3, subject),
});

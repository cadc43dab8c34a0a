import { defineGate } from '../gatekeeper/define-gate.ts';
import { judgeQuestion } from './question.ts';

export const question1 = defineGate({
  key: 'question-1',
  title: 'Is the contract complete?',
  phase: 'EXPORT_CONTRACT',
  stage: 'EXPORT_CONTRACT',
  group: 'question',
  fails: { severity: 'critical', blocking: true },
  asks: 'Is the contract complete?',
  why: 'What the contract leaves open, every later step fills in by itself, and differently.',
  reads: ['what Gate 1 answered', 'coverage', 'derivation_rules', 'parameter_schema'],
  judge: (subject) => judgeQuestion(1, subject),
});

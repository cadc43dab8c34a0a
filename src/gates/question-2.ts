import { defineGate } from '../gatekeeper/define-gate.ts';
import { judgeQuestion } from './question.ts';

export const question2 = defineGate({
  key: 'question-2',
  title: 'Was the contract faithfully translated?',
  phase: 'INGEST_PARSE_ASSESS',
  stage: 'INGEST_PARSE_ASSESS',
  group: 'question',
  fails: { severity: 'critical', blocking: true },
  asks: 'Was the contract faithfully translated?',
  why: 'A gap that plan ingestion drops is missing from everything after it.',
  reads: ['the directory given with --ingestion-dir', 'coverage.gaps'],
  judge: (subject) => judgeQuestion(2, subject),
});

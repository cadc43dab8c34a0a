import { startHere } from '../gatekeeper/answer-questions.ts';
import { projectIdOf } from '../gatekeeper/read-subject.ts';
import type { Subject } from '../gatekeeper/subject.ts';
import type { QuestionAnswer } from './report.ts';

/** What `diagnose` answers: the Three Questions (gates.md §3.6). */
export interface DiagnoseReport {
  readonly export_dir: string;
  readonly project_id: string;
  /** UTC with `+00:00`. */
  readonly checked_at: string;
  /** True when no question failed; one that was skipped is no failure (G-4). */
  readonly all_passed: boolean;
  readonly start_here: string;
  readonly questions: readonly DiagnosedQuestion[];
}

export interface DiagnosedQuestion {
  readonly number: 1 | 2 | 3;
  readonly title: string;
  readonly layer: string;
  readonly status: QuestionAnswer['status'];
  readonly checks_passed: number;
  readonly checks_total: number;
  readonly recommendation: string;
  readonly checks: readonly {
    readonly name: string;
    readonly passed: boolean;
    readonly detail: string;
    readonly severity: 'error' | 'warning' | 'info';
  }[];
}

export function diagnoseReport(subject: Subject, answers: readonly QuestionAnswer[], checkedAt: Date): DiagnoseReport {
  return {
    export_dir: subject.exportDir,
    project_id: projectIdOf(subject),
    checked_at: checkedAt.toISOString().replace('Z', '+00:00'),
    all_passed: answers.every((answer) => answer.status === 'pass' || answer.status === 'skipped'),
    start_here: startHere(answers),
    questions: answers.map(({ number, title, layer, status, recommendation, checks }) => ({
      number,
      title,
      layer,
      status,
      checks_passed: checks.filter((check) => check.passed).length,
      checks_total: checks.length,
      recommendation,
      checks: checks.map(({ name, passed, detail, severity }) => ({ name, passed, detail, severity })),
    })),
  };
}

import type { DiagnosedQuestion, DiagnoseReport } from '../report/diagnose-report.ts';
import { visible } from '../report/escape-terminal.ts';

/** The answers of `diagnose` for a terminal, in the layout of the reference (gates.md §3.7). */
export function diagnoseText(report: DiagnoseReport): string {
  const lines = [
    '',
    `Three questions: ${report.all_passed ? 'ALL CLEAR' : 'ISSUE FOUND'}`,
    `  Project:    ${report.project_id}`,
    `  Directory:  ${report.export_dir}`,
    `  Checked:    ${report.checked_at}`,
    '',
    ...report.questions.flatMap(questionLines),
    `>>> START HERE: ${report.start_here}`,
  ];
  return lines.map(visible).join('\n') + '\n';
}

const MARKS = { pass: 'PASS', fail: 'FAIL', skipped: 'SKIP', not_reached: '----' } as const;

function questionLines(question: DiagnosedQuestion): readonly string[] {
  const head = [`  Q${question.number}. ${question.title}  [${MARKS[question.status]}]`, `      Layer: ${question.layer}`];
  if (question.status === 'not_reached') return [...head, '      Not reached: an earlier question failed.', ''];
  return [
    ...head,
    `      Checks: ${question.checks_passed}/${question.checks_total} passed`,
    ...question.checks.flatMap((check) => [
      `        [${check.passed ? 'ok' : check.severity === 'error' ? 'FAIL' : 'WARN'}] ${check.name}`,
      ...(check.passed ? [] : [`              ${check.detail}`]),
    ]),
    ...(question.recommendation ? [`      -> ${question.recommendation}`] : []),
    '',
  ];
}

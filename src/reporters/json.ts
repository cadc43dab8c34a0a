import { defineReporter } from '../report/define-reporter.ts';
import { reportDocument } from '../report/report-document.ts';

/**
 * `export-tasks-report.json`: everything the run learned, complete and uncut, for programs. Every key is always there; `null` says that there is no
 * such value. Paths are relative: no file of ours says where a machine keeps its workspace.
 */
export const json = defineReporter({
  name: 'json',
  describes: 'export-tasks-report.json, complete, for programs.',
  render: (report) => JSON.stringify(reportDocument(report), null, 2) + '\n',
});

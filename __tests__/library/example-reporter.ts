import { defineReporter } from 'export-tasks';

/** One line for a chat: a reporter turns the report into text, and decides nothing. */
export const oneLine = defineReporter({
  name: 'one-line',
  describes: 'The verdict and the coverage in one line, for a chat.',
  render: ({ verdict, coverage, entries }) =>
    `${verdict.verdict}: ${entries.map(({ projectId }) => projectId ?? '?').join(', ')}, ${coverage?.overallCoverage ?? 0} % of ${coverage?.totalRequired ?? 0} required artifacts\n`,
});

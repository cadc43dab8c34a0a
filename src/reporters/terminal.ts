import { defineReporter } from '../report/define-reporter.ts';
import { visible } from '../report/escape-terminal.ts';
import { foundSentence, missingSentence, stepSentence } from '../report/headline.ts';
import { paint } from '../report/paint.ts';
import type { Report, Reporter } from '../report/report.ts';
import { wrapText } from '../report/text-table.ts';
import { auditLines, coverageLines } from './terminal/coverage.ts';
import { findingLines } from './terminal/findings.ts';
import { gateLines } from './terminal/gates.ts';
import type { Style } from './terminal/style.ts';
import { fileLines, lossLines, noteLines, traceLines } from './terminal/trace.ts';

export interface TerminalOptions {
  /** Colour and bars: only for a terminal, and only while NO_COLOR is unset. */
  readonly colour: boolean;
  /** Columns a line may take. */
  readonly width: number;
}

/** The report for a person at a terminal: verdict first, then what to do about it, then what was measured. */
export function terminalReporter(options: TerminalOptions): Reporter {
  const style: Style = { paint: paint(options.colour), bars: options.colour, width: Math.max(40, options.width) };
  return defineReporter({
    name: 'terminal',
    describes: 'Plain text for a person at a terminal or reading a log.',
    render: (report) =>
      [
        headLines(report, style),
        findingLines(report.verdict, style),
        report.entries.length > 1 ? auditLines(report, style) : coverageLines(report, style),
        gateLines(report, style),
        traceLines(report, style),
        noteLines(report, style),
        fileLines(report, style),
        lossLines(report, style),
      ]
        .filter((lines) => lines.length > 0)
        .map((lines) => lines.join('\n') + '\n')
        .join('\n'),
  });
}

/** Without colour, a hundred columns wide. */
export const terminal = terminalReporter({ colour: false, width: 100 });

function headLines(report: Report, { paint, width }: Style): readonly string[] {
  const { verdict } = report;
  const colour = { pass: paint.good, warn: paint.doubtful, block: paint.bad }[verdict.verdict];
  const [only] = report.entries;
  const subject =
    report.entries.length === 1 && only !== undefined ? (only.projectId ?? only.manifest) : `${report.entries.length} manifests`;
  const missing = missingSentence(report);
  return [
    `${colour(paint.strong(verdict.verdict))}  ${paint.strong(visible(subject))}`,
    ...wrapText(`${foundSentence(verdict)} ${stepSentence(verdict)}`, width),
    ...(missing === undefined ? [] : wrapText(missing, width)),
  ];
}

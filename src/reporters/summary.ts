import { defineReporter } from '../report/define-reporter.ts';
import { markdownCode } from '../report/escape-markdown.ts';
import { foundSentence, missingSentence, stepSentence } from '../report/headline.ts';
import type { Report, Reporter } from '../report/report.ts';
import { shorten } from '../report/shorten.ts';
import { coverageSection } from './summary/coverage.ts';
import { BARE, type Detail, FULL, LESS } from './summary/detail.ts';
import { findingSections } from './summary/findings.ts';
import { gateSection } from './summary/gates.ts';
import { fileSection, lossSection, noteSection, traceSection } from './summary/trace.ts';
import { workSection } from './summary/work.ts';

/** A summary that is one byte larger is dropped whole (spec/github.md §3.3). */
const LIMIT = 1_048_576;

/** The job summary, in at most `limit` bytes: all; else without the detail; else the bare truth. A cut is told. */
export function summaryReporter(limit = LIMIT): Reporter {
  return defineReporter({
    name: 'summary',
    describes: 'The job summary, in Markdown.',
    render: (report) => {
      for (const detail of [FULL, LESS, BARE]) {
        const text = summaryText(report, detail);
        if (Buffer.byteLength(text) <= limit) return text;
      }
      return [...head(report), CUT].join('\n\n') + '\n';
    },
  });
}

export const summary = summaryReporter();

const CUT =
  '> This summary was shortened to fit what GitHub shows. Everything is in `export-tasks-report.json`, among the files of this run.';

function summaryText(report: Report, detail: Detail): string {
  return (
    [
      ...head(report),
      ...(detail === FULL ? [] : [CUT]),
      ...findingSections(report.verdict, detail),
      ...coverageSection(report, detail),
      ...gateSection(report, detail),
      ...traceSection(report, detail),
      ...workSection(report, detail),
      ...noteSection(report, detail),
      ...fileSection(report, detail),
      ...lossSection(report, detail),
      `<sub>Export Tasks ${report.tool.version} · ${report.generatedAt}</sub>`,
    ].join('\n\n') + '\n'
  );
}

const SIGN = { pass: '✅', warn: '⚠️', block: '⛔' } as const;

function head(report: Report): readonly string[] {
  const { verdict, entries } = report;
  const [only] = entries;
  const subject =
    entries.length === 1 && only !== undefined
      ? markdownCode(shorten(only.projectId ?? only.manifest, 120))
      : `${entries.length} manifests`;
  const missing = missingSentence(report);
  return [
    `## ${SIGN[verdict.verdict]} ${verdict.verdict} · ${subject}`,
    `**${foundSentence(verdict)}** ${stepSentence(verdict)}`,
    ...(missing === undefined ? [] : [missing]),
  ];
}

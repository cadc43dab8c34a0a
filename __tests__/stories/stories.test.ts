import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { annotations } from '../../src/reporters/annotations.ts';
import { summary } from '../../src/reporters/summary.ts';
import type { RunOutcome } from '../../src/run.ts';
import { factsOf, golden, openPullRequest, runOn } from './pull-request.ts';

const stories = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'common')
  .map(({ name }) => name);

test.each(stories)('the pull request "%s" is told as agreed', async (story) => {
  const facts = factsOf(story);
  using change = openPullRequest(story, facts);
  const outcome = await runOn(change, facts);
  for (const [name, text] of Object.entries(toldOf(outcome))) expect(text).toBe(golden(story, name, text));
  expect(change.git('status', '--porcelain')).toBe('');
});

function toldOf({ report, exitCode }: RunOutcome) {
  const { verdict, coverage, losses } = report;
  const lines = [
    `verdict ${verdict.verdict}, exit ${exitCode}`,
    `coverage ${coverage?.before ?? '-'} -> ${coverage?.overallCoverage ?? '-'}`,
    ...verdict.findings.map(({ level, state, code, artifact, place, waived }) =>
      [
        level,
        state ?? '-',
        code,
        artifact ?? '-',
        place ? `${place.file}:${place.line}` : '-',
        ...(waived ? [`waived by ${waived.owner}`] : []),
      ].join(' '),
    ),
    ...(verdict.mended ?? []).map(({ code, artifact, place }) => `mended ${code} ${artifact} ${place?.file}:${place?.line}`),
    ...losses.map((loss) => `loss ${loss}`),
  ];
  return {
    verdict: lines.map((line) => line + '\n').join(''),
    annotations: annotations.render(report),
    summary: summary.render(report).replace(/Export Tasks \d+\.\d+\.\d+/, 'Export Tasks X'),
  };
}

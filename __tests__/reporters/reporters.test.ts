import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Reporter } from '../../src/report/report.ts';
import { reporters } from '../../src/reporters/index.ts';
import { terminalReporter } from '../../src/reporters/terminal.ts';
import { behavesAsReporter } from './reporter.case.ts';
import { STORIES } from './samples.ts';

const GOLDEN = new URL('./golden/', import.meta.url);

test('the list has every reporter, each under its own name', () => {
  expect(reporters.map((reporter) => reporter.name)).toEqual(['annotations', 'json', 'summary', 'terminal']);
});

for (const reporter of reporters)
  behavesAsReporter(reporter.name === 'terminal' ? terminalReporter({ colour: false, width: 1_000_000 }) : reporter);

describe.each(Object.entries(STORIES))('the story "%s"', (name, story) => {
  test.each(reporters.map((reporter) => [reporter.name, reporter] as const))('is told by %s as its golden file has it', (_, reporter) => {
    const rendered = reporter.render(story);
    expect(rendered).toBe(golden(name, reporter, rendered));
  });
});

/** The expected text; written only on request (`UPDATE_GOLDEN=1`). */
function golden(story: string, reporter: Reporter, rendered: string): string {
  const file = new URL(`${story}.${reporter.name}.txt`, GOLDEN);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(GOLDEN, { recursive: true });
    writeFileSync(file, rendered);
  }
  return readFileSync(file, 'utf8');
}

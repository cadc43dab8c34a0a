import { describe, expect, test } from '@jest/globals';
import { summary, summaryReporter } from '../../src/reporters/summary.ts';
import { HOSTILE } from './hostile.ts';
import { artifacts, entry, finding, report, STORIES, verdict, written } from './samples.ts';
import { bare, skeleton } from './skeleton.ts';

describe.each([1, 3])('strangers’ text in the summary of %i manifests', (manifests) => {
  const plain = skeleton(summary.render(written((field) => field, manifests)));

  test.each(HOSTILE.map((hostile) => [hostile.slice(0, 60), hostile]))('%j changes the words and nothing else', (_, hostile) => {
    expect(skeleton(summary.render(written((field) => `${field} ${hostile}`, manifests)))).toEqual(plain);
    expect(skeleton(summary.render(written((field) => `${hostile} ${field}`, manifests)))).toEqual(plain);
  });

  test.each(HOSTILE.map((hostile) => [hostile.slice(0, 60), hostile]))(
    '%j mentions nobody, links nowhere and hides nothing',
    (_, hostile) => {
      const text = summary.render(written((field) => `${field} ${hostile}`, manifests));
      const words = outsideFences(text).map(bare).join('\n');
      expect(words).not.toMatch(/@\w|#\d|GH-\d|:\/\/|www\.|:tada:|\$|!\[|\]\(|<(?!\/?(?:details|summary|br|sub|code)>)/);
      expect(text).not.toMatch(/[\p{Cf}\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u);
    },
  );
});

test('a Mermaid label holds letters, digits, harmless signs and entities only', () => {
  for (const hostile of HOSTILE) {
    const graph = /```mermaid\n(.*?)\n```/s.exec(summary.render(written((field) => `${hostile} ${field}`)))?.[1] ?? '';
    const labels = [...graph.matchAll(/\["(.*)"\]/g)].map((found) => found[1]!);
    expect(labels).not.toHaveLength(0);
    for (const label of labels) expect(label).toMatch(/^(?:[\p{L}\p{M}\p{N} _(),/-]|#\d+;)*$/u);
  }
});

describe('the ladder', () => {
  const targets = Array.from({ length: 300 }, (_, index) => `service${index}`);
  const all = artifacts('needed', targets);
  const findings = all.map((each, index) =>
    finding({ message: `${each.id} ${'is missing '.repeat(30)}`, place: { file: 'm.yaml', line: index + 1 } }),
  );
  const large = report(
    [entry({ artifacts: all })],
    verdict([finding({ level: 'critical', message: 'The first thing to mend.' }), ...findings]),
  );

  test.each([1_048_576, 200_000, 60_000, 6_000, 400])('stays within %i bytes', (limit) => {
    const text = summaryReporter(limit).render(large);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
    expect(text).toContain('## ⛔ block · `shop`');
    expect(text).toContain('The step fails (fail-on: critical).');
  });

  test('tells that it was shortened, and where the rest is', () => {
    for (const limit of [60_000, 6_000, 400]) expect(summaryReporter(limit).render(large)).toMatch(/shortened.*export-tasks-report\.json/);
    expect(summary.render(STORIES['everything-exists'])).not.toContain('shortened');
  });

  test('keeps what blocks to the last rung but one', () => {
    expect(summaryReporter(6_000).render(large)).toContain('The first thing to mend.');
  });

  test('counts what a list leaves out', () => {
    const text = summary.render(
      report(
        [entry()],
        verdict(Array.from({ length: 260 }, (_, line) => finding({ level: 'critical', place: { file: 'm', line: line + 1 } }))),
      ),
    );
    expect(text).toContain('…and 60 more findings');
  });

  test('holds 500 findings of 10,000 characters each', () => {
    const huge = Array.from({ length: 500 }, (_, line) =>
      finding({ message: '😀`|'.repeat(2_500), place: { file: 'm'.repeat(10_000), line: line + 1 } }),
    );
    expect(Buffer.byteLength(summary.render(report([entry()], verdict(huge))))).toBeLessThanOrEqual(1_048_576);
  });
});

test('draws the work up to 30 tasks and lists it beyond', () => {
  const withTasks = (targets: number) =>
    summary.render(
      report(
        [
          entry({
            artifacts: artifacts(
              'needed',
              Array.from({ length: targets }, (_, n) => `s${n}`),
            ),
          }),
        ],
        verdict([]),
      ),
    );
  expect(withTasks(7)).toContain('```mermaid');
  expect(withTasks(8)).not.toContain('```mermaid');
  expect(withTasks(8)).toContain('| `s7-slo` | required | `s7-prometheus-rules` |');
});

test('never prints where a machine keeps its files', () => {
  const text = summary.render(report([entry({ exportDir: '/home/runner/work/_temp/contextcore-export' })], verdict([])));
  expect(text).not.toContain('/home/runner');
  expect(text).toContain('export-tasks replay ./task-spans.otlp.jsonl');
});

function outsideFences(text: string): readonly string[] {
  return text.replace(/^ *(`{3,})\w*\n[\s\S]*?\n *\1$/gm, '').split('\n');
}

import { describe, expect, test } from '@jest/globals';
import { safeLogLine } from '../../src/report/escape-command.ts';
import { faultLines } from '../../src/reporters/fault-text.ts';
import { summary } from '../../src/reporters/summary.ts';
import { terminal, terminalReporter } from '../../src/reporters/terminal.ts';
import { HOSTILE } from './hostile.ts';
import { runnerCommands } from './runner.ts';
import { artifacts, entry, fault, finding, report, SPOOLED, STORIES, verdict, written } from './samples.ts';

const wide = terminalReporter({ colour: false, width: 1_000_000 });

describe('colour', () => {
  test('and bars are there only when asked for', () => {
    const story = STORIES['gate-failure'];
    expect(terminal.render(story)).not.toMatch(/\u001b|█|░/);
    expect(terminalReporter({ colour: true, width: 100 }).render(story)).toMatch(/\u001b\[31m/);
    expect(terminalReporter({ colour: true, width: 100 }).render(story)).toContain('██████████ 100.0%');
  });

  test('changes no letter', () => {
    for (const story of Object.values(STORIES)) {
      const coloured = terminalReporter({ colour: true, width: 1_000_000 }).render(story);
      const words = (text: string) =>
        text
          .replace(/\u001b\[\d+m/g, '')
          .replace(/[█░]+ /g, '')
          .replace(/ +/g, ' ');
      expect(words(coloured)).toBe(words(wide.render(story)));
    }
  });
});

test.each(HOSTILE.map((hostile) => [hostile.slice(0, 60), hostile]))('%j moves no heading and hides nothing', (_, hostile) => {
  const headings = (text: string) => text.split('\n').filter((line) => /^\S/.test(line)).length;
  const plain = wide.render(written((field) => field));
  const text = wide.render(written((field) => `${hostile} ${field}`));
  expect(headings(text)).toBe(headings(plain));
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
});

test.each(['none', 'previewed'] as const)('a trace that is %s can be counted and asked for nowhere, so no line offers it', (state) => {
  const story = report([entry({ emission: { ...SPOOLED, state, spooled: 0, reason: 'Nobody wanted it.' } })], verdict([]));
  for (const text of [wide.render(story), summary.render(story)]) {
    expect(text).toContain('Nobody wanted it.');
    expect(text).not.toMatch(/trace:id|0 sent|\*\*0 sent/);
  }
});

test('its lines are no commands in a log, once each went through safeLogLine', () => {
  for (const hostile of HOSTILE) {
    const log = wide
      .render(written((field) => `${hostile} ${field}`))
      .split('\n')
      .map(safeLogLine)
      .join('\n');
    expect(runnerCommands(log)).toEqual([]);
  }
});

test('keeps its lines within the width, but for what is to be copied whole', () => {
  for (const width of [70, 80, 100]) {
    for (const story of Object.values(STORIES)) {
      const long = terminalReporter({ colour: false, width })
        .render(story)
        .split('\n')
        .filter((line) => line.length > width);
      expect(long.filter((line) => !/^ {2}(?:query|send|view) |\.contextcore\.yaml:\d+/.test(line))).toEqual([]);
    }
  }
});

test('lists the 50 first lines with findings and counts the others', () => {
  const findings = Array.from({ length: 70 }, (_, line) => finding({ place: { file: 'm.yaml', line: line + 1 } }));
  const text = terminal.render(report([entry()], verdict(findings)));
  expect(text).toContain('m.yaml:50 ');
  expect(text).not.toContain('m.yaml:51 ');
  expect(text).toContain('and 20 more findings, all in export-tasks-report.json');
});

test('shows the targets with most to do when not all fit', () => {
  const targets = Array.from({ length: 45 }, (_, index) => `good${index}`);
  const text = terminal.render(
    report([entry({ artifacts: [...artifacts('exists', targets), ...artifacts('needed', ['worst'])] })], verdict([])),
  );
  expect(text).toMatch(/missing \(\* required\)\n {2}worst/);
  expect(text).toContain('and 6 more targets');
});

test('warns of more than 50 spans in one line', () => {
  expect(terminal.render(STORIES['everything-exists'])).not.toContain('More than 50 spans');
  const story = STORIES['everything-exists'];
  expect(terminal.render({ ...story, emission: { ...story.emission, drafted: 1_234 } })).toContain('More than 50 spans in one run');
});

describe('a fault', () => {
  test('is shown with place, line, caret and sentence', () => {
    expect(faultLines(fault(), { colour: false })).toBe(
      [
        '.contextcore.yaml:13:13  error  unknown-value',
        '        - kind: Deploymnt',
        '                ^^^^^^^^^',
        '  spec.targets.0.kind is "Deploymnt", which is no kind of workload; "Deployment" is.',
        '',
      ].join('\n'),
    );
  });

  test('offers its suggestion where the sentence does not', () => {
    expect(faultLines(fault({ message: 'That is no kind.' }), { colour: false })).toContain('→ Perhaps "Deployment" was meant.');
    expect(faultLines(fault(), { colour: false })).not.toContain('Perhaps');
  });

  test.each(HOSTILE.map((hostile) => [hostile.slice(0, 60), hostile]))('keeps to its four lines with %j', (_, hostile) => {
    const text = faultLines(
      fault({ message: hostile, suggestion: undefined as never, excerpt: `${hostile}\n^`, place: { file: hostile, line: 1 } }),
      { colour: false, width: 1_000_000 },
    );
    expect(text.trimEnd().split('\n')).toHaveLength(4);
  });
});

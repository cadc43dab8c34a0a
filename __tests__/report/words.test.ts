import { describe, expect, test } from '@jest/globals';
import { showExcerpt } from '../../src/report/excerpt.ts';
import { openWorkQuery, replayCommand, viewCommand } from '../../src/report/follow-up.ts';
import { groupFindings } from '../../src/report/group-findings.ts';
import { missingSentence, partFindings, stepSentence } from '../../src/report/headline.ts';
import { portablePath } from '../../src/report/portable-path.ts';
import { shorten } from '../../src/report/shorten.ts';
import { columnsOf, textTable, wrapText } from '../../src/report/text-table.ts';
import { count, enumerate } from '../../src/report/words.ts';
import { artifacts, entry, finding, report, SENT, verdict } from '../reporters/samples.ts';

describe('shorten', () => {
  test('leaves what fits', () => expect(shorten('abc', 3)).toBe('abc'));
  test('tells how much it cut', () => expect(shorten('a'.repeat(1_200), 100)).toMatch(/^a+… \[1,1\d\d more characters\]$/));
  test('is never longer than asked, and splits no pair', () => {
    for (let limit = 2; limit < 120; limit++) {
      const text = shorten('😀'.repeat(200), limit);
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(text.isWellFormed()).toBe(true);
    }
  });
});

describe('an excerpt', () => {
  test('keeps the caret under what it points at', () => expect(showExcerpt('a: bad\n   ^^^')).toEqual(['a: bad', '   ^^^']));
  test('moves the caret with what was written out before it', () =>
    expect(showExcerpt('a\u202e: bad\n    ^^^')).toEqual(['a\\u202e: bad', '         ^^^']));
  test('moves the caret past wide letters', () => expect(showExcerpt('漢: bad\n   ^^^')).toEqual(['漢: bad', '    ^^^']));
  test('cuts a long line around the caret', () => {
    const [line, carets] = showExcerpt(`${'a'.repeat(500)}BAD${'b'.repeat(500)}\n${' '.repeat(500)}^^^`);
    expect(line!.length).toBeLessThan(110);
    expect(line!.slice(carets!.indexOf('^'), carets!.lastIndexOf('^') + 1)).toBe('BAD');
  });
  test('without a caret is the line', () => expect(showExcerpt('abc')).toEqual(['abc']));
});

describe('a table', () => {
  test('lines up, wide letters too', () => {
    expect(
      textTable(
        [{ title: 'a' }, { title: 'n', align: 'right' }],
        [
          ['漢', '1'],
          ['bb', '22'],
        ],
        80,
      ),
    ).toEqual(['a    n', '漢   1', 'bb  22']);
  });
  test('cuts the flexible column to the width', () => {
    const lines = textTable(
      [
        { title: 'name', flexible: true },
        { title: 'n', align: 'right' },
      ],
      [['x'.repeat(50), '1']],
      20,
    );
    expect(lines).toEqual(['name               n', `${'x'.repeat(16)}…  1`]);
  });
  test('counts columns as a terminal does', () => expect(['abc', '漢字', 'e\u0301', '😀'].map(columnsOf)).toEqual([3, 4, 1, 2]));
  test('breaks sentences at blanks', () => expect(wrapText('one two three', 8)).toEqual(['one two', 'three']));
});

describe('what was found and what follows from it', () => {
  test.each([
    ['critical', true, 'critical', 'The step fails (fail-on: critical).'],
    ['critical', false, 'never', 'The step passes all the same, because fail-on is never.'],
    ['warning', false, 'critical', 'The step passes, since none of it reaches fail-on: critical.'],
    ['notice', false, 'critical', 'The step passes.'],
  ] as const)('a %s finding, fails %s: %s', (level, fails, failOn, sentence) => {
    expect(stepSentence(verdict([finding({ level })], { fails, failOn }))).toBe(sentence);
  });

  test('parts the findings that stop from the rest', () => {
    const findings = [
      finding({ level: 'critical' }),
      finding({ level: 'error' }),
      finding({ level: 'warning' }),
      finding({ level: 'notice' }),
    ];
    expect(partFindings(verdict(findings)).stopping).toHaveLength(1);
    expect(partFindings(verdict(findings, { failOn: 'warning', fails: true })).stopping).toHaveLength(3);
    expect(partFindings(verdict(findings, { failOn: 'never', fails: false })).stopping).toHaveLength(1);
    expect(partFindings(verdict(findings.slice(1), { failOn: 'error', fails: true })).others).toHaveLength(2);
  });

  test.each([
    ['exists', 'All 6 required artifacts exist.'],
    ['needed', 'Nothing is built yet: 6 required artifacts to come, and 2 recommended or optional ones can follow.'],
  ] as const)('when all %s', (status, sentence) => {
    expect(missingSentence(report([entry({ artifacts: artifacts(status) })], verdict([])))).toBe(sentence);
  });

  test('when nothing is required or measured', () => {
    expect(missingSentence(report([entry({ artifacts: [] })], verdict([])))).toBe('Nothing is required here, and nothing is missing.');
    expect(missingSentence(report([], verdict([])))).toBeUndefined();
  });
});

describe('findings on one line', () => {
  test('stand together, each sentence once, under the action they share', () => {
    const groups = groupFindings([
      finding({ message: 'a', nextAction: 'x' }),
      finding({ message: 'b', nextAction: 'x' }),
      finding({ message: 'a', nextAction: 'x' }),
    ]);
    expect(groups.map((group) => group.advice)).toEqual([[{ messages: ['a', 'b'], nextAction: 'x' }]]);
    expect(groups[0]?.place).toEqual(finding().place);
  });
  test('lose the column when they point at several', () => {
    const [group] = groupFindings([finding(), finding({ place: { ...finding().place!, column: 99 } })]);
    expect(group?.place).toEqual({ file: '.contextcore.yaml', line: 14 });
  });
  test('stay apart when line, code or level differ', () => {
    expect(
      groupFindings([finding(), finding({ code: 'a/b' }), finding({ level: 'error' }), finding({ place: { file: 'f', line: 1 } })]),
    ).toHaveLength(4);
  });
});

describe('the way on', () => {
  test('asks for the run’s own traces while that is readable', () => {
    expect(openWorkQuery([])).toBeUndefined();
    expect(openWorkQuery(['ab'])).toBe('{ trace:id = "ab" && span.task.type = "task" && span.task.status = "todo" }');
    expect(openWorkQuery(['ab', 'cd'])).toContain('(trace:id = "ab" || trace:id = "cd")');
    expect(openWorkQuery(Array.from({ length: 9 }, String))).toContain('resource.service.name = "contextcore-export-tasks"');
  });
  test('quotes a directory for the shell', () => {
    expect(viewCommand(entry({ exportDir: "it's $(id)" }))).toBe(`export-tasks view 'it'\\''s $(id)'`);
    expect(viewCommand(entry({ exportDir: '-rf' }))).toBe("export-tasks view '-rf'");
  });
  test('offers to send only what waits', () => {
    expect(replayCommand(entry())).toMatch(/^export-tasks replay contextcore-export\/task-spans\.otlp\.jsonl --otlp-endpoint /);
    expect(replayCommand(entry({ emission: SENT }))).toBeUndefined();
  });
});

test.each([
  ['a/b.yaml', 'a/b.yaml'],
  ['/home/x/b.yaml', 'b.yaml'],
  ['C:\\x\\b', 'b'],
  ['\\\\host\\share\\b\\', 'b'],
  ['/', '.'],
])('the path %j is %j on every machine', (path, expected) => expect(portablePath(path)).toBe(expected));

test('numbers and lists read as people write them', () => {
  expect([count(1, 'story', 'stories'), count(14_001, 'task')]).toEqual(['1 story', '14,001 tasks']);
  expect([enumerate([]), enumerate(['a']), enumerate(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
});

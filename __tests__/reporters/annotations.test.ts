import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../../src/gatekeeper/verdict.ts';
import { visible } from '../../src/report/escape-terminal.ts';
import { annotations } from '../../src/reporters/annotations.ts';
import { HOSTILE } from './hostile.ts';
import { runnerCommands } from './runner.ts';
import { entry, finding, report, verdict, written } from './samples.ts';

const render = (findings: readonly Finding[], change = {}) => annotations.render(report([entry()], verdict(findings, change)));
const numbered = (amount: number, change: Partial<Finding>) =>
  Array.from({ length: amount }, (_, line) => finding({ ...change, place: { file: 'm.yaml', line: line + 1 } }));

test.each(HOSTILE.map((hostile) => [hostile.slice(0, 60), hostile]))(
  'the runner reads the same four commands whatever %j says',
  (_, hostile) => {
    for (const text of [(field: string) => `${field} ${hostile}`, (field: string) => `${hostile} ${field}`]) {
      const commands = runnerCommands(annotations.render(written(text)));
      expect(commands.map((command) => command.name)).toEqual(['error', 'warning', 'warning', 'notice']);
      for (const command of commands) expect(Object.keys(command.properties)).toEqual(['file', 'line', 'col', 'title']);
      expect(commands[0]!.properties['file']).toBe(visible(text('file')));
      if (hostile.length < 1_000) expect(commands[0]!.data).toBe(`${visible(text('message'))}\nWhat to do: ${visible(text('action'))}`);
    }
  },
);

describe('the runner’s room', () => {
  test('is ten of a kind, one error being left for the step’s own', () => {
    const findings = [...numbered(20, { level: 'critical' }), ...numbered(20, { level: 'warning' }), ...numbered(20, { level: 'notice' })];
    const commands = runnerCommands(render(findings));
    const named = (name: string) => commands.filter((command) => command.name === name).length;
    expect([named('error'), named('warning'), named('notice')]).toEqual([9, 10, 10]);
  });

  test('overflows into one line that counts what was left out', () => {
    expect(
      render(numbered(12, { level: 'critical' }))
        .trimEnd()
        .split('\n')
        .at(-1),
    ).toMatch(/^3 more findings without an annotation/);
    expect(render(numbered(9, { level: 'critical' }))).not.toContain('more finding');
  });

  test('ends a message at 4,096 characters and tells the cut', () => {
    const [command] = runnerCommands(render([finding({ message: 'a'.repeat(10_000) })]));
    expect(command!.data).toHaveLength(4_096);
    expect(command!.data).toMatch(/… \[[\d,]+ more characters\]$/);
  });
});

describe('findings on one line of a file', () => {
  test('share an annotation, which says how many they are', () => {
    const [command, ...others] = runnerCommands(render([finding({ message: 'One is missing.' }), finding({ message: 'Two is missing.' })]));
    expect(others).toEqual([]);
    expect(command!.properties['title']).toBe('Export Tasks: required-artifacts/missing_artifact (2)');
    expect(command!.data).toMatch(/^One is missing\.\nTwo is missing\.\nWhat to do: /);
  });

  test('are told once when they are the same', () => {
    const [command] = runnerCommands(render([finding(), finding()]));
    expect(command!.data.match(/was not found/g)).toHaveLength(1);
  });
});

describe('the place of an annotation', () => {
  test.each([
    ['line and column', { line: 3, column: 5 }, { line: '3', col: '5' }],
    ['a range within the line', { line: 3, column: 5, endLine: 3, endColumn: 9 }, { line: '3', col: '5', endLine: '3', endColumn: '9' }],
    ['lines without columns, which the runner would drop', { line: 3, column: 5, endLine: 4, endColumn: 2 }, { line: '3', endLine: '4' }],
    ['no range that runs backwards', { line: 3, column: 5, endLine: 2, endColumn: 2 }, { line: '3', col: '5' }],
    ['a line alone', { line: 3 }, { line: '3' }],
  ])('is %s', (_, place, expected) => {
    const [command] = runnerCommands(render([finding({ place: { file: 'a,b:c.yaml', ...place } })]));
    const { title, ...position } = command!.properties;
    expect(title).toContain('missing_artifact');
    expect(position).toEqual({ file: 'a,b:c.yaml', ...expected });
  });

  test('is left out for a finding that has none', () => {
    const [command] = runnerCommands(render([{ code: 'x/y', source: 'gate', level: 'error', message: 'No file says so.' }]));
    expect(Object.keys(command!.properties)).toEqual(['title']);
  });
});

describe('an annotation is red', () => {
  test.each([
    ['critical', 'never', false, 'error'],
    ['error', 'critical', false, 'warning'],
    ['error', 'error', true, 'error'],
    ['warning', 'warning', true, 'error'],
    ['notice', 'warning', true, 'notice'],
  ] as const)('when the finding blocks or fails the step: %s under fail-on %s', (level, failOn, fails, name) => {
    expect(runnerCommands(render([finding({ level })], { failOn, fails })).map((command) => command.name)).toEqual([name]);
  });
});

import { expect, test } from '@jest/globals';
import { defineReporter } from '../../src/report/define-reporter.ts';
import { report, verdict } from '../reporters/samples.ts';

test('gives back a reporter that works and cannot be changed', () => {
  const reporter = defineReporter({
    name: 'one-line',
    describes: 'The verdict, for a chat.',
    render: ({ verdict }) => `${verdict.verdict}\n`,
  });
  expect(reporter.render(report([], verdict([])))).toBe('pass\n');
  expect(Object.isFrozen(reporter)).toBe(true);
});

test.each([
  ['a name that is no file name', { name: 'One Line', describes: 'x', render: () => '' }, 'found "One Line"'],
  ['no description', { name: 'x', describes: ' ', render: () => '' }, 'needs one sentence in "describes"'],
  ['no function', { name: 'x', describes: 'x', render: undefined as never }, 'found undefined'],
])('refuses %s', (_, reporter, message) => {
  expect(() => defineReporter(reporter)).toThrow(TypeError);
  expect(() => defineReporter(reporter)).toThrow(message);
});

import { expect, test } from '@jest/globals';
import { compileGlob } from '../../src/inspect/glob.ts';

test.each([
  ['dash/ledger.json', 'dash/ledger.json', true],
  ['dash/ledger.json', 'other/dash/ledger.json', false],
  ['dash/*.json', 'dash/a.json', true],
  ['dash/*.json', 'dash/a/b.json', false],
  ['**/*.json', 'a.json', true],
  ['**/*.json', 'a/b/c.json', true],
  ['a/**/b', 'a/b', true],
  ['a/**/b', 'a/x/y/b', true],
  ['a/**/**/b', 'a/b', true],
  ['a/**', 'a', false],
  ['a/**', 'a/b/c', true],
  ['**', 'a/b', true],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['*b*c', 'abbc', true],
  ['*b*c', 'abb', false],
  ['a.c', 'abc', false],
  ['[ab]', 'a', false],
  ['', '', true],
])('%j on %j: %s', (pattern, path, expected) => {
  expect(compileGlob(pattern)(path)).toBe(expected);
});

test('takes no longer for a stranger who writes many stars', () => {
  const started = performance.now();
  expect(compileGlob(`${'*a'.repeat(500)}b`)('a'.repeat(4000))).toBe(false);
  expect(compileGlob(`${'**/a/'.repeat(200)}b`)(`${'a/'.repeat(1000)}c`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(2000);
});

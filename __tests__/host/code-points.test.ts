import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareCodePoints, sortByCodePoint } from '../../src/host/code-points.ts';

test('- sorts before digits before capitals before _ before small letters', () => {
  expect(sortByCodePoint(['a_', 'aa', 'a-', 'aA', 'a0', 'a'], (text) => text)).toEqual(['a', 'a-', 'a0', 'aA', 'a_', 'aa']);
});

test('characters beyond the basic plane sort last, unlike in UTF-16', () => {
  const high = '\u{1F600}';
  const low = '\uFF21';
  expect(sortByCodePoint([high, low], (text) => text)).toEqual([low, high]);
  expect([high, low].sort()).toEqual([high, low]);
});

test('agrees with a comparison code point by code point', () => {
  const text = fc.string({ unit: 'binary', maxLength: 6 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(byPoints([...a], [...b]));
      const sorted = sortByCodePoint([a, b], (each) => each);
      expect(sorted[0]).toBe(compareCodePoints(a, b) <= 0 ? a : b);
    }),
  );

  function byPoints(a: readonly string[], b: readonly string[]): number {
    const at = a.findIndex((point, index) => point !== b[index]);
    if (at < 0) return Math.sign(a.length - b.length);
    return Math.sign((a[at]?.codePointAt(0) ?? -1) - (b[at]?.codePointAt(0) ?? -1));
  }
});

test('leaves what it was given alone, and equals in their order', () => {
  const given = [
    { key: 'b', n: 1 },
    { key: 'a', n: 2 },
    { key: 'b', n: 3 },
  ];
  expect(sortByCodePoint(given, ({ key }) => key).map(({ n }) => n)).toEqual([2, 1, 3]);
  expect(given.map(({ n }) => n)).toEqual([1, 2, 3]);
});

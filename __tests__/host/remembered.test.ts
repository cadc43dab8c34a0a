import { expect, test } from '@jest/globals';
import { remembered } from '../../src/host/remembered.ts';

test('the last answers are kept, so many and of so long texts as was said', () => {
  const made: string[] = [];
  const length = remembered((text) => made.push(text), 2, 3);
  for (const text of ['a', 'a', 'abcd', 'abcd', 'abc', 'b', 'a']) length(text);
  expect(made).toEqual(['a', 'abcd', 'abcd', 'abc', 'b', 'a']);
});

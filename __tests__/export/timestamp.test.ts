import { expect, test } from '@jest/globals';
import { utcStamp, zonelessStamp } from '../../src/export/timestamp.ts';

test.each([
  ['2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678000'],
  ['2026-01-02T03:04:05.000Z', '2026-01-02T03:04:05'],
])('%s is told as %s', (instant, told) => {
  expect(zonelessStamp(new Date(instant), 'utc')).toBe(told);
  expect(utcStamp(new Date(instant))).toBe(told + '+00:00');
});

test('local time reads like the clock on the wall', () => {
  const wall = new Date(2026, 6, 2, 3, 4, 5, 60);
  expect(zonelessStamp(wall, 'local')).toBe('2026-07-02T03:04:05.060000');
});

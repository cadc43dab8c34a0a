import { expect, test } from '@jest/globals';
import { meant, nearest } from '../../src/host/nearest.ts';

const KEYS = ['metricsInterval', 'logLevel', 'name', 'id', 'coverage-policy', 'critical', 'high'];

test.each([
  ['metricInterval', 'metricsInterval'],
  ['metrics_interval', 'metricsInterval'],
  ['loglevel', 'logLevel'],
  ['nmae', 'name'],
  ['nam', 'name'],
  ['coverage_policy', 'coverage-policy'],
  ['HIGH', 'high'],
  ['critcial', 'critical'],
])('%s means %s', (written, meant) => {
  expect(nearest(written, KEYS)).toBe(meant);
});

test.each(['zzz', 'a', 'description', '', 'x'.repeat(10_000)])('%j means none of them', (written) => {
  expect(nearest(written, KEYS)).toBeUndefined();
});

test.each([
  ['a value among several', 'high', 'It must be one of critical, high, medium, low.', 'Perhaps "high" was meant.'],
  ['a text in quotes, which are to be written', '"99.9"', 'It must be text.', 'Perhaps "99.9" was meant.'],
  ['the key that the sentence ends with', 'business', 'busines is not a key that is read here; business is.', undefined],
  ['the same in quotes', 'dashboard', '"dashbord" is no type; "dashboard" is.', undefined],
  ['the one spelling there is', 'logLevel', 'log_level is not read; here this key has the one spelling logLevel.', undefined],
  ['nothing', undefined, 'It is wrong.', undefined],
])('of %s the next step is said once', (_, suggestion, message, step) => {
  expect(meant(suggestion, message)).toBe(step);
});

import { expect, test } from '@jest/globals';
import { nearest } from '../../src/host/nearest.ts';

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

import { expect, test } from '@jest/globals';
import { comparePromises } from '../../src/contract/compare-promises.ts';
import type { Manifest, Spec } from '../../src/manifest/manifest.ts';
import { CHECKOUT, manifestOf } from './manifests.ts';

const before = manifestOf(CHECKOUT);
const compare = (after: Manifest, earlier = before) =>
  comparePromises(earlier, after, (path) => ({ file: 'm', line: path.length })).map(({ code, ref, before: was, after: is }) => [
    code,
    ref,
    was,
    is,
  ]);
const changed = (spec: Partial<Spec>) => manifestOf({ ...CHECKOUT, ...spec });
const required = (requirements: Partial<Spec['requirements']>) => changed({ requirements: { ...CHECKOUT.requirements, ...requirements } });

test.each([
  ['nothing', before, []],
  ['a stricter availability', required({ availability: '99.99' }), []],
  [
    'a looser availability',
    required({ availability: '99.9' }),
    [['objective_loosened', 'spec.requirements.availability', '99.95', '99.9']],
  ],
  [
    'a longer latency in another unit',
    required({ latencyP99: '1s' }),
    [['objective_loosened', 'spec.requirements.latencyP99', '200ms', '1s']],
  ],
  ['the same latency in another unit', required({ latencyP99: '0.2s' }), []],
  ['a larger budget', required({ errorBudget: '0.1' }), [['objective_loosened', 'spec.requirements.errorBudget', '0.05', '0.1']]],
  [
    'less throughput by the minute',
    required({ throughput: '30000rpm' }),
    [['objective_loosened', 'spec.requirements.throughput', '1000rps', '30000rpm']],
  ],
  ['a higher throughput', required({ throughput: '2000rps' }), []],
  [
    'no requirements',
    changed({ requirements: { availability: '99.95', latencyP50: '50ms', latencyP99: '200ms', errorBudget: '0.05' } }),
    [['objective_loosened', 'spec.requirements.throughput', '1000rps', '']],
  ],
  [
    'a lower criticality',
    changed({ business: { criticality: 'low', stakeholders: [] } }),
    [['criticality_lowered', 'spec.business.criticality', 'critical', 'low']],
  ],
  ['no criticality', changed({ business: { stakeholders: [] } }), [['criticality_lowered', 'spec.business.criticality', 'critical', '']]],
  ['one target less', changed({ targets: [CHECKOUT.targets![0]!] }), [['target_dropped', 'cart_db', 'cart_db', '']]],
  ['one risk less', changed({ risks: [CHECKOUT.risks![0]!] }), [['risk_dropped', 'data-integrity', 'data-integrity', '']]],
  [
    'one channel less',
    changed({ observability: { ...CHECKOUT.observability!, alertChannels: ['#alerts'] } }),
    [['channel_dropped', "it's", "it's", '']],
  ],
] as const)('%s is told as it is', (_, after, expected) => {
  expect(compare(after)).toEqual(expected);
});

test('what is added weakens nothing', () => {
  expect(compare(before, manifestOf({ targets: [CHECKOUT.targets![0]!] }))).toEqual([]);
});

test('a key result is compared in the sense of its operator', () => {
  const withTarget = (target: number, targetOperator: string): Manifest => ({
    ...before,
    strategy: {
      ...before.strategy,
      objectives: [{ id: 'OBJ-1', description: '', keyResults: [{ metricKey: 'k', unit: '%', target, targetOperator }] }],
    },
  });
  expect(compare(withTarget(90, 'gte'), withTarget(95, 'gte'))).toMatchObject([
    ['objective_loosened', 'strategy.objectives.0.keyResults.0.target', '95', '90'],
  ]);
  expect(compare(withTarget(95, 'gte'), withTarget(90, 'gte'))).toEqual([]);
  expect(compare(withTarget(95, 'lte'), withTarget(90, 'lte'))).toHaveLength(1);
  expect(compare(withTarget(95, 'eq'), withTarget(90, 'eq'))).toEqual([]);
});

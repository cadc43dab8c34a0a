import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Artifact } from '../../src/contract/contract.ts';
import { measureCoverage, roundHalfEven1 } from '../../src/contract/coverage.ts';
import { settleContract } from '../../src/contract/settle-contract.ts';
import { CHECKOUT, contractOf, foundAt } from './manifests.ts';

describe('roundHalfEven1', () => {
  test.each([
    [0, 0],
    [6.25, 6.2],
    [18.75, 18.8],
    [31.25, 31.2],
    [43.75, 43.8],
    [66.66666666666667, 66.7],
    [0.05, 0.1],
    [0.15, 0.1],
    [99.95, 100],
    [8.333333333333332, 8.3],
    [100, 100],
  ])('rounds %p to %p', (value, rounded) => {
    expect(roundHalfEven1(value)).toBe(rounded);
  });

  test('agrees with exact arithmetic on the binary value', () => {
    const ratio = fc.tuple(fc.nat(5000), fc.integer({ min: 1, max: 5000 })).map(([a, b]) => (a / b) * 100);
    fc.assert(
      fc.property(fc.oneof(ratio, fc.double({ min: 0, max: 1000, noNaN: true })), (value) => {
        expect(roundHalfEven1(value)).toBe(exactly(value));
      }),
      { numRuns: 2000 },
    );
  });

  // 60 decimals hold every digit of a double of this size that could tip the balance.
  function exactly(value: number): number {
    const digits = BigInt(value.toFixed(60).replace('.', ''));
    const unit = 10n ** 59n;
    const below = digits / unit;
    const rest = digits % unit;
    const up = 2n * rest > unit || (2n * rest === unit && below % 2n === 1n);
    return Number(below + (up ? 1n : 0n)) / 10;
  }
});

describe('measureCoverage', () => {
  test('of a fresh minimal contract finds nothing of two required', () => {
    const { coverage } = contractOf();
    expect(coverage).toMatchObject({ totalRequired: 2, totalExisting: 0, totalOutdated: 0, overallCoverage: 0 });
    expect(coverage.gaps).toHaveLength(8);
    expect(coverage.requiredGaps).toEqual(['svc-dashboard', 'svc-service-monitor']);
    expect(coverage.byTarget).toEqual([
      {
        target: 'svc',
        namespace: 'default',
        requiredCount: 2,
        existingCount: 0,
        coveragePercent: 0,
        gaps: ['svc-dashboard', 'svc-service-monitor'],
      },
      { target: 'm', namespace: 'default', requiredCount: 0, existingCount: 0, coveragePercent: 100, gaps: [] },
    ]);
  });

  test('counts no existing artifact that nobody requires', () => {
    const { coverage } = settleContract(contractOf(), foundAt('svc-slo', 'svc-runbook'));
    expect(coverage).toMatchObject({ totalExisting: 0, overallCoverage: 0 });
    expect(coverage.byTarget[0]?.gaps).toEqual(['svc-dashboard', 'svc-service-monitor']);
  });

  test('is 100 and no more when everything exists', () => {
    const contract = contractOf();
    const { coverage } = settleContract(contract, foundAt(...contract.artifacts.map(({ id }) => id)));
    expect(coverage).toMatchObject({ totalRequired: 2, totalExisting: 2, overallCoverage: 100, gaps: [], requiredGaps: [] });
    expect(coverage.byType).toEqual({});
  });

  test.each([
    [1, 6.2],
    [5, 31.2],
  ])('rounds %p of 16 required to %p', (found, percent) => {
    const targets = Array.from({ length: 8 }, (_, index) => ({ kind: 'Deployment', name: `svc${index}` }));
    const ids = targets.slice(0, found).map(({ name }) => `${name}-dashboard`);
    expect(settleContract(contractOf({ targets }), foundAt(...ids)).coverage.overallCoverage).toBe(percent);
  });

  test('follows generation order, whatever the order of the artifacts', () => {
    const sorted = contractOf(CHECKOUT).coverage;
    const generated = contractOf(CHECKOUT, { deterministic: false }).coverage;
    expect(sorted.byTarget.map(({ target }) => target)).toEqual(['checkout-api', 'cart_db', 'checkout']);
    expect(sorted.byTarget).toEqual(generated.byTarget);
    expect(Object.keys(sorted.byType)).toEqual(Object.keys(generated.byType));
    expect(sorted.gaps).not.toEqual(generated.gaps);
    expect(settleContract(contractOf(CHECKOUT), foundAt()).coverage).toEqual(sorted);
  });

  test('takes an empty namespace for none', () => {
    const { coverage } = contractOf({ targets: [{ kind: 'Deployment', name: 'svc', namespace: '' }] });
    expect(coverage.byTarget[0]).toMatchObject({ target: 'svc', namespace: 'default' });
  });

  test('gives each target its own namespace, and merges the capability index with a target of the project’s name', () => {
    const { coverage } = contractOf({ targets: [{ kind: 'Deployment', name: 'm', namespace: 'finance' }] });
    expect(coverage.byTarget).toHaveLength(1);
    expect(coverage.byTarget[0]).toMatchObject({ target: 'm', namespace: 'finance', requiredCount: 2 });
  });

  test('keeps its sums whatever the statuses', () => {
    const artifact = fc.record({
      priority: fc.constantFrom('required', 'recommended', 'optional'),
      status: fc.constantFrom('needed', 'exists', 'outdated', 'skipped'),
      target: fc.constantFrom('a', 'b', '__proto__'),
      type: fc.constantFrom('dashboard', 'runbook'),
    });
    fc.assert(
      fc.property(fc.array(artifact, { maxLength: 40 }), (drawn) => {
        const artifacts = drawn.map((each, index) => ({ ...TEMPLATE, ...each, id: `id-${index}` }) as Artifact);
        const coverage = measureCoverage(artifacts);
        const sum = (of: (target: (typeof coverage.byTarget)[number]) => number) =>
          coverage.byTarget.reduce((total, target) => total + of(target), 0);
        expect(coverage.totalExisting).toBeLessThanOrEqual(coverage.totalRequired);
        expect(coverage.overallCoverage).toBeLessThanOrEqual(100);
        expect(coverage.overallCoverage === 100).toBe(coverage.totalExisting === coverage.totalRequired);
        expect(sum((target) => target.requiredCount)).toBe(coverage.totalRequired);
        expect(sum((target) => target.existingCount)).toBe(coverage.totalExisting);
        expect(sum((target) => target.gaps.length)).toBe(coverage.requiredGaps.length);
        expect(Object.values(coverage.byType).reduce((total, count) => total + count, 0)).toBe(coverage.gaps.length);
        expect(coverage.gaps).toEqual(expect.arrayContaining([...coverage.requiredGaps]));
      }),
    );
  });

  const TEMPLATE = contractOf().artifacts[0]!;
});

import { describe, expect, test } from '@jest/globals';
import { DEFAULT_POLICY, type Policy, type Waiver } from '../../src/manifest/policy.ts';
import { effectivePolicy } from '../../src/story/effective-policy.ts';

const place = { file: '.contextcore-quality.yaml', line: 1 };
const waiver = (over: Partial<Waiver> = {}): Waiver => ({
  gate: 'required-artifacts',
  artifact: 'a',
  reason: 'later',
  owner: 'core',
  expires: '2026-12-01',
  place,
  ...over,
});
const rule = { type: 'dashboard', path: '{target}.json', place };
const own = { name: 'mine', level: 'error', expr: 'true', message: 'No.', place } as const;

const strict: Policy = {
  ...DEFAULT_POLICY,
  gates: new Map([['waivers', 'error']]),
  coveragePolicy: 'absolute',
  minCoverage: 80,
  customGates: [own],
  strictQualityDefault: true,
};
const lax: Policy = {
  ...DEFAULT_POLICY,
  gates: new Map([['required-artifacts', 'off']]),
  coveragePolicy: 'off',
  artifacts: [rule],
  deterministicOutputDefault: false,
};
const sides = { now: lax, before: strict, proposed: true, fork: false };

describe('on a change', () => {
  test('what it says about judging is told to count from the merge on, in the spelling of the file', () => {
    const moved = { ...strict, customGates: [{ ...own, place: { ...place, line: 9 } }] };
    expect(effectivePolicy({ ...sides, now: moved }).notices).toEqual([]);
    const [notice, ...more] = effectivePolicy({
      ...sides,
      now: { ...strict, gates: new Map(), customGates: [{ ...own, expr: 'false' }] },
    }).notices;
    expect(notice).toContain('under gates, custom-gates;');
    expect(more).toEqual([]);
  });

  test('what judges comes from before it, what finds from now', () => {
    const { policy } = effectivePolicy(sides);
    const { gates, coveragePolicy, minCoverage, customGates, strictQualityDefault } = strict;
    expect(policy).toMatchObject({ gates, coveragePolicy, minCoverage, customGates, strictQualityDefault });
    expect(policy).toMatchObject({ artifacts: [rule], deterministicOutputDefault: false });
  });

  test('a policy that only now has a minimum demands none', () => {
    const { policy } = effectivePolicy({ ...sides, now: strict, before: DEFAULT_POLICY });
    expect(policy).not.toHaveProperty('minCoverage');
    expect(policy).not.toHaveProperty('coveragePolicy');
    expect(policy).not.toHaveProperty('strictQualityDefault');
  });

  test.each([
    ['kept', [waiver()], [waiver()], false, [[false, true]]],
    ['added', [waiver()], [], false, [[true, true]]],
    ['added by a fork', [waiver()], [], true, [[true, false]]],
    ['withdrawn', [], [waiver()], false, []],
    ['prolonged', [waiver({ expires: '2027-01-01' })], [waiver()], false, [[true, true]]],
    [
      'prolonged by a fork',
      [waiver({ expires: '2027-01-01' })],
      [waiver()],
      true,
      [
        [false, true],
        [true, false],
      ],
    ],
  ])('a waiver that is %s is dated and counted', (_, now, before, fork, expected) => {
    const { waivers } = effectivePolicy({ now: { ...lax, waivers: now }, before: { ...strict, waivers: before }, proposed: true, fork });
    expect(waivers.map(({ added, counts }) => [added, counts])).toEqual(expected);
  });
});

describe('without a base', () => {
  const without = { now: { ...lax, waivers: [waiver()] } };

  test('the branch’s own policy counts', () => {
    expect(effectivePolicy({ ...without, proposed: false, fork: false })).toMatchObject({
      policy: { gates: lax.gates },
      waivers: [{ added: false, counts: true }],
    });
  });

  test('a fork’s policy judges nothing', () => {
    const { policy, waivers } = effectivePolicy({ ...without, proposed: true, fork: true });
    expect([policy.gates, policy.coveragePolicy, policy.artifacts, waivers[0]?.counts]).toEqual([new Map(), undefined, [rule], false]);
  });
});

import { expect, test } from '@jest/globals';
import { decideVerdict } from '../../src/gatekeeper/decide-verdict.ts';
import { finding } from '../../src/gatekeeper/evidence.ts';
import type { Evidence, GateResult } from '../../src/gatekeeper/gate.ts';
import { waiveResults } from '../../src/gatekeeper/waive-results.ts';
import type { KnownWaiver } from '../../src/gatekeeper/work.ts';

const TODAY = '2026-11-21';

function result(evidence: readonly Evidence[], gate = 'required-artifacts'): GateResult {
  return {
    gate,
    gateId: `x-${gate}`,
    phase: 'EXPORT_CONTRACT',
    stage: 'EXPORT_CONTRACT',
    group: 'ours',
    outcome: 'fail',
    severity: 'critical',
    blocking: true,
    reason: 'Missing.',
    nextAction: 'Make it.',
    evidence,
    taskId: 'x',
    checkedAt: '',
    durationMs: 0,
  };
}

const missing = (artifact: string, level: 'critical' | 'warning' = 'critical') =>
  finding('missing', artifact, `${artifact} is missing.`, { artifact, level });

function waiver(over: Partial<KnownWaiver> = {}): KnownWaiver {
  const place = { file: 'p', line: 3 };
  return {
    gate: 'required-artifacts',
    artifact: 'a',
    reason: 'later',
    owner: 'core',
    expires: '2026-12-01',
    place,
    added: false,
    counts: true,
    ...over,
  };
}

function judged(evidence: readonly Evidence[], waivers: readonly KnownWaiver[], gate?: string) {
  const results = waiveResults([result(evidence, gate)], waivers, TODAY);
  const verdict = decideVerdict({ results, failOn: 'critical' });
  return {
    verdict: verdict.verdict,
    fails: verdict.fails,
    waived: verdict.waived ?? 0,
    blocking: results[0]!.blocking,
    levels: verdict.findings.map(({ level }) => level),
  };
}

test('what is waived is shown, counted apart, and stops nothing', () => {
  expect(judged([missing('a')], [waiver()])).toEqual({ verdict: 'warn', fails: false, waived: 1, blocking: false, levels: ['notice'] });
});

test('what is left decides', () => {
  expect(judged([missing('a'), missing('b')], [waiver()])).toMatchObject({
    verdict: 'block',
    waived: 1,
    blocking: true,
    levels: ['critical', 'notice'],
  });
  expect(judged([missing('a'), missing('b', 'warning')], [waiver()])).toMatchObject({
    verdict: 'warn',
    fails: false,
    blocking: false,
    levels: ['warning', 'notice'],
  });
});

test.each([
  ['of another gate', { gate: 'artifact-validity' }],
  ['of another artifact', { artifact: 'b' }],
  ['that expired yesterday', { expires: '2026-11-20' }],
  ['of a stranger’s change', { counts: false }],
])('a waiver %s waives nothing', (_, over) => {
  expect(judged([missing('a')], [waiver(over)])).toMatchObject({ verdict: 'block', fails: true, waived: 0 });
});

test('a waiver counts to the end of its day', () => {
  expect(judged([missing('a')], [waiver({ expires: TODAY })])).toMatchObject({ waived: 1 });
});

test('a finding about no artifact goes by what it refers to', () => {
  const fell = finding('coverage_fell', 'coverage.overallCoverage', 'It fell.');
  const own = waiver({ gate: 'coverage-ratchet', artifact: 'coverage.overallCoverage' });
  expect(judged([fell], [own], 'coverage-ratchet')).toMatchObject({ verdict: 'warn', waived: 1 });
});

test('nobody waives the gate that judges waivers', () => {
  expect(judged([missing('a')], [waiver({ gate: 'waivers' })], 'waivers')).toMatchObject({ verdict: 'block' });
});

test('with only-new, what was there before fails no step', () => {
  const results = (state: 'new' | 'known') => [
    result([finding('missing', 'a', 'a is missing.', { artifact: 'a', level: 'critical', state })]),
  ];
  expect(decideVerdict({ results: results('known'), failOn: 'critical', onlyNew: true })).toMatchObject({ verdict: 'block', fails: false });
  expect(decideVerdict({ results: results('new'), failOn: 'critical', onlyNew: true })).toMatchObject({ verdict: 'block', fails: true });
  expect(decideVerdict({ results: results('known'), failOn: 'critical' })).toMatchObject({ fails: true });
});

test('with only-new, a manifest that cannot be read fails the step unless it could not be read before', () => {
  const fault = { code: 'yaml-syntax', severity: 'error', path: '', place: { file: 'm', line: 1 }, message: 'No YAML.' } as const;
  const decide = (state?: 'new' | 'known') =>
    decideVerdict({ results: [], manifest: [fault], failOn: 'critical', onlyNew: true, ...(state && { dated: new Map([[fault, state]]) }) })
      .fails;
  expect([decide(), decide('new'), decide('known')]).toEqual([true, true, false]);
});

import { describe, expect, test } from '@jest/globals';
import { decideVerdict } from '../../src/gatekeeper/decide-verdict.ts';
import type { Evidence, GateResult } from '../../src/gatekeeper/gate.ts';
import type { Fault } from '../../src/manifest/manifest.ts';

const item = (more: Partial<Evidence> = {}): Evidence => ({ type: 'a_type', ref: 'r', description: 'What is so.', finding: true, ...more });
const result = (more: Partial<GateResult> = {}): GateResult => ({
  gate: 'a-gate',
  gateId: 'p-a-gate',
  phase: 'OTHER',
  stage: 'OTHER',
  group: 'gate-1',
  outcome: 'fail',
  severity: 'warning',
  blocking: false,
  reason: 'The reason.',
  nextAction: 'The next step.',
  evidence: [item()],
  taskId: 'p',
  checkedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 0,
  ...more,
});
const fault = (severity: Fault['severity'], line = 3): Fault => ({
  code: 'wrong-type',
  severity,
  path: 'spec',
  place: { file: 'm.yaml', line },
  message: 'A fault.',
  suggestion: 'right',
});
const levels = (results: readonly GateResult[], policy?: ReadonlyMap<string, 'off' | 'warning' | 'error' | 'critical'>) =>
  decideVerdict({ results, failOn: 'critical', ...(policy && { levels: policy }) }).findings.map(({ level }) => level);

describe('levels', () => {
  test.each([
    ['a critical failure', { severity: 'critical' }, ['critical']],
    ['a blocking error', { severity: 'error', blocking: true }, ['critical']],
    ['an error that does not block', { severity: 'error' }, ['error']],
    ['a warning', {}, ['warning']],
    ['a pass with a warning', { outcome: 'pass', severity: 'warning' }, ['warning']],
    ['a pass', { outcome: 'pass', severity: 'info', evidence: [item({ finding: false })] }, []],
    ['advice on a pass', { outcome: 'pass', severity: 'warning', evidence: [item({ finding: false, advice: true })] }, ['notice']],
    ['a crash, which has no evidence', { outcome: 'crashed', severity: 'critical', blocking: true, evidence: [] }, ['critical']],
    ['a failure without evidence', { evidence: [] }, ['warning']],
    ['a failure that only refers to others', { severity: 'critical', evidence: [item({ finding: false })] }, []],
    ['a skipped gate', { outcome: 'skipped', severity: 'info', evidence: [] }, []],
    ['evidence with a level of its own', { severity: 'critical', evidence: [item(), item({ level: 'warning' })] }, ['critical', 'warning']],
  ] satisfies readonly (readonly [string, Partial<GateResult>, readonly string[]])[])('%s', (_title, more, expected) => {
    expect(levels([result(more)])).toEqual(expected);
  });

  test('a policy level replaces that of a failure, not that of a crash', () => {
    const policy = new Map([['a-gate', 'error' as const]]);
    expect(levels([result({ severity: 'critical' })], policy)).toEqual(['error']);
    expect(levels([result({ outcome: 'crashed', severity: 'critical', evidence: [] })], policy)).toEqual(['critical']);
    expect(levels([result()], new Map([['a-gate', 'off' as const]]))).toEqual([]);
  });
});

describe('the verdict', () => {
  test.each([
    ['nothing found', [], [], 'pass', { critical: false, error: false, warning: false }],
    [
      'only a notice',
      [result({ outcome: 'pass', severity: 'warning', evidence: [item({ finding: false, advice: true })] })],
      [],
      'pass',
      { critical: false, error: false, warning: false },
    ],
    ['a warning', [result()], [], 'warn', { critical: false, error: false, warning: true }],
    ['an error', [result({ severity: 'error' })], [], 'warn', { critical: false, error: true, warning: true }],
    ['something critical', [result({ severity: 'critical' })], [], 'block', { critical: true, error: true, warning: true }],
    ['a warning of the manifest', [], [fault('warning')], 'warn', { critical: false, error: false, warning: true }],
    ['a fault of the manifest', [], [fault('error')], 'block', { critical: true, error: true, warning: true }],
  ] as const)('%s', (_title, results, manifest, verdict, fails) => {
    const decided = (failOn: 'critical' | 'error' | 'warning' | 'never') => decideVerdict({ results, manifest, failOn });
    expect(decided('critical').verdict).toBe(verdict);
    expect({ critical: decided('critical').fails, error: decided('error').fails, warning: decided('warning').fails }).toEqual(fails);
    expect(decided('never')).toMatchObject({ fails: false, verdict });
  });
});

test('a finding tells its source, sentence, next step and place', () => {
  const place = { file: 'f', line: 2 };
  const { findings } = decideVerdict({
    results: [result({ evidence: [item({ artifact: 'x', place })] })],
    manifest: [fault('error')],
    policy: [fault('warning')],
    failOn: 'critical',
  });
  expect(findings).toEqual([
    {
      code: 'manifest/wrong-type',
      source: 'manifest',
      level: 'critical',
      message: 'A fault.',
      nextAction: 'Perhaps "right" was meant.',
      place: { file: 'm.yaml', line: 3 },
    },
    {
      code: 'a-gate/a_type',
      source: 'gate',
      gate: 'a-gate',
      level: 'warning',
      message: 'What is so.',
      nextAction: 'The next step.',
      artifact: 'x',
      place,
    },
    {
      code: 'policy/wrong-type',
      source: 'policy',
      level: 'warning',
      message: 'A fault.',
      nextAction: 'Perhaps "right" was meant.',
      place: { file: 'm.yaml', line: 3 },
    },
  ]);
});

test('findings are ranked by level, file and line, those without a place last', () => {
  const at = (file: string, line: number) => item({ ref: `${file}${line}`, description: `${file}:${line}`, place: { file, line } });
  const evidence = [item({ description: 'nowhere' }), at('b', 1), at('a', 20), at('a', 3)];
  const { findings, counts } = decideVerdict({
    results: [result({ evidence }), result({ severity: 'critical', evidence: [at('z', 9)] })],
    failOn: 'never',
  });
  expect(findings.map(({ message }) => message)).toEqual(['z:9', 'a:3', 'a:20', 'b:1', 'nowhere']);
  expect(counts).toEqual({ critical: 1, error: 0, warning: 4, notice: 0 });
});

import { afterAll, describe, expect, test } from '@jest/globals';
import { answerQuestions } from '../../src/gatekeeper/answer-questions.ts';
import { gate1 } from '../../src/gates/index.ts';
import { checkReport } from '../../src/report/check-report.ts';
import { diagnoseReport } from '../../src/report/diagnose-report.ts';
import { checkText } from '../../src/reporters/check-text.ts';
import { diagnoseText } from '../../src/reporters/diagnose-text.ts';
import { type Change, open, removeFolders, run } from '../gates/export-folder.ts';

afterAll(removeFolders);

const AT = new Date('2026-02-03T04:05:06.000Z');

async function check(change: Change = () => {}, options: object = {}) {
  const { subject } = await open({ change, options });
  return checkReport(subject, run(gate1, subject), AT);
}

describe('the report of check', () => {
  test('counts what was judged', async () => {
    expect(await check(() => {}, { traceId: 'abc' })).toMatchObject({
      output_dir: 'out',
      project_id: 'bank-of',
      checked_at: '2026-02-03T04:05:06.000+00:00',
      total_gates: 10,
      passed: 10,
      failed: 0,
      blocking_failures: 0,
      is_healthy: true,
      status: 'healthy',
      warnings: [],
      skipped: [],
      skipped_gates: [{ gate: 'min-coverage', reason_code: 'option_absent' }],
    });
  });

  test('G-13: tells of each gate how grave, what was found, where, and what to do', async () => {
    const { gates } = await check((f) => (f.provenance.outputFiles = ['gone']), { taskId: 'T-1', traceId: 'abc' });
    expect(gates[2]).toEqual({
      gate_id: 'T-1-provenance-consistency',
      phase: 'CONTRACT_INTEGRITY',
      result: 'fail',
      severity: 'error',
      blocking: true,
      reason: expect.stringMatching(/\S/),
      next_action: expect.stringMatching(/"export-tasks export -o out -p \S+\.yaml --emit-provenance"/),
      evidence: [{ type: 'missing_output_file', ref: 'gone', description: expect.stringMatching(/"gone"/) }],
      task_id: 'T-1',
      trace_id: 'abc',
      checked_at: '2026-02-03T04:05:06.000Z',
      locations: [{ evidence: 0, file: 'out/provenance.json', line: 5, column: 3 }],
    });
  });

  test.each([
    [
      'G-25: degraded by a failure that does not block',
      (f) => (f.onboarding.parameter_resolvability['teller-slo'].availability.status = 'unresolved'),
      'degraded',
      true,
    ],
    ['unhealthy by one that blocks', (f) => delete f.onboarding.version, 'unhealthy', false],
  ] satisfies readonly (readonly [string, Change, string, boolean])[])('is %s', async (_title, change, status, isHealthy) => {
    expect(await check(change)).toMatchObject({ status, is_healthy: isHealthy });
  });

  test('lists skipped gates as the reference does, and all of them by code', async () => {
    const report = await check(({ onboarding }) => {
      delete onboarding.service_metadata;
      onboarding.coverage.gaps = [];
    });
    expect(report.skipped).toEqual([expect.stringMatching(/^mapping-completeness: \S/), expect.stringMatching(/^gap-parity: \S/)]);
    expect(report.skipped_gates).toEqual([
      { gate: 'mapping-completeness', reason_code: 'no_gaps' },
      { gate: 'gap-parity', reason_code: 'no_gaps' },
      { gate: 'service-metadata', reason_code: 'input_absent' },
      { gate: 'min-coverage', reason_code: 'option_absent' },
    ]);
  });

  test.each([
    ['none with everything there', 60, () => {}, []],
    ['G-3, D10: of less than half in percent', 49.9, () => {}, [/^Only 49\.9 %/]],
    ['G-24: of nothing, with both numbers', 0, () => {}, [/^None of the 2 .*; 3 are/]],
    ['that nothing is known where nothing is said', 0, (f) => delete f.onboarding.coverage.totalRequired, [/does not say how many/]],
    [
      'of what is missing, in order',
      0,
      (f) => {
        delete f.onboarding.service_metadata;
        delete f.onboarding.artifact_task_mapping;
      },
      [/service_metadata/, /^None/, /artifact_task_mapping/],
    ],
  ] satisfies readonly (readonly [string, number, Change, readonly RegExp[]])[])('warns: %s', async (_title, percent, change, expected) => {
    const { warnings } = await check((f) => {
      f.onboarding.coverage.overallCoverage = percent;
      change(f);
    });
    expect(warnings).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });

  test('is laid out as the reference does', async () => {
    const report = await check(({ onboarding }) => {
      delete onboarding.version;
      delete onboarding.artifact_task_mapping;
    });
    const lines = checkText(report).split('\n');
    expect(lines.slice(0, 13)).toEqual([
      '',
      'Pipeline integrity: UNHEALTHY',
      '  Project:    bank-of',
      '  Directory:  out',
      '  Checked:    2026-02-03T04:05:06.000+00:00',
      '  Gates:      8/9 passed',
      '',
      '  FAIL [BLOCKING]  bank-of-structural-integrity',
      expect.stringMatching(/^ {4}\S/),
      expect.stringMatching(/^ {4}-> \S/),
      expect.stringMatching(/^ {6}\[missing_field\] version: \S/),
      '',
      '  PASS  bank-of-checksum-chain',
    ]);
    expect(lines.slice(-7)).toEqual([
      '  Warnings:',
      expect.stringMatching(/^ {4}- \S/),
      '',
      '  Skipped:',
      expect.stringMatching(/^ {4}- mapping-completeness: \S/),
      '',
      '',
    ]);
  });

  test('shows nothing that a terminal would act on', async () => {
    const report = await check((f) => (f.provenance.outputFiles = ['\u001b[2J\u202egone\n  PASS  forged']));
    const text = checkText(report);
    expect(text).toMatch(/\\u001b\[2J\\u202egone\\n/);
    expect(text).not.toMatch(/[\u001b\u202e]/);
    expect(text).not.toMatch(/^ {2}PASS {2}forged/m);
  });
});

describe('the report of diagnose', () => {
  async function diagnose(change: Change = () => {}) {
    const { subject } = await open({ change });
    return diagnoseReport(subject, answerQuestions(subject, run(gate1, subject)), AT);
  }

  test('has three questions, their counts, and where to start', async () => {
    const report = await diagnose();
    expect(report).toMatchObject({
      export_dir: 'out',
      project_id: 'bank-of',
      checked_at: '2026-02-03T04:05:06.000+00:00',
      all_passed: true,
    });
    expect(
      report.questions.map(({ number, layer, status, checks_passed, checks_total }) => [
        number,
        layer,
        status,
        checks_passed,
        checks_total,
      ]),
    ).toEqual([
      [1, 'Export', 'pass', 14, 14],
      [2, 'Plan Ingestion', 'skipped', 0, 1],
      [3, 'Artisan', 'skipped', 0, 1],
    ]);
    expect(Object.keys(report.questions[0]!.checks[0]!)).toEqual(['name', 'passed', 'detail', 'severity']);
  });

  test('is laid out as the reference does', async () => {
    const lines = diagnoseText(await diagnose(({ onboarding }) => delete onboarding.version)).split('\n');
    expect(lines.slice(0, 12)).toEqual([
      '',
      'Three questions: ISSUE FOUND',
      '  Project:    bank-of',
      '  Directory:  out',
      '  Checked:    2026-02-03T04:05:06.000+00:00',
      '',
      '  Q1. Is the contract complete?  [FAIL]',
      '      Layer: Export',
      '      Checks: 13/14 passed',
      '        [FAIL] structural-integrity',
      expect.stringMatching(/^ {14}\S/),
      '        [ok] checksum-chain',
    ]);
    expect(lines).toContain('  Q3. Was the translated plan faithfully executed?  [----]');
    expect(lines.at(-2)).toMatch(/^>>> START HERE: Q1 \(Export layer\): \S/);
  });

  test('says that all is clear, and what was not asked', async () => {
    const text = diagnoseText(await diagnose());
    expect(text).toMatch(/^Three questions: ALL CLEAR$/m);
    expect(text).toMatch(/ {2}Q2\. .*\[SKIP\]\n {6}Layer: Plan Ingestion\n {6}Checks: 0\/1 passed\n {8}\[WARN\] ingestion-dir-provided\n/);
  });
});

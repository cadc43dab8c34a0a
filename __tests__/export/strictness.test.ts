import { describe, expect, test } from '@jest/globals';
import type { ExportSettings } from '../../src/export/export-input.ts';
import { judgeStrictness, type StrictRules, strictMinimum, strictSettings } from '../../src/export/strictness.ts';
import { type Choices, exportInput, SETTINGS } from './inputs.ts';

const RULES: StrictRules = {
  environment: 'dev',
  thresholds: { dev: 60, prod: 90 },
  scanPathAllowlist: ['grafana/dashboards', 'runbooks', 'src'],
  workspaceAllowed: false,
  pins: {
    manifestApiVersion: 'contextcore.io/v1alpha2',
    onboardingSchema: 'contextcore.io/onboarding-metadata/v1',
    validationSchema: 'contextcore.io/validation-report/v1',
    schemaVersion: '1.0.0',
  },
};
const MAPPING = Object.fromEntries(exportInput().contract.artifacts.map(({ id }, index) => [id, `T-${index}`]));
const GOOD: ExportSettings = { ...SETTINGS, strict: true, taskMapping: 'tasks.json', scanExisting: 'infra/runbooks' };

describe('judgeStrictness', () => {
  test('has nothing against an export that meets every rule', () => {
    expect(codes({})).toEqual([]);
  });

  test.each<[string, Partial<ExportSettings>, readonly string[]]>([
    ['a minimum below the environment’s', { minCoverage: 10 }, ['minimum-too-low']],
    ['a minimum of the environment’s', { minCoverage: 60 }, []],
    ['a scan path that only looks like an allowed one', { scanExisting: 'mysrcfoo' }, ['scan-not-allowed']],
    ['an allowed segment in another case and below', { scanExisting: './lib/SRC/x/' }, []],
    ['segments of an entry that do not follow each other', { scanExisting: 'grafana/x/dashboards' }, ['scan-not-allowed']],
    ['a scan of documentation', { scanExisting: 'src/docs' }, ['scan-docs']],
    ['the workspace, which someone picked', { scanExisting: '.' }, ['scan-not-allowed']],
    ['documentation higher up', { scanExisting: 'docs/runbooks' }, []],
  ])('judges %s', (_, settings, expected) => {
    expect(codes(settings)).toEqual(expected);
  });

  test('tells everything that is wrong at once, in the order of the reference', () => {
    const { taskMapping: _, scanExisting: __, ...bare } = GOOD;
    const refusals = judgeStrictness(
      { ...bare, minCoverage: 1 },
      { ...RULES, pins: { manifestApiVersion: 'v9' } },
      exportInput().contract,
      undefined,
    );
    expect(refusals.map(({ code }) => code)).toEqual(['minimum-too-low', 'task-mapping-missing', 'scan-missing', 'schema-pin']);
  });

  test('wants a task for all that is required or missing, as --verify does, and names those without (E18)', () => {
    const found = new Map(['cart-runbook', 'cart-dashboard'].map((id) => [id, { path: `done/${id}`, rule: '--existing' }]));
    const { contract } = exportInput({ found });
    const { 'cart-dashboard': _required, 'cart-slo': _missing, 'cart-runbook': _exists, ...rest } = MAPPING;
    expect(judgeStrictness(GOOD, RULES, contract, rest)).toEqual([
      {
        code: 'task-mapping-incomplete',
        message: expect.stringContaining('tasks.json has no task for cart-dashboard, cart-slo;'),
      },
    ]);
  });

  test('is not taken in by what every object has', () => {
    expect(strictMinimum({ ...RULES, environment: 'constructor' })).toBe(80);
  });

  test('holds both documents to the pinned schema version, so that only profile full passes', () => {
    const { contract } = exportInput({ profile: 'operator' });
    const [refusal, ...more] = judgeStrictness(GOOD, RULES, contract, MAPPING);
    expect(refusal).toEqual({ code: 'schema-pin', message: expect.stringMatching(/1\.0\.0.*profile operator is 1\.1\.0/) });
    expect(more).toEqual([]);
    expect(judgeStrictness(GOOD, { ...RULES, pins: { ...RULES.pins, schemaVersion: '' } }, contract, MAPPING)).toEqual([]);
  });
});

describe('strictSettings', () => {
  test('asks for the environment’s minimum and forces provenance, and says what it forced', () => {
    const { settings, forced } = strictSettings({ ...GOOD, emitProvenance: false }, { ...RULES, environment: 'prod' });
    expect(settings).toMatchObject({ minCoverage: 90, emitProvenance: true, embedProvenance: true, emitRunProvenance: true });
    expect(forced).toEqual(['emitProvenance', 'embedProvenance']);
  });

  test('leaves a minimum that was given', () => {
    expect(strictSettings({ ...GOOD, minCoverage: 95 }, RULES).settings.minCoverage).toBe(95);
  });
});

function codes(settings: Choices['settings'] & object): readonly string[] {
  return judgeStrictness({ ...GOOD, ...settings }, RULES, exportInput().contract, MAPPING).map(({ code }) => code);
}

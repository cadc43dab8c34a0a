import { afterAll, describe, expect, test } from '@jest/globals';
import { answerQuestions, startHere } from '../../src/gatekeeper/answer-questions.ts';
import { decideVerdict } from '../../src/gatekeeper/decide-verdict.ts';
import { gate1, questions } from '../../src/gates/index.ts';
import { artifactManifest, type Change, type ExportFolder, type Loose, open, removeFolders, run, told } from './export-folder.ts';

afterAll(removeFolders);

const BOTH = { ingestionDir: 'ingestion', artisanDir: 'artisan' };

/** Directories in which both later questions pass. */
const complete: Change = ({ more }) => {
  more['ingestion/plan-ingestion-result.json'] = {
    features: ['teller-dashboard', 'teller-slo', 'vault-runbook'].map((id) => ({ id })),
    complexity_score: 55,
    route: 'artisan',
  };
  more['ingestion/features.json'] = [];
  more['artisan/design-handoff.json'] = { schema_version: '1.0', enriched_seed_path: 'out/onboarding-metadata.json' };
  for (const path of ['dash/teller.json', 'slo/teller.yaml', 'runbooks/vault.md']) more[`artisan/${path}`] = 'made';
  more['artisan/finalize-report.json'] = { tasks_total: 3, tasks_succeeded: 3, tasks_failed: 0 };
};

async function answers(change: Change = () => {}, options: object = BOTH, base: Change = complete) {
  const { subject } = await open({
    change: (folder) => {
      base(folder);
      change(folder);
    },
    options,
  });
  return answerQuestions(subject, run(gate1, subject));
}

async function checks(number: 1 | 2 | 3, change: Change): Promise<{ status: string; told: readonly string[] }> {
  const answer = (await answers(change))[number - 1]!;
  return { status: answer.status, told: answer.checks.map((check) => `${check.name}:${check.passed ? 'ok' : check.severity}`) };
}

const statuses = async (...args: Parameters<typeof answers>) => (await answers(...args)).map((answer) => answer.status);

describe('the order of the questions', () => {
  test('all three pass on a complete pipeline', async () => {
    const all = await answers();
    expect(all.map((answer) => answer.status)).toEqual(['pass', 'pass', 'pass']);
    expect(startHere(all)).toMatch(/All clear/);
  });

  test('G-4: a question that is skipped is no failure', async () => {
    const all = await answers(() => {}, {});
    expect(all.map((answer) => answer.status)).toEqual(['pass', 'skipped', 'skipped']);
    expect(startHere(all)).toMatch(/Plan Ingestion and Artisan.*--ingestion-dir.*--artisan-dir/);
  });

  test('a failed question keeps the later ones from being reached', async () => {
    const all = await answers(({ onboarding }) => delete onboarding.version);
    expect(all.map((answer) => answer.status)).toEqual(['fail', 'not_reached', 'not_reached']);
    expect(all[1]).toMatchObject({ checks: [], recommendation: '' });
    expect(startHere(all)).toMatch(/^Q1 \(Export layer\): \S/);
  });

  test('a skipped second question does not stop the third', async () => {
    expect(await statuses(() => {}, { artisanDir: 'artisan' })).toEqual(['pass', 'skipped', 'pass']);
  });

  test('a directory that is not there fails its question', async () => {
    expect(await statuses(() => {}, { ingestionDir: 'nowhere', artisanDir: 'artisan' })).toEqual(['pass', 'fail', 'not_reached']);
  });
});

describe('question 1', () => {
  test('G-17: names the checks by the gate, whatever the project is called', async () => {
    const [first] = await answers();
    expect(first!.checks.slice(0, 3).map((check) => [check.name, check.gate])).toEqual([
      ['structural-integrity', 'structural-integrity'],
      ['checksum-chain', 'checksum-chain'],
      ['provenance-consistency', 'provenance-consistency'],
    ]);
  });

  test.each([
    ['fails when nothing is required', (f) => (f.onboarding.coverage.totalRequired = 0), 'fail', 'artifact-manifest-populated:error'],
    [
      'passes when a profile keeps nothing that is required',
      (f) => {
        f.onboarding.generation_profile = 'source';
        f.onboarding.coverage.totalRequired = 0;
        f.artifactManifest = artifactManifest().replaceAll('priority: required', 'priority: optional');
      },
      'pass',
      'artifact-manifest-populated:ok',
    ],
    ['warns of empty rules', (f) => (f.onboarding.derivation_rules.runbook = []), 'pass', 'derivation-rules-populated:warning'],
    ['remarks on absent rules', (f) => delete f.onboarding.derivation_rules, 'pass', 'derivation-rules-present:ok'],
    [
      'warns of a type without parameters',
      (f) => delete f.onboarding.parameter_schema.runbook,
      'pass',
      'parameter-schema-complete:warning',
    ],
    ['remarks that nothing exists', () => {}, 'pass', 'existing-artifact-scan:ok'],
    ['G-9: does not pass on null gaps', (f) => (f.onboarding.coverage.gaps = null), 'fail', 'gap-parity:error'],
  ] satisfies readonly (readonly [string, Change, string, string])[])('%s', async (_title, change, status, check) => {
    const answer = await checks(1, change);
    expect(answer.status).toBe(status);
    expect(answer.told).toContain(check);
  });
});

const result = (f: ExportFolder): Loose => f.more['ingestion/plan-ingestion-result.json'];
describe('question 2', () => {
  test.each([
    ['fails on a gap that became no feature', (f) => result(f).features.pop(), 'fail', 'parse-coverage:error'],
    ['G-5: fails on an empty list of features', (f) => (result(f).features = []), 'fail', 'parse-coverage:error'],
    [
      'G-5: an empty list hides a nested one',
      (f) => Object.assign(result(f), { parsed_features: result(f).features, features: [] }),
      'fail',
      'parse-coverage:error',
    ],
    ['G-5: fails without a list of features', (f) => delete result(f).features, 'fail', 'parse-coverage:error'],
    ['G-5: tells features that are no gap', (f) => result(f).features.push({ id: 'extra' }), 'pass', 'parse-orphan-features:warning'],
    [
      'reads parsed_features and artifact_id',
      (f) =>
        (f.more['ingestion/plan-ingestion-result.json'] = {
          parsed_features: result(f).features.map(({ id }: { id: string }) => ({ artifact_id: id })),
        }),
      'pass',
      'parse-coverage:ok',
    ],
    ['D17: does not take a text for features', (f) => (result(f).features = 'teller-slo'), 'fail', 'parse-coverage:error'],
    ['fails on a score above 100', (f) => (result(f).complexity_score = 101), 'fail', 'assess-complexity-score:error'],
    [
      'takes 0 for a score',
      (f) => Object.assign(result(f), { complexity_score: 0, route: 'PRIME-contractor' }),
      'pass',
      'transform-routing:ok',
    ],
    [
      'takes prime for prime_contractor',
      (f) => Object.assign(result(f), { complexity_score: 40, route: 'prime' }),
      'pass',
      'transform-routing:ok',
    ],
    ['warns of the wrong route', (f) => (result(f).complexity_score = 40), 'pass', 'transform-routing:warning'],
    ['G-10: fails on a score that is no number', (f) => (result(f).complexity_score = '55'), 'fail', 'assess-complexity-score:error'],
    [
      'G-10: fails on assess that is no object',
      (f) => Object.assign(result(f), { complexity_score: undefined, assess: null }),
      'fail',
      'assess-complexity-score:error',
    ],
    [
      'G-10: fails on a result that is a list',
      (f) => (f.more['ingestion/plan-ingestion-result.json'] = [1]),
      'fail',
      'ingestion-result-files:error',
    ],
    [
      'fails on a result that is no JSON',
      (f) => (f.more['ingestion/plan-ingestion-result.json'] = '{'),
      'fail',
      'ingestion-result-files:error',
    ],
    [
      'G-5: fails on a directory without results',
      (f) => delete f.more['ingestion/plan-ingestion-result.json'],
      'fail',
      'ingestion-result-files:error',
    ],
    [
      'G-10: a directory that is named like a result is none',
      (f) => {
        delete f.more['ingestion/plan-ingestion-result.json'];
        f.more['ingestion/a-result.json/x'] = 'x';
      },
      'fail',
      'ingestion-result-files:error',
    ],
    [
      'warns of some inventory roles',
      (f) => (f.more['ingestion/run-provenance.json'] = { version: '2.0.0', artifact_inventory: [{ role: 'plan_document' }] }),
      'pass',
      'ingestion-inventory-roles:warning',
    ],
    [
      'confirms all inventory roles',
      (f) =>
        (f.more['ingestion/run-provenance.json'] = {
          version: '2.0.0',
          artifact_inventory: ['plan_document', 'refine_suggestions', 'design_calibration'].map((role) => ({ role })),
        }),
      'pass',
      'ingestion-inventory-roles:ok',
    ],
    ['tells that a preflight ran', (f) => (f.more['ingestion/preflight.json'] = {}), 'pass', 'preflight-validation-ran:ok'],
    ['tells that a review ran', (f) => (f.more['ingestion/refine-1.json'] = {}), 'pass', 'architectural-review-ran:ok'],
  ] satisfies readonly (readonly [string, Change, string, string])[])('%s', async (_title, change, status, check) => {
    const answer = await checks(2, change);
    expect(answer.told).toContain(check);
    expect(answer.status).toBe(status);
  });

  test('G-23, D12: takes results by name, the first that holds what a result holds', async () => {
    const answer = await checks(2, (f) => {
      f.more['ingestion/a-result.json'] = { note: 'no result' };
      f.more['ingestion/b-result.json'] = { features: [{ id: 'teller-slo' }] };
    });
    expect(answer.told).toContain('parse-coverage:error');
  });

  test('G-23: counts a file that fits two patterns once', async () => {
    const [, second] = await answers();
    expect(second!.checks.find((check) => check.name === 'ingestion-result-files')!.detail).toMatch(/^1 result file/);
  });

  test('G-10: a null score hides a nested one, and no route is asked', async () => {
    const answer = await checks(2, (f) => Object.assign(result(f), { complexity_score: null, assess: { score: 101 } }));
    expect(answer.told.filter((check) => /score|routing/.test(check))).toEqual([]);
  });
});

const report = (f: ExportFolder): Loose => f.more['artisan/finalize-report.json'];
const setReport =
  (value: unknown): Change =>
  (f) =>
    (f.more['artisan/finalize-report.json'] = value);
describe('question 3', () => {
  test.each([
    [
      'G-6: fails on an empty directory',
      (f) => {
        for (const path of Object.keys(f.more)) if (path.startsWith('artisan/')) delete f.more[path];
        f.more['artisan/.gitkeep'] = '';
      },
      'fail',
      'finalize-report-exists:error',
    ],
    ['G-6: fails when not all succeeded', (f) => (report(f).tasks_succeeded = 2), 'fail', 'finalize-all-tasks-succeeded:error'],
    ['fails when some failed', (f) => (report(f).tasks_failed = 1), 'fail', 'finalize-all-tasks-succeeded:error'],
    ['fails when none succeeded', setReport({ tasks_failed: 0 }), 'fail', 'finalize-all-tasks-succeeded:error'],
    ['fails when it is not said of how many', setReport({ succeeded: 3 }), 'fail', 'finalize-all-tasks-succeeded:error'],
    ['G-6: takes a status word', setReport({ status: 'Completed' }), 'pass', 'finalize-all-tasks-succeeded:ok'],
    ['does not take any status word', setReport({ status: 'failed' }), 'fail', 'finalize-all-tasks-succeeded:error'],
    ['D17: does not take true for a number', setReport({ total: true, succeeded: true }), 'fail', 'finalize-all-tasks-succeeded:error'],
    ['fails on a report that is no JSON', setReport('oops'), 'fail', 'finalize-report-valid:error'],
    ['G-10: fails on a report that is a list', setReport([1]), 'fail', 'finalize-report-valid:error'],
    [
      'G-23: does not take a configuration for the report',
      (f) => (f.more['artisan/finalize-config.json'] = {}),
      'pass',
      'finalize-all-tasks-succeeded:ok',
    ],
    ['fails when a file of the plan is missing', (f) => delete f.more['artisan/slo/teller.yaml'], 'fail', 'implement-output-files:error'],
    [
      'does not ask for files of what exists',
      (f) => {
        delete f.more['artisan/slo/teller.yaml'];
        f.artifactManifest = artifactManifest({ 'teller-slo': 'exists' });
        f.onboarding.coverage.gaps = ['teller-dashboard', 'vault-runbook'];
      },
      'pass',
      'implement-output-files:ok',
    ],
    [
      'warns of a design made from something else',
      (f) => (f.more['artisan/design-handoff.json'].enriched_seed_path = 'elsewhere/seed.json'),
      'pass',
      'design-uses-current-export:warning',
    ],
    [
      'D16: does not find the export inside a word',
      (f) => (f.more['artisan/design-handoff.json'].enriched_seed_path = 'layout/seed.json'),
      'pass',
      'design-uses-current-export:warning',
    ],
    [
      'G-23: does not take redesign notes for the hand-off',
      (f) => (f.more['artisan/a-redesign.json'] = { note: 1 }),
      'pass',
      'design-uses-current-export:ok',
    ],
    ['tells a hand-off that is no JSON', (f) => (f.more['artisan/design-handoff.json'] = '{'), 'pass', 'design-handoff-valid:warning'],
    ['warns without a hand-off', (f) => delete f.more['artisan/design-handoff.json'], 'pass', 'design-handoff-exists:warning'],
    ['tells that tests ran', (f) => (f.more['artisan/test-results.json'] = {}), 'pass', 'test-results-exist:ok'],
    ['tells what did not run', () => {}, 'pass', 'health-check-ran:info'],
  ] satisfies readonly (readonly [string, Change, string, string])[])('%s', async (_title, change, status, check) => {
    const answer = await checks(3, change);
    expect(answer.told).toContain(check);
    expect(answer.status).toBe(status);
  });
});

describe('the questions as gates', () => {
  async function verdict(change: Change, options: object = BOTH) {
    const { subject } = await open({
      change: (folder) => {
        complete(folder);
        change(folder);
      },
      options,
    });
    const results = run([...gate1, ...questions], subject);
    return { results: results.slice(-3), findings: decideVerdict({ results, failOn: 'critical' }).findings };
  }

  test('refer to what Gate 1 answered and do not count it again', async () => {
    const { results, findings } = await verdict(({ onboarding }) => delete onboarding.version);
    expect(told(results[0]!)).toEqual(['gate_failed:structural-integrity']);
    expect(results.map(({ outcome, skipCode }) => skipCode ?? outcome)).toEqual(['fail', 'not_reached', 'not_reached']);
    expect(findings.map(({ code }) => code)).toEqual(['structural-integrity/missing_field']);
  });

  test('make a failed error check critical, with its place', async () => {
    const { results, findings } = await verdict((f) => result(f).features.pop());
    expect(results[1]).toMatchObject({ outcome: 'fail', severity: 'critical', blocking: true });
    expect(findings.filter(({ level }) => level === 'critical')).toMatchObject([
      { code: 'question-2/parse-coverage', place: { file: 'ingestion/plan-ingestion-result.json', line: 2 } },
    ]);
  });

  test('make a failed warning check a warning', async () => {
    const { results, findings } = await verdict((f) => delete f.more['ingestion/features.json']);
    expect(results[1]).toMatchObject({ outcome: 'pass', severity: 'warning', blocking: false });
    expect(findings).toMatchObject([{ code: 'question-2/features-extracted', level: 'warning' }]);
  });

  test('are neither when they were not asked', async () => {
    const { results, findings } = await verdict(() => {}, {});
    expect(results.map(({ outcome }) => outcome)).toEqual(['pass', 'skipped', 'skipped']);
    expect(findings).toEqual([]);
  });
});

import { describe, expect, test } from '@jest/globals';
import { DEFAULT_POLICY, type KnownNames, type Policy, parsePolicy } from '../../src/manifest/policy.ts';
import { codes } from './samples.ts';

const FILE = '.contextcore-quality.yaml';
const parse = (text: string, known?: KnownNames) => parsePolicy(new TextEncoder().encode(text), FILE, known);

function policyOf(text: string): Policy {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(parsed.faults[0]?.message);
  return parsed.policy;
}

function faultsOf(text: string, known?: KnownNames) {
  const parsed = parse(text, known);
  return parsed.ok ? [] : parsed.faults;
}

describe('a quality policy', () => {
  test.each(['', '# nothing yet\n', '{}\n'])('of %j is the default, which leaves strict quality open', (text) => {
    expect(policyOf(text)).toEqual(DEFAULT_POLICY);
    expect('strictQualityDefault' in policyOf(text)).toBe(false);
    expect(policyOf(text).forbidNoStrictQualityInCi).toBe(false);
  });

  test('with every key is read', () => {
    const policy = policyOf(`
strict_quality_default: true
deterministic_output_default: false
emit_quality_report_default: false
emit_run_provenance_default: false
document_write_strategy_default: new_output
forbid_no_strict_quality_in_ci: true
ci_bootstrap_env_var: BOOT
coverage_thresholds_by_env: {dev: 70, qa: "75.5%"}
default_environment: qa
scan_path_allowlist: [artifacts]
schema_pins: {schema_version: "1.1.0", onboarding_schema: null, validation_schema: ''}
gates: {design-calibration: off, parameter-resolvability: warning}
waivers:
  - {gate: required-artifacts, artifact: a-runbook, reason: later, owner: core, expires: 2026-12-31}
artifacts:
  - {type: dashboard, path: 'monitoring/**/{target}.json'}
  - {type: dashboard, path: dash/ledger.json, target: ledger}
  - {type: prometheus_rule, path: 'rules/*.yaml', match: {label: service}}
  - {type: dashboard, path: 'dash/all.yaml', match: {name: '{target}-overview'}}
custom-gates:
  - {name: owners-named, level: error, expr: 'manifest.metadata.owners.size() > 0', message: Name an owner.}
coverage-policy: absolute
min-coverage: 80%
`);
    expect(policy).toEqual({
      strictQualityDefault: true,
      deterministicOutputDefault: false,
      emitQualityReportDefault: false,
      emitRunProvenanceDefault: false,
      documentWriteStrategyDefault: 'new_output',
      forbidNoStrictQualityInCi: true,
      ciBootstrapEnvVar: 'BOOT',
      coverageThresholdsByEnv: new Map([
        ['dev', 70],
        ['staging', 80],
        ['prod', 90],
        ['qa', 75.5],
      ]),
      defaultEnvironment: 'qa',
      scanPathAllowlist: ['artifacts'],
      schemaPins: { manifestApiVersion: 'contextcore.io/v1alpha2', schemaVersion: '1.1.0' },
      gates: new Map([
        ['design-calibration', 'off'],
        ['parameter-resolvability', 'warning'],
      ]),
      waivers: [
        {
          gate: 'required-artifacts',
          artifact: 'a-runbook',
          reason: 'later',
          owner: 'core',
          expires: '2026-12-31',
          place: expect.objectContaining({ file: FILE, line: 15 }),
        },
      ],
      artifacts: [
        { type: 'dashboard', path: 'monitoring/**/{target}.json', place: expect.objectContaining({ line: 17 }) },
        { type: 'dashboard', path: 'dash/ledger.json', target: 'ledger', place: expect.objectContaining({ line: 18 }) },
        { type: 'prometheus_rule', path: 'rules/*.yaml', match: { label: 'service' }, place: expect.objectContaining({ line: 19 }) },
        { type: 'dashboard', path: 'dash/all.yaml', match: { name: '{target}-overview' }, place: expect.objectContaining({ line: 20 }) },
      ],
      customGates: [
        {
          name: 'owners-named',
          level: 'error',
          expr: 'manifest.metadata.owners.size() > 0',
          message: 'Name an owner.',
          place: expect.objectContaining({ line: 22 }),
        },
      ],
      coveragePolicy: 'absolute',
      minCoverage: 80,
    });
  });

  test.each([
    ['80', 80],
    ['"80%"', 80],
    ['0.5%', 0.5],
    ['0', 0],
    ['1', 1],
    ['100', 100],
  ])('takes min-coverage %s as %d percent', (written, percent) => {
    expect(policyOf(`min-coverage: ${written}`).minCoverage).toBe(percent);
  });

  test.each([
    ['min_coverage: 80', 'unknown-key min_coverage', 'min-coverage'],
    ['strict_quality_defualt: true', 'unknown-key strict_quality_defualt', 'strict_quality_default'],
    ['artifacts: [{type: dashboard, path: x, match: {}}]', 'conflicting-keys artifacts.0.match', undefined],
    ['artifacts: [{type: dashboard, path: x, match: {label: a, annotation: b}}]', 'conflicting-keys artifacts.0.match', undefined],
    ['artifacts: [{type: dashboard, path: x, match: {name: alerts}}]', 'wrong-format artifacts.0.match.name', undefined],
    ['custom-gates: [{name: No Dashes, level: error, expr: x, message: y}]', 'wrong-format custom-gates.0.name', undefined],
    ['custom-gates: [{name: a, level: fatal, expr: x, message: y}]', 'unknown-value custom-gates.0.level', undefined],
    ['custom-gates: [{name: a, level: error, expr: "", message: y}]', 'blank-name custom-gates.0.expr', undefined],
    ['schema_pins: {schema: "1"}', 'unknown-key schema_pins.schema', undefined],
    ['waivers: [{gate: g, artifact: a, reason: r, owner: o, expires: 2026-01-01, until: x}]', 'unknown-key waivers.0.until', undefined],
    ['strict_quality_default: "false"', 'wrong-type strict_quality_default', undefined],
    ['strict_quality_default: yes', 'wrong-type strict_quality_default', undefined],
    ['deterministic_output_default: null', 'wrong-type deterministic_output_default', undefined],
    ['scan_path_allowlist: null', 'wrong-type scan_path_allowlist', undefined],
    ['scan_path_allowlist: src', 'wrong-type scan_path_allowlist', '[src]'],
    ['scan_path_allowlist: [""]', 'blank-name scan_path_allowlist.0', undefined],
    ['document_write_strategy_default: new', 'unknown-value document_write_strategy_default', undefined],
    ['schema_pins: {schema_version: 1.0}', 'wrong-type schema_pins.schema_version', '"1.0"'],
    ['gates: {a: warn}', 'unknown-value gates.a', undefined],
    ['gates: {a: eror}', 'unknown-value gates.a', 'error'],
    ['gates: [a]', 'wrong-type gates', undefined],
    ['coverage-policy: ratched', 'unknown-value coverage-policy', 'ratchet'],
    ['min-coverage: 0.8', 'out-of-range min-coverage', '80%'],
    ['min-coverage: 101', 'out-of-range min-coverage', undefined],
    ['min-coverage: -1', 'out-of-range min-coverage', undefined],
    ['min-coverage: most', 'wrong-format min-coverage', undefined],
    ['coverage_thresholds_by_env: {dev: true}', 'wrong-type coverage_thresholds_by_env.dev', undefined],
    ['waivers: [{artifact: a, reason: r, owner: o, expires: 2026-01-01}]', 'missing-field waivers.0.gate', undefined],
    ['waivers: [{gate: g, artifact: a, reason: " ", owner: o, expires: 2026-01-01}]', 'blank-name waivers.0.reason', undefined],
    ['waivers: [{gate: g, artifact: a, reason: r, owner: o, expires: 2026-02-30}]', 'wrong-format waivers.0.expires', undefined],
    ['waivers: [{gate: g, artifact: a, reason: r, owner: o, expires: soon}]', 'wrong-format waivers.0.expires', undefined],
    ['artifacts: [{type: dashboard}]', 'missing-field artifacts.0.path', undefined],
    ['artifacts: [{type: dashboard, path: /etc/passwd}]', 'wrong-format artifacts.0.path', undefined],
    ['artifacts: [{type: dashboard, path: a/../../b}]', 'wrong-format artifacts.0.path', undefined],
    ['artifacts: [{type: dashboard, path: C:/x}]', 'wrong-format artifacts.0.path', undefined],
    ['artifacts: [{type: dashboard, path: "a\\\\b"}]', 'wrong-format artifacts.0.path', undefined],
    ['artifacts: [{type: dashboard, path: "{service}.json"}]', 'wrong-format artifacts.0.path', undefined],
    ['artifacts: [{type: dashboard, path: "{target}.json", target: a}]', 'conflicting-keys artifacts.0', undefined],
    ['- a', 'not-a-mapping ', undefined],
    ['gates: {a: off, a: error}', 'duplicate-key gates.a', undefined],
  ])('%s is a fault', (text, code, suggestion) => {
    const faults = faultsOf(text);
    expect(codes(faults)).toEqual([code]);
    expect(faults[0]?.suggestion).toBe(suggestion);
    expect(faults[0]?.message).not.toContain('Invalid input');
    expect([faults[0]?.place.file, faults[0]?.place.line]).toEqual([FILE, 1]);
  });

  test('that is no YAML is a fault', () => {
    expect(faultsOf('gates: {').map((fault) => fault.code)).toEqual(['yaml-syntax']);
  });

  test('names of gates and types are checked where they are known', () => {
    const text =
      'gates: {design-calibraton: off}\nwaivers: [{gate: x, artifact: a, reason: r, owner: o, expires: 2026-01-01}]\nartifacts: [{type: dashbord, path: p}]\n';
    expect(faultsOf(text)).toEqual([]);
    const faults = faultsOf(text, { gates: ['design-calibration'], artifactTypes: ['dashboard'] });
    expect(codes(faults)).toEqual(['unknown-name gates.design-calibraton', 'unknown-name waivers.0.gate', 'unknown-name artifacts.0.type']);
    expect(faults.map((fault) => fault.suggestion)).toEqual(['design-calibration', undefined, 'dashboard']);
  });

  test('finds the line of a key', () => {
    const parsed = parse('gates:\n  a: off\n');
    expect(parsed.ok && parsed.locate('gates.a').line).toBe(2);
  });
});

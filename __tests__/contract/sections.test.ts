import { describe, expect, test } from '@jest/globals';
import { artifactTypes } from '../../src/artifacts/index.ts';
import { type Contract, PROFILES, type Profile } from '../../src/contract/contract.ts';
import { onboardingSchemaVersion } from '../../src/contract/profiles.ts';
import {
  artifactDependencyGraph,
  artifactTypesSection,
  capabilityContext,
  coverageSection,
  coverageSummary,
  derivationRules,
  designCalibrationHints,
  designPrinciples,
  expectedOutputContracts,
  fileOwnership,
  outputPathConventions,
  parameterResolvability,
  parameterSchema,
  readCapabilityIndex,
  requirementsHints,
  resolvedArtifactParameters,
  securityContract,
  semanticConventions,
} from '../../src/contract/sections.ts';
import { CHECKOUT, contractOf } from './manifests.ts';

const MINIMAL = contractOf();

describe('what is said of types', () => {
  test('the conventions and parameter keys of all types, in shelf order', () => {
    const names = artifactTypes.map(({ type }) => type);
    expect(Object.keys(outputPathConventions(artifactTypes))).toEqual(names);
    expect(Object.keys(parameterSchema(artifactTypes))).toEqual(names);
    expect(Object.keys(outputPathConventions(artifactTypes)['dashboard'] ?? {})).toEqual([
      'output_ext',
      'output_path',
      'description',
      'schema_url',
    ]);
    expect(parameterSchema(artifactTypes)['slo_definition']).toEqual(['availability', 'latencyP99', 'errorBudget', 'throughput']);
  });

  test('more of those that occur, in order of first appearance', () => {
    const section = artifactTypesSection(MINIMAL, artifactTypes);
    expect(Object.keys(section)).toEqual(MINIMAL.artifacts.map(({ type }) => type));
    expect(Object.keys(section['loki_rule'] ?? {})).toEqual([
      'output_ext',
      'output_path',
      'description',
      'schema_url',
      'parameter_keys',
      'parameter_sources',
      'example_output_path',
      'example_snippet',
    ]);
    expect(section['capability_index']).toMatchObject({ parameter_sources: { index_dir: 'docs/capability-index/' } });
  });

  test('an output contract with its fields last', () => {
    const contracts = expectedOutputContracts(MINIMAL, artifactTypes);
    expect(Object.keys(contracts?.['runbook'] ?? {})).toEqual([
      'expected_depth',
      'max_lines',
      'max_tokens',
      'completeness_markers',
      'red_flag',
      'edit_min_pct',
      'fields',
    ]);
  });
});

test('coverage has the gaps only where consumers of the onboarding metadata read them', () => {
  expect(Object.keys(coverageSummary(MINIMAL.coverage))).toEqual([
    'totalRequired',
    'totalExisting',
    'totalOutdated',
    'overallCoverage',
    'byTarget',
    'byType',
  ]);
  expect(Object.keys(coverageSection(MINIMAL.coverage)).slice(-2)).toEqual(['gaps', 'requiredGaps']);
});

describe('what a profile leaves out is absent', () => {
  const sections: Readonly<Record<string, (contract: Contract) => unknown>> = {
    derivation_rules: derivationRules,
    artifact_dependency_graph: artifactDependencyGraph,
    parameter_resolvability: (contract) => parameterResolvability(contract, artifactTypes),
    expected_output_contracts: (contract) => expectedOutputContracts(contract, artifactTypes),
    design_calibration_hints: (contract) => designCalibrationHints(contract, artifactTypes, undefined),
  };
  const expected: Readonly<Record<Profile, readonly string[]>> = {
    source: [],
    monitoring: Object.keys(sections),
    operator: Object.keys(sections),
    sponsor: ['expected_output_contracts', 'design_calibration_hints'],
    practitioner: ['expected_output_contracts', 'design_calibration_hints'],
    observability: Object.keys(sections),
    full: Object.keys(sections),
  };

  test.each([...PROFILES])('%s', (profile) => {
    const contract = contractOf(CHECKOUT, { profile });
    const present = Object.keys(sections).filter((name) => sections[name]?.(contract) !== undefined);
    expect(present).toEqual(expected[profile]);
    expect(onboardingSchemaVersion(profile)).toBe(profile === 'full' ? '1.0.0' : '1.1.0');
  });
});

describe('derivation rules', () => {
  test('list what artifacts of a type share once, and what differs each', () => {
    const rules = derivationRules(contractOf(CHECKOUT));
    expect(rules?.['slo_definition']).toHaveLength(2);
    expect(rules?.['loki_rule']).toMatchObject([
      { transformation: '{job="cart_db"}' },
      { transformation: 'otel' },
      { transformation: '{job="checkout-api"}' },
    ]);
  });
});

test('the dependency graph has those that depend on something', () => {
  expect(artifactDependencyGraph(MINIMAL)).toEqual({
    'svc-notification': ['svc-prometheus-rules'],
    'svc-prometheus-rules': ['svc-service-monitor'],
    'svc-runbook': ['svc-prometheus-rules', 'svc-notification'],
    'svc-slo': ['svc-service-monitor'],
  });
});

describe('parameter resolvability', () => {
  test('tells stated from assumed from missing', () => {
    const { parameters, summary } = parameterResolvability(MINIMAL, artifactTypes) ?? {};
    expect(summary).toEqual({ resolved: 14, unresolved: 5, total: 26, defaulted: 7 });
    expect(parameters?.['svc-prometheus-rules']).toMatchObject({
      alertSeverity: { status: 'resolved', source_path: 'manifest.spec.business.criticality (→ severity map)' },
      availabilityThreshold: { status: 'defaulted', source_path: 'manifest.spec.requirements.availability' },
      throughput: { status: 'unresolved', reason_code: 'value_not_materialized', source_path: 'manifest.spec.requirements.throughput' },
    });
  });

  test('finds one of fifty missing in the full manifest', () => {
    const { parameters, summary } = parameterResolvability(contractOf(CHECKOUT), artifactTypes) ?? {};
    expect(summary).toEqual({ resolved: 49, unresolved: 1, total: 50, defaulted: 0 });
    expect(parameters?.['cart_db-service-monitor']).toMatchObject({ namespace: { status: 'unresolved' } });
  });

  test('resolved parameters leave out nulls, except inside a value', () => {
    const parameters = resolvedArtifactParameters(contractOf({ ...CHECKOUT, requirements: {} }));
    expect(parameters?.['cart_db-service-monitor']).toEqual({ metricsInterval: '15s' });
    expect(parameters?.['cart_db-dashboard']).toMatchObject({ risks: [{}, { type: 'data-integrity', description: null, priority: null }] });
  });
});

describe('requirement hints', () => {
  const derivedIds = (profile: Profile) =>
    requirementsHints(contractOf(CHECKOUT, { profile }), artifactTypes)
      .map(({ id }) => String(id))
      .filter((id) => !id.startsWith('REQ-CDP'));

  test('are those of the manifest, then thirteen of the pipeline in their order', () => {
    const hints = requirementsHints(MINIMAL, artifactTypes);
    expect(hints.map(({ id }) => id)).toEqual([
      'REQ-AVAILABILITY',
      'REQ-ERRORBUDGET',
      ...[1, 2, 3, 4, 5, 6, 7].map((number) => `REQ-CDP-OBS-00${number}`),
      ...[1, 2, 3, 4].map((number) => `REQ-CDP-ONB-00${number}`),
      ...[1, 2].map((number) => `REQ-CDP-INT-00${number}`),
    ]);
    expect(hints[0]).toEqual({
      id: 'REQ-AVAILABILITY',
      labels: ['nfr', 'contextcore-export'],
      priority: 'medium',
      acceptance_anchors: ['spec.requirements.availability'],
    });
    expect(hints[2]).toMatchObject({ satisfied_by_artifact: 'slo_definition', priority: 'P1' });
  });

  test('of the manifest come only from what a profile keeps', () => {
    expect(derivedIds('source')).toEqual([]);
    expect(derivedIds('monitoring')).toEqual(['REQ-AVAILABILITY']);
    expect(derivedIds('sponsor')).toEqual(['REQ-AVAILABILITY', 'REQ-ERRORBUDGET']);
  });
});

describe('file ownership', () => {
  test('names the file, the artifact and its tasks as mapped', () => {
    const ownership = fileOwnership(MINIMAL, artifactTypes, { 'svc-dashboard': 'T-1', 'svc-slo': null, other: 'T-9' });
    expect(ownership?.['grafana/dashboards/svc-dashboard.json']).toEqual({
      artifact_ids: ['svc-dashboard'],
      artifact_types: ['dashboard'],
      scope: 'primary',
      task_ids: ['T-1'],
    });
    expect(ownership?.['slo/svc-slo.yaml']).toMatchObject({ task_ids: [] });
  });

  test('takes a name with replacement patterns as it is', () => {
    const ownership = fileOwnership(contractOf({ targets: [{ kind: 'Deployment', name: 'a$&b' }] }), artifactTypes);
    expect(Object.keys(ownership ?? {})).toContain('slo/a$&b-slo.yaml');
  });

  test('survives a mapping that inherits nothing', () => {
    expect(fileOwnership(MINIMAL, artifactTypes, {})?.['slo/svc-slo.yaml']).toMatchObject({ task_ids: [] });
  });
});

describe('calibration hints', () => {
  test('follow the types, then image and client of each service', () => {
    const services = { a: { transport_protocol: 'grpc' }, b: { transport_protocol: 'amqp' }, c: {}, d: 'no object' };
    const hints = designCalibrationHints(MINIMAL, artifactTypes, services) ?? {};
    expect(Object.keys(hints).slice(8)).toEqual(['dockerfile_a', 'client_a', 'dockerfile_b', 'client_b', 'dockerfile_c', 'client_c']);
    expect(hints['dashboard']).toMatchObject({ expected_depth: 'comprehensive', expected_loc_range: '51-300', edit_min_pct: 85 });
    expect(hints['dockerfile_a']).toMatchObject({ expected_depth: 'standard', expected_loc_range: '<=50', transport_protocol: 'grpc' });
    expect(hints['dockerfile_a']).not.toMatchObject({ red_flag: '' });
    expect(hints['dockerfile_b']).toMatchObject({ red_flag: '' });
    expect(hints['client_c']).toMatchObject({ expected_loc_range: '51-300', transport_protocol: 'unknown' });
  });
});

describe('security contract', () => {
  test('prefers snake_case, keeps nulls, and leaves out a policy that says nothing', () => {
    const data_stores = [
      { id: 'a', type: 'redis', client_library: 'snake', clientLibrary: 'camel', credential_source: null },
      { id: 'b', dataStores: [], access_policy: { allowed_principals: [], required_role: '', audit_access: false } },
      { id: 'c', accessPolicy: { allowedPrincipals: ['p'], requiredRole: 'r', auditAccess: true } },
      { type: 'without id' },
      'no object',
    ];
    expect(securityContract({ spec: { security: { data_stores, dataStores: [{ id: 'z' }] } } })).toEqual({
      databases: {
        a: { type: 'redis', client_library: 'snake', credential_source: null, sensitivity: 'medium' },
        b: { type: '', client_library: '', credential_source: '', sensitivity: 'medium' },
        c: {
          type: '',
          client_library: '',
          credential_source: '',
          sensitivity: 'medium',
          access_policy: { allowed_principals: ['p'], required_role: 'r', audit_access: true },
        },
      },
      sensitivity: 'medium',
      source: 'manifest',
    });
  });

  test.each([
    [{}],
    [{ spec: null }],
    [{ spec: { security: {} } }],
    [{ spec: { security: { dataStores: [{ type: 'x' }] } } }],
    [{ spec: { security: [] } }],
  ])('is absent for %j', (raw) => {
    expect(securityContract(raw)).toBeUndefined();
  });
});

describe('capability index', () => {
  const index = {
    version: 3.1,
    capabilities: [
      { capability_id: 'startd8.cost.tracking', triggers: ['token cost', 'dashboard'] },
      { capability_id: 'ledger.rules', triggers: ['Prometheus_Rule'] },
      { capability_id: 'ledger.other', triggers: ['nothing like it', '', 7] },
      { triggers: ['dashboard'] },
    ],
    design_principles: [
      { id: 'PR-1', principle: 'Write once', applies_to: ['ledger.rules'], anti_patterns: ['copying'] },
      { id: 'PR-2', principle: 'Gate early', applies_to: ['contextcore.a2a.gate.diagnostic'] },
      { id: 'PR-3', principle: 'Unrelated', applies_to: ['zzz'] },
    ],
    patterns: [
      { pattern_id: 'PT-1', name: 'Two gates', capabilities: ['contextcore.a2a.gate.pipeline_integrity'] },
      { pattern_id: 'PT-2', name: 'Unused', capabilities: ['zzz'] },
    ],
  };
  const semantic = readCapabilityIndex(index)!;

  test('brings in what bears on the artifacts', () => {
    expect(capabilityContext(contractOf({}, { semantic }))).toEqual({
      index_version: '3.1',
      applicable_principles: [
        { id: 'PR-1', principle: 'Write once' },
        { id: 'PR-2', principle: 'Gate early' },
      ],
      applicable_patterns: [{ pattern_id: 'PT-1', name: 'Two gates', capabilities: ['contextcore.a2a.gate.pipeline_integrity'] }],
      matched_capabilities: ['startd8.cost.tracking', 'ledger.rules'],
      governance_gates: ['contextcore.a2a.gate.pipeline_integrity', 'contextcore.a2a.gate.diagnostic'],
    });
  });

  test('matches nothing that the profile left out', () => {
    const context = capabilityContext(contractOf({}, { semantic, profile: 'source' }));
    expect(context?.['matched_capabilities']).toEqual([]);
  });

  test('adds the principles that apply to the guidance', () => {
    expect(designPrinciples(contractOf({}, { semantic }))).toEqual([
      { id: 'PR-1', principle: 'Write once', anti_patterns: ['copying'] },
      { id: 'PR-2', principle: 'Gate early', anti_patterns: [] },
    ]);
    expect(designPrinciples(MINIMAL)).toBeUndefined();
  });

  test('replaces the stock metrics of its group, and only with metrics of its own', () => {
    expect(semanticConventions(semantic)['metrics']).toMatchObject({ beaver: ['startd8_cost_tracking'] });
    const silent = readCapabilityIndex({ capabilities: [{ capability_id: 'other.cost', triggers: ['cost'] }] });
    expect(semanticConventions(silent)).toEqual(semanticConventions());
    expect(Object.keys(semanticConventions())).toEqual(['attributeNamespaces', 'metrics', 'queryTemplates', 'logFormat']);
  });

  test('tells the version as it is written: of 1.0 the number would say 1', () => {
    const capabilities = [{ capability_id: 'c' }];
    expect(readCapabilityIndex({ capabilities, version: 1 }, '1.0')?.version).toBe('1.0');
    expect(readCapabilityIndex({ capabilities, version: '2.0' }, '"2.0"')?.version).toBe('2.0');
    expect(readCapabilityIndex({ capabilities }, undefined)?.version).toBe('');
  });

  test('reads a hundred capabilities and no more', () => {
    const capabilities = Array.from({ length: 101 }, (_, number) => ({ capability_id: `c${number}` }));
    expect(readCapabilityIndex({ capabilities })?.capabilities).toHaveLength(100);
  });

  test.each([[null], ['text'], [[]], [{}], [{ capabilities: [], design_principles: null }], [{ capabilities: 'x' }]])(
    '%j is none',
    (value) => {
      expect(readCapabilityIndex(value)).toBeUndefined();
      expect(capabilityContext(MINIMAL)).toBeUndefined();
    },
  );
});

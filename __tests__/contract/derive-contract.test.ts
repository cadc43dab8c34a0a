import { describe, expect, test } from '@jest/globals';
import { artifactTypes } from '../../src/artifacts/index.ts';
import type { Artifact, Contract, Profile } from '../../src/contract/contract.ts';
import { deriveContract } from '../../src/contract/derive-contract.ts';
import { settleContract } from '../../src/contract/settle-contract.ts';
import type { Criticality } from '../../src/manifest/manifest.ts';
import { CHECKOUT, contractOf, foundAt, manifestOf, parsedOf } from './manifests.ts';

const ids = (contract: Contract) => contract.artifacts.map(({ id }) => id);
const only = (contract: Contract, type: string): Artifact => contract.artifacts.find((artifact) => artifact.type === type)!;
const transformations = (contract: Contract) =>
  contract.artifacts.flatMap(({ derivedFrom }) => derivedFrom.map(({ transformation }) => transformation));

describe('a minimal manifest', () => {
  test('owes eight artifacts, sorted by id', () => {
    expect(contractOf().artifacts.map(({ id, priority, status }) => `${id} ${priority} ${status}`)).toEqual([
      'm-capability-index recommended needed',
      'svc-dashboard required needed',
      'svc-loki-rules recommended needed',
      'svc-notification recommended needed',
      'svc-prometheus-rules recommended needed',
      'svc-runbook optional needed',
      'svc-service-monitor required needed',
      'svc-slo recommended needed',
    ]);
  });

  test('is derived with every default, and says so', () => {
    expect(transformations(contractOf({}, { deterministic: false }))).toEqual([
      "'{name} Service Dashboard'",
      'SLO threshold: 99.9%',
      'medium → P3',
      'Target: 99.9%',
      'Availability SLO: 99.9%',
      'Error budget: 0.1%',
      'Interval: 30s',
      '{job="svc"}',
      'otel',
      'Channels:',
      'Risk count: 0',
      'Project: m',
    ]);
  });

  test('keeps null where the manifest is silent and there is no default', () => {
    const contract = contractOf();
    expect(only(contract, 'prometheus_rule').parameters).toEqual({
      alertSeverity: 'P3',
      availabilityThreshold: '99.9',
      latencyThreshold: '200ms',
      latencyP50Threshold: null,
      throughput: null,
    });
    expect(only(contract, 'service_monitor').parameters).toEqual({ metricsInterval: '30s', namespace: null });
    expect(only(contract, 'notification_policy').parameters).toEqual({ alertChannels: [], owner: null, owners: [] });
  });

  test('notes each silent field once, on the line where it belongs', () => {
    const notices = contractOf({
      targets: [
        { kind: 'Deployment', name: 'a' },
        { kind: 'Deployment', name: 'b' },
      ],
    }).notices;
    expect(notices.map(({ code, place }) => [code, place?.line])).toEqual(
      [
        'spec.observability.dashboardPlacement',
        'spec.requirements.availability',
        'spec.requirements.latencyP99',
        'spec.requirements.errorBudget',
        'spec.observability.metricsInterval',
      ].map((path) => ['default-applied', path.length]),
    );
    expect(notices[1]?.message).toContain('99.9 is assumed for prometheus_rule, slo_definition');
  });
});

test('blocks that are there but empty take the same defaults, field by field', () => {
  const empty = contractOf({ requirements: {}, observability: { alertChannels: [] } });
  expect(transformations(empty)).toEqual(transformations(contractOf()));
  const partial = contractOf({ requirements: { availability: '99.5' } });
  expect(only(partial, 'slo_definition').parameters).toEqual({
    availability: '99.5',
    latencyP99: '200ms',
    errorBudget: '0.1',
    throughput: null,
  });
  expect(only(partial, 'slo_definition').defaulted).toEqual(['latencyP99', 'errorBudget']);
});

describe('a full manifest', () => {
  const contract = contractOf(CHECKOUT, { metadata: { owners: [{ team: 'a', slack: '#a' }, { team: 'b' }] } });

  test('owes seven artifacts a target and the capability index, `-` before digits before `_`', () => {
    expect(ids(contract)).toEqual([
      ...['dashboard', 'loki-rules', 'notification', 'prometheus-rules', 'runbook', 'service-monitor', 'slo'].map(
        (suffix) => `cart_db-${suffix}`,
      ),
      'checkout-capability-index',
      ...['dashboard', 'loki-rules', 'notification', 'prometheus-rules', 'runbook', 'service-monitor', 'slo'].map(
        (suffix) => `checkout_api-${suffix}`,
      ),
    ]);
    expect(contract.coverage.totalRequired).toBe(12);
    expect(contract.coverage.gaps).toHaveLength(15);
  });

  test('lists channels with commas and keeps nested nulls in parameters', () => {
    const notification = contract.artifacts.find(({ id }) => id === 'cart_db-notification');
    expect(notification?.derivedFrom[0]?.transformation).toBe("Channels: #alerts, it's");
    expect(notification?.parameters['owners']).toEqual([
      { team: 'a', slack: '#a', email: null, oncall: null },
      { team: 'b', slack: null, email: null, oncall: null },
    ]);
    expect(only(contract, 'runbook').parameters['risks']).toEqual([
      { type: 'availability', description: 'Provider down', priority: 'P1', mitigation: 'failover' },
      { type: 'data-integrity', description: null, priority: null, mitigation: null },
    ]);
  });

  test('points each artifact at the line of its target, the capability index at the project', () => {
    expect(contract.artifacts.find(({ id }) => id === 'cart_db-slo')?.place.line).toBe('spec.targets.1.name'.length);
    expect(only(contract, 'capability_index').place.line).toBe('spec.project.id'.length);
    expect(only(contract, 'capability_index')).toMatchObject({ scope: 'project', target: 'checkout' });
  });

  test('notes no default', () => {
    expect(contract.notices).toEqual([]);
  });
});

test.each<[Criticality, number, string]>([
  ['critical', 6, 'P1'],
  ['high', 4, 'P2'],
  ['medium', 2, 'P3'],
  ['low', 2, 'P4'],
])('criticality %s requires %p artifacts of a target and alerts with %s', (criticality, required, severity) => {
  const contract = contractOf({ business: { criticality, stakeholders: [] } });
  expect(contract.coverage.totalRequired).toBe(required);
  expect(only(contract, 'prometheus_rule').derivedFrom[0]?.transformation).toBe(`${criticality} → ${severity}`);
});

describe('profiles', () => {
  test.each<[Profile, number, number]>([
    ['source', 1, 0],
    ['monitoring', 7, 4],
    ['operator', 15, 12],
    ['sponsor', 5, 4],
    ['practitioner', 5, 4],
    ['observability', 15, 12],
    ['full', 15, 12],
  ])('%s keeps %p artifacts, %p of them required', (profile, artifacts, required) => {
    const contract = contractOf(CHECKOUT, { profile });
    expect(contract.artifacts).toHaveLength(artifacts);
    expect(contract.coverage.totalRequired).toBe(required);
    const known = new Set(ids(contract));
    expect(contract.artifacts.flatMap(({ dependsOn }) => dependsOn).filter((id) => !known.has(id))).toEqual([]);
  });

  test('speak of no default that none of their artifacts takes', () => {
    expect(contractOf({}, { profile: 'source' }).notices).toEqual([]);
  });
});

test('a name keeps everything but its dashes in the id, and all of it in the title', () => {
  const contract = contractOf({ targets: [{ kind: 'Deployment', name: 'A-b.c_9' }] });
  expect(only(contract, 'slo_definition')).toMatchObject({ id: 'A_b.c_9-slo', name: 'A-b.c_9 SLO Definition', target: 'A-b.c_9' });
});

test('the shelf is a value: with a list of one type only that type is owed', () => {
  const dashboards = artifactTypes.filter(({ type }) => type === 'dashboard');
  const contract = deriveContract(parsedOf(manifestOf(CHECKOUT)), dashboards, { profile: 'full', deterministic: false });
  expect(ids(contract)).toEqual(['checkout_api-dashboard', 'cart_db-dashboard']);
});

describe('settleContract', () => {
  test('enters what was found and leaves the given contract alone', () => {
    const contract = contractOf();
    const settled = settleContract(contract, foundAt('svc-slo'));
    expect(only(settled, 'slo_definition')).toMatchObject({ status: 'exists', existingPath: 'done/svc-slo' });
    expect(only(contract, 'slo_definition')).not.toHaveProperty('existingPath');
    expect(settled.coverage.gaps).not.toContain('svc-slo');
  });

  test('takes a file that is not what it should be for needed, and keeps where it lies', () => {
    const validationErrors = [{ place: { file: 'd.json', line: 3 }, message: 'no panels' }];
    const found = new Map([['svc-dashboard', { path: 'd.json', rule: '--existing', validationErrors }]]);
    const settled = settleContract(contractOf(), { found, notices: [] });
    expect(only(settled, 'dashboard')).toMatchObject({ status: 'needed', existingPath: 'd.json', validationErrors });
    expect(settled.coverage.totalExisting).toBe(0);
  });

  test('counts what is outdated as existing, and on its own', () => {
    const found = new Map([['svc-dashboard', { path: 'd.json', rule: '--existing', outdated: true }]]);
    const { coverage, artifacts } = settleContract(contractOf(), { found, notices: [] });
    expect(artifacts.find(({ id }) => id === 'svc-dashboard')?.status).toBe('outdated');
    expect(coverage).toMatchObject({ totalExisting: 1, totalOutdated: 1, overallCoverage: 50 });
    expect(coverage.gaps).not.toContain('svc-dashboard');
  });
});

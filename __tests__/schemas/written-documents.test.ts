import { describe, expect, test } from '@jest/globals';
import { PROFILES } from '../../src/contract/contract.ts';
import { draftExport } from '../../src/export/draft-export.ts';
import { REPORT_SCHEMA } from '../../src/report/report-document.ts';
import { type Choices, exportInput } from '../export/inputs.ts';
import { changed, complete, completeV1, type Doc, minimal, write } from '../manifest/samples.ts';
import { runOver } from './runs.ts';
import { misspelt, type Validate, validatorOf } from './validators.ts';

const onboardingFaults = validatorOf('onboarding-metadata.schema.json');
const previewFaults = validatorOf('task-emission-preview.schema.json');
const reportFaults = validatorOf('export-tasks-report.schema.json');
const WRITTEN: readonly (readonly [string, Validate])[] = [
  ['onboarding-metadata.json', onboardingFaults],
  ['task-emission-preview.json', previewFaults],
  ['export-tasks-report.json', reportFaults],
];

/** Two hundred services, everything stated. */
function large(): Doc {
  const targets = Array.from({ length: 200 }, (_, n) => ({ kind: 'Deployment', name: `service-${n}`, namespace: `team-${n % 7}` }));
  return changed('spec.targets', targets, complete());
}

type Case = [string, Readonly<Record<string, string>>, NonNullable<Parameters<typeof runOver>[1]>];

const DASHBOARD = JSON.stringify({ title: 'svc', panels: [{ type: 'graph', title: 'p', targets: [{ expr: 'up' }] }], schemaVersion: 39 });

describe('what a run writes', () => {
  test.each<Case>([
    ...PROFILES.map((profile): Case => [`with the profile ${profile}`, { '.contextcore.yaml': write(complete()) }, { profile }]),
    ['for the smallest manifest', { '.contextcore.yaml': write(minimal()) }, {}],
    ['for a complete one', { '.contextcore.yaml': write(complete()) }, {}],
    ['for 200 services', { '.contextcore.yaml': write(large()) }, { traceLimit: 500 }],
    ['for a v1.1 manifest', { '.contextcore.yaml': write(completeV1()) }, {}],
    ['as JSON', { '.contextcore.yaml': write(complete()) }, { format: 'json' }],
    ['without a trace', { '.contextcore.yaml': write(minimal()) }, { emitTasks: 'false' }],
    ['as a dry run of the trace', { '.contextcore.yaml': write(minimal()) }, { emitTasks: 'dry-run', minCoverage: 50 }],
    [
      'to a backend that is not there',
      { '.contextcore.yaml': write(minimal()) },
      { emitTasks: 'true', otlpEndpoint: 'http://127.0.0.1:9' },
    ],
    [
      'where some artifacts exist, one of them broken',
      {
        '.contextcore.yaml': write(minimal()),
        'grafana/dashboards/svc-dashboard.json': DASHBOARD,
        'k8s/observability/svc-service-monitor.yaml': 'kind: [',
      },
      {},
    ],
    [
      'with a task mapping and service metadata',
      {
        '.contextcore.yaml': write(complete()),
        'tasks.json': '{"ledger-dashboard": "T-1", "other": null}',
        'services.json': '{"ledger": {"transport_protocol": "grpc", "extra": [1]}, "fx": {}}',
      },
      { taskMapping: 'tasks.json', serviceMetadata: 'services.json' },
    ],
    [
      'with a capability index',
      {
        '.contextcore.yaml': write(minimal()),
        'docs/capability-index/contextcore.agent.yaml': write({
          version: '1.0',
          capabilities: [{ capability_id: 'startd8.cost', triggers: ['dashboard', 'cost'] }],
          design_principles: [{ id: 'p', principle: 'q', anti_patterns: ['a'], applies_to: ['startd8.cost'] }],
          patterns: [{ pattern_id: 'x', name: 'n', capabilities: ['startd8.cost'] }],
        }),
      },
      {},
    ],
  ])('%s is as its schemas say', async (_, workspace, settings) => {
    const { files } = await runOver(workspace, settings);
    for (const [name, faults] of WRITTEN) {
      const text = files.get(name);
      if (settings.emitTasks === 'false' && name.includes('preview')) expect(text).toBeUndefined();
      else expect([name, faults(JSON.parse(text ?? 'null'))]).toEqual([name, []]);
    }
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['no manifest', {}],
    ['a manifest with faults', { '.contextcore.yaml': 'spec: {targets: [{kind: Pod}]}' }],
    ['a policy with faults', { '.contextcore.yaml': write(minimal()), '.contextcore-quality.yaml': 'gates: {gap-parity: of}' }],
  ])('is a report as its schema says also for %s', async (_, workspace) => {
    const { files } = await runOver(workspace);
    expect(reportFaults(JSON.parse(files.get('export-tasks-report.json') ?? 'null'))).toEqual([]);
  });

  test('has no key of whose misspelling a validator would keep silent', async () => {
    const { files } = await runOver({ '.contextcore.yaml': write(complete()) });
    for (const [name, faults] of WRITTEN) {
      const free = FREE.get(name) ?? /^$/;
      const slips = [...misspelt(JSON.parse(files.get(name)!))].filter(([at]) => !free.test(at));
      expect(slips.length).toBeGreaterThan(10);
      expect([name, slips.filter(([, slip]) => faults(slip).length === 0).map(([at]) => at)]).toEqual([name, []]);
    }
  });

  test('carries the schema it names', async () => {
    const { files } = await runOver({ '.contextcore.yaml': write(minimal()) });
    expect(JSON.parse(files.get('export-tasks-report.json')!).schema).toBe(REPORT_SCHEMA);
  });
});

/** Where keys are names, or values the user's own. */
const FREE: ReadonlyMap<string, RegExp> = new Map([
  [
    'onboarding-metadata.json',
    new RegExp(
      [
        '^/(artifact_types|output_path_conventions|parameter_schema|derivation_rules|artifact_dependency_graph)/[^/]+$',
        '^/(expected_output_contracts|design_calibration_hints|instrumentation_hints|file_ownership|security_contract/databases)/[^/]+$',
        '^/artifact_types/[^/]+/parameter_sources/',
        '^/(service_metadata|parameter_resolvability)/[^/]+(/[^/]+)?$',
        '^/(resolved_artifact_parameters|service_communication_graph|coverage/byType|provenance/cliOptions)/',
        '^/semantic_conventions/(metrics|queryTemplates)/',
      ].join('|'),
    ),
  ],
  ['export-tasks-report.json', /\/gaps_by_type\/|\/evidence\/\d+\/values\//],
]);

describe('the onboarding metadata of an export', () => {
  test.each<[string, Choices]>([
    ['with provenance inside', { settings: { emitProvenance: true, embedProvenance: true } }],
    ['without provenance', { settings: { emitProvenance: false } }],
    ['under strict quality', { settings: { strict: true, minCoverage: 60 } }],
    ['where artifacts exist', { found: new Map([['cart-dashboard', { path: 'd.json', rule: '--existing' }]]) }],
    [
      'of odd data stores',
      { yaml: write(changed('spec.security', { sensitivity: 'x', dataStores: [{ id: 'a', type: 't', clientLibrary: null }] })) },
    ],
  ])('%s is as its schema says', (_, choices) => {
    const draft = draftExport(exportInput(choices));
    const { bytes } = draft.files.find(({ name }) => name === 'onboarding-metadata.json')!;
    expect(onboardingFaults(JSON.parse(Buffer.from(bytes).toString('utf8')))).toEqual([]);
  });
});

import { describe, expect, test } from '@jest/globals';
import { artifactTypes } from '../../src/artifacts/index.ts';
import { defineArtifactType } from '../../src/contract/artifact-type.ts';
import type { ArtifactType } from '../../src/contract/contract.ts';
import { fieldOf } from '../../src/contract/defaults.ts';
import { isGenerated } from '../../src/contract/derive-contract.ts';
import { inspectArtifacts } from '../../src/inspect/inspect-artifacts.ts';
import { CHECKOUT, contractOf, manifestOf } from '../contract/manifests.ts';

const INPUT = {
  manifest: manifestOf(),
  subject: 'svc',
  target: { kind: 'Deployment', name: 'svc' },
  criticality: 'low',
  severity: 'P4',
} as const;
const generated = artifactTypes.filter(isGenerated);

// type, extension, output path, example path, depth, lines, tokens, percent, group (export.md §10, §15)
const TABLE = [
  [
    'dashboard',
    '.json',
    'grafana/dashboards/{target}-dashboard.json',
    'grafana/dashboards/checkout-api-dashboard.json',
    'comprehensive',
    300,
    1500,
    85,
    'stakeholder',
  ],
  [
    'prometheus_rule',
    '.yaml',
    'prometheus/rules/{target}-prometheus-rules.yaml',
    'prometheus/rules/checkout-api-prometheus-rules.yaml',
    'standard',
    150,
    750,
    80,
    'monitoring',
  ],
  ['slo_definition', '.yaml', 'slo/{target}-slo.yaml', 'slo/checkout-api-slo.yaml', 'standard', 150, 750, 80, 'stakeholder'],
  [
    'service_monitor',
    '.yaml',
    'k8s/observability/{target}-service-monitor.yaml',
    'k8s/observability/checkout-api-service-monitor.yaml',
    'brief',
    50,
    250,
    70,
    'monitoring',
  ],
  [
    'loki_rule',
    '.yaml',
    'loki/rules/{target}-loki-rules.yaml',
    'loki/rules/checkout-api-loki-rules.yaml',
    'standard',
    150,
    750,
    80,
    'monitoring',
  ],
  [
    'notification_policy',
    '.yaml',
    'alertmanager/{target}-notification.yaml',
    'alertmanager/checkout-api-notification.yaml',
    'standard',
    150,
    750,
    80,
    'operator',
  ],
  [
    'runbook',
    '.md',
    'runbooks/{target}-runbook.md',
    'runbooks/checkout-api-runbook.md',
    'standard-comprehensive',
    300,
    1500,
    85,
    'operator',
  ],
  [
    'alert_template',
    '.yaml',
    'alertmanager/templates/{target}-alert-template.yaml',
    'alertmanager/templates/checkout-api-alert-template.yaml',
    'standard',
    150,
    750,
    75,
    'operator',
  ],
  [
    'capability_index',
    '.yaml',
    'docs/capability-index/contextcore.agent.yaml',
    'docs/capability-index/project-name.agent.yaml',
    'comprehensive',
    500,
    2500,
    90,
    'always',
  ],
  [
    'agent_card',
    '.json',
    'docs/capability-index/agent-card.json',
    'docs/capability-index/agent-card.json',
    'standard',
    200,
    1000,
    85,
    'always',
  ],
  [
    'mcp_tools',
    '.json',
    'docs/capability-index/mcp-tools.json',
    'docs/capability-index/mcp-tools.json',
    'comprehensive',
    500,
    2500,
    90,
    'always',
  ],
  [
    'onboarding_metadata',
    '.json',
    '{output_dir}/onboarding-metadata.json',
    'out/export/onboarding-metadata.json',
    'standard',
    150,
    750,
    80,
    'always',
  ],
  ['provenance', '.json', '{output_dir}/run-provenance.json', 'out/export/run-provenance.json', 'brief', 50, 250, 70, 'always'],
  [
    'ingestion-traceability',
    '.json',
    '{output_dir}/ingestion-traceability.json',
    'out/export/ingestion-traceability.json',
    'brief',
    50,
    250,
    70,
    'always',
  ],
  ['dockerfile', '', 'Dockerfile', 'Dockerfile', 'standard', 50, 250, 50, 'source'],
  ['python_requirements', '.txt', 'requirements.txt', 'requirements.txt', 'brief', 30, 150, 50, 'source'],
  ['protobuf_schema', '.proto', 'proto/{target}.proto', 'proto/checkout.proto', 'standard', 150, 750, 75, 'source'],
  ['editorconfig', '', '.editorconfig', '.editorconfig', 'brief', 20, 100, 50, 'source'],
  ['ci_workflow', '.yml', '.github/workflows/{target}.yml', '.github/workflows/ci.yml', 'standard', 100, 500, 70, 'source'],
] as const;

test('the shelf is the table of the specification, in its order', () => {
  const shelf = artifactTypes.map(({ type, group, output, expected }) => [
    type,
    output.ext,
    output.path,
    output.examplePath,
    expected.depth,
    expected.maxLines,
    expected.maxTokens,
    expected.editMinPct,
    group,
  ]);
  expect(shelf).toEqual(TABLE);
});

test('thirteen types answer an innate requirement, each its own', () => {
  const ids = artifactTypes.flatMap(({ requirement }) => requirement?.id ?? []);
  expect(ids).toHaveLength(13);
  expect(new Set(ids).size).toBe(13);
});

describe.each(artifactTypes.map((type) => [type.type, type] as const))('what it means to be a type: %s', (_, type) => {
  test('describes itself in two to six words and warns in a sentence', () => {
    expect(type.output.description).toMatch(/^\S+( \S+){1,5}$/);
    expect(type.expected.redFlag).toMatch(/^Planned as (brief|standard|comprehensive): .{20,}$/);
    expect(type.output.schemaUrl).toMatch(/^https:\/\//);
  });

  test('shows an example that holds every marker an output is judged by', () => {
    for (const marker of type.expected.markers) expect(type.output.exampleSnippet).toContain(marker);
    expect(type.output.exampleSnippet.split('\n').length).toBeGreaterThan(1);
    if (type.output.ext === '.json') expect(() => JSON.parse(type.output.exampleSnippet)).not.toThrow();
  });

  test('names at least one parameter, and where its value comes from', () => {
    expect(type.parameters.length).toBeGreaterThan(0);
    for (const { source } of type.parameters) expect(source).not.toBe('');
  });

  test('says of every field it names where the manifest has it', () => {
    for (const { source, field } of type.parameters.filter((parameter) => parameter.field !== undefined)) {
      expect(source).toContain(`manifest.${field}`);
    }
  });
});

describe.each(generated.map((type) => [type.type, type] as const))('what it means to be generated: %s', (_, type) => {
  const { generate } = type;

  test('gives every parameter of its schema, in that order, and no other', () => {
    expect(Object.keys(generate.derive(INPUT).parameters)).toEqual(type.parameters.map(({ key }) => key));
  });

  test('gives the declared default where the manifest is silent', () => {
    const { parameters } = generate.derive(INPUT);
    for (const { key, field = '', default: fallback } of type.parameters) {
      if (fallback === undefined) continue;
      expect(fieldOf(INPUT.manifest, field)).toBeUndefined();
      expect(parameters[key]).toBe(fallback);
    }
  });

  test('gives what the manifest states where it does', () => {
    const manifest = manifestOf(CHECKOUT);
    const { parameters } = generate.derive({ ...INPUT, manifest });
    for (const { key, field = '', default: fallback } of type.parameters)
      if (fallback !== undefined) expect(parameters[key]).toBe(fieldOf(manifest, field));
  });

  test('is derived from something, said in full', () => {
    const { derivedFrom } = generate.derive(INPUT);
    expect(derivedFrom.length).toBeGreaterThan(0);
    for (const rule of derivedFrom) {
      expect(Object.keys(rule).slice(0, 3)).toEqual(['property', 'sourceField', 'transformation']);
      expect(Object.values(rule)).not.toContain('');
    }
  });

  test('depends only on types before which something can be made', () => {
    const suffixes = generated.map((other) => other.generate.suffix);
    for (const suffix of generate.dependsOn) expect(suffixes).toContain(suffix);
  });

  test('is found again where its own output path would put it', () => {
    const contract = contractOf();
    const path = type.output.path.replaceAll('{target}', 'svc');
    const artifact = contract.artifacts.find((each) => each.type === type.type)!;
    for (const file of [path, path.replace(/\.yaml$/, '.yml'), `deep/down/${path}`]) {
      const { found } = inspectArtifacts(contract, artifactTypes, { existing: [], tree: { dir: '', files: [file] } });
      expect([...found.keys()]).toEqual([artifact.id]);
    }
  });
});

describe('defineArtifactType', () => {
  const dashboard = artifactTypes[0]!;
  const generate = dashboard.generate!;

  test('hands back a type that agrees with itself', () => {
    expect(defineArtifactType(dashboard)).toBe(dashboard);
  });

  test.each<[string, Partial<ArtifactType>]>([
    ['lower-case words', { type: 'Dash Board' }],
    ['does not end with its extension', { output: { ...dashboard.output, ext: '.yaml' } }],
    ['the parameter "risks" is listed twice', { parameters: [...dashboard.parameters, { key: 'risks', source: 'x' }] }],
    ['has a default but names no manifest field', { parameters: [{ key: 'a', source: 'x', default: '1' }] }],
    ['expects no completeness marker', { expected: { ...dashboard.expected, markers: [] } }],
    ['not a percentage', { expected: { ...dashboard.expected, editMinPct: 101 } }],
    ['the dependency "slo" is listed twice', { generate: { ...generate, dependsOn: ['slo', 'slo'] } }],
    ['depend on themselves', { generate: { ...generate, dependsOn: ['dashboard'] } }],
    ['no convention says', { generate: { ...generate, conventions: [] } }],
    ['"dashboard.json" is not of the shape', { generate: { ...generate, conventions: ['dashboard.json'] } }],
    ['"{target}-*-*.json" is not of the shape', { generate: { ...generate, conventions: ['{target}-*-*.json'] } }],
    ['"{target}.json" is not of the shape', { generate: { ...generate, scope: 'project', conventions: ['{target}.json'] } }],
  ])('refuses one: %s', (complaint, change) => {
    expect(() => defineArtifactType({ ...dashboard, ...change })).toThrow(complaint);
    expect(() => defineArtifactType({ ...dashboard, ...change })).toThrow(TypeError);
  });
});

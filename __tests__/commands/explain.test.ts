import { readdir } from 'node:fs/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { gateExamples } from '../../src/commands/explain/gate-examples.ts';
import { explain, explainWith } from '../../src/commands/explain.ts';
import { shelves } from '../../src/shelves.ts';
import { folder, removeFolders, type } from './terminal.ts';

afterAll(removeFolders);

const gates = [...shelves.gate1, ...shelves.questions, ...shelves.ours];
const MANIFEST = `apiVersion: contextcore.io/v1alpha2
metadata: {name: shop}
spec:
  project: {id: shop}
  business: {criticality: high}
  requirements:
    availability: "99.95"
  targets:
  - kind: Deployment
    name: checkout-api
`;
const files = { '.contextcore.yaml': MANIFEST, 'ops/checkout_api-dashboard.json': '{"title": "Checkout", "panels": [{"type": "stat"}]}' };

describe('explain a gate', () => {
  test.each(gates.map((gate) => [gate.key, gate] as const))(
    '%s: what it asks, why, what it reads, how grave, and an example of each',
    async (key, gate) => {
      const { code, out } = await type(explain, await folder(), key);
      expect(code).toBe(0);
      expect(gateExamples.get(key)).toBeDefined();
      for (const part of [
        gate.asks,
        gate.why,
        ...gate.reads,
        gate.fails.severity,
        gateExamples.get(key)!.pass,
        gateExamples.get(key)!.fail,
      ])
        expect(out).toContain(part);
    },
  );

  test('as JSON', async () => {
    const { out } = await type(explain, await folder(), 'gap-parity', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      kind: 'gate',
      gate: 'gap-parity',
      phase: 'INGEST_PARSE_ASSESS',
      fails: { severity: 'error', blocking: true },
      reads: expect.arrayContaining(['coverage.gaps']),
      examples: { pass: expect.any(String), fail: expect.any(String) },
    });
  });
});

describe('explain a type', () => {
  test.each(shelves.types.map(({ type }) => type))('%s', async (name) => {
    const { code, out } = await type(explain, await folder(), name);
    const member = shelves.types.find((one) => one.type === name)!;
    expect(code).toBe(0);
    for (const part of [member.output.path, member.output.schemaUrl, ...member.parameters.map(({ key }) => key)])
      expect(out).toContain(part);
  });

  test('as JSON: when it is required, and where its values come from', async () => {
    const { out } = await type(explain, await folder(), 'slo-definition', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      kind: 'type',
      type: 'slo_definition',
      parameters: expect.arrayContaining([
        expect.objectContaining({ key: 'availability', field: 'spec.requirements.availability', default: '99.9' }),
      ]),
      generated: {
        id: '{target}-slo',
        priority: { critical: 'required', low: 'recommended' },
        found_as: expect.arrayContaining(['{target}-slo.yaml']),
      },
    });
  });
});

describe('explain an artifact', () => {
  test('why it is wanted, from which lines, where it was looked for and what was found', async () => {
    const root = await folder(files);
    const { code, out } = await type(explain, root, 'checkout_api-dashboard', '--format', 'json');
    const document = JSON.parse(out);
    expect(code).toBe(0);
    expect(document).toMatchObject({
      kind: 'artifact',
      id: 'checkout_api-dashboard',
      priority: 'required',
      wanted_by: { file: '.contextcore.yaml', line: 10, criticality: { value: 'high', line: 5 } },
      existing_path: 'ops/checkout_api-dashboard.json',
      looked: expect.arrayContaining([{ rule: 'checkout-api-dashboard.json', decided: true, files: ['ops/checkout_api-dashboard.json'] }]),
    });
    expect(document.fields).toContainEqual(
      expect.objectContaining({
        key: 'criticality',
        value: 'high',
        from: 'spec.business.criticality',
        at: { file: '.contextcore.yaml', line: 5, column: expect.any(Number) },
        defaulted: false,
      }),
    );
    expect((await readdir(root)).sort()).toEqual(['.contextcore.yaml', 'ops']);
  });

  test('tells what has a default of ours, and every place where nothing was found', async () => {
    const root = await folder(files);
    const { out } = await type(explain, root, 'checkout_api-slo');
    expect(out).toContain('Status   needed');
    expect(out).toContain('availability = "99.95"  spec.requirements.availability (.contextcore.yaml:7)');
    expect(out).toMatch(/latencyP99 = "200ms" .*our default/);
    expect(out).toContain('checkout-api-slo.yaml: nothing');
    expect(out).toContain('After    checkout_api-service-monitor');
  });

  test('says what --existing decided, and that it looked nowhere with --scan-existing off', async () => {
    const root = await folder(files);
    const declared = 'checkout_api-dashboard:ops/checkout_api-dashboard.json';
    const { out } = await type(
      explain,
      root,
      'checkout_api-dashboard',
      '--existing',
      declared,
      '--scan-existing',
      'off',
      '--format',
      'json',
    );
    expect(JSON.parse(out).looked).toEqual([{ rule: '--existing', decided: true, files: ['ops/checkout_api-dashboard.json'] }]);
  });

  test('says which line of the policy found a file, what is broken in it, and what was not asked any more', async () => {
    const policy = 'artifacts:\n- {type: dashboard, path: "boards/{target}.json"}\n';
    const root = await folder({ ...files, '.contextcore-quality.yaml': policy, 'boards/checkout-api.json': '{"title": 3' });
    const { out } = await type(explain, root, 'checkout_api-dashboard', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      status: 'needed',
      existing_path: 'boards/checkout-api.json',
      validation_errors: [{ file: 'boards/checkout-api.json', line: 1, message: expect.any(String) }],
      looked: expect.arrayContaining([
        {
          rule: 'boards/checkout-api.json',
          policy: expect.objectContaining({ line: 2 }),
          decided: true,
          files: ['boards/checkout-api.json'],
        },
        { rule: 'checkout-api-dashboard.json', decided: false, files: ['ops/checkout_api-dashboard.json'] },
      ]),
    });
    expect((await type(explain, root, 'checkout_api-dashboard')).out).toContain('(an earlier rule decided)');
  });

  test('shows both sides where a file contradicts the manifest', async () => {
    const monitor = `apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: checkout-api}
spec:
  selector: {matchLabels: {app: checkout-api}}
  endpoints:
  - port: http
    interval: 5m
`;
    const manifest = MANIFEST.replace('  targets:', '  observability: {metricsInterval: 15s}\n  targets:');
    const root = await folder({ '.contextcore.yaml': manifest, 'm/checkout-api-service-monitor.yaml': monitor });
    const { out } = await type(explain, root, 'checkout_api-service-monitor', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      status: 'outdated',
      contradictions: [{ derived: '15s', found: '5m', file: 'm/checkout-api-service-monitor.yaml', line: 8 }],
    });
  });

  test('exits 1 on a faulty manifest, and takes what it cannot place for wrong usage', async () => {
    const root = await folder({ ...files, 'bad.yaml': MANIFEST.replace('Deployment', 'Pod') });
    expect(await type(explain, root, 'checkout_api-slo', '--path', 'bad.yaml')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('bad.yaml:9'),
    });
    await expect(type(explain, root, 'checkout-api-slo')).rejects.toThrow('did you mean "checkout_api-slo"?');
    await expect(type(explain, root, 'gap-pairity')).rejects.toThrow('did you mean "gap-parity"?');
    await expect(type(explain, await folder(), 'x-slo')).rejects.toThrow('.contextcore.yaml does not exist');
  });

  test('knows the shelves it is handed', async () => {
    const small = explainWith({ ...shelves, gate1: shelves.gate1.slice(0, 1), questions: [], ours: [] });
    await expect(type(small, await folder({ '.contextcore.yaml': MANIFEST }), 'gap-parity')).rejects.toThrow('is no gate');
  });
});

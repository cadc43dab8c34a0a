import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { PROFILES } from '../../src/contract/contract.ts';
import { removeFolders } from '../commands/terminal.ts';
import { changed, complete, completeV1, type Doc, minimal, write } from '../manifest/samples.ts';
import { exported, workspace } from './exported.ts';

// The rows of spec/export.md §24, each by what a person sees of the command.

afterAll(removeFolders);

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const DASHBOARD = '{"title": "svc", "panels": []}';
const ALL = [
  'm-capability-index',
  'svc-dashboard',
  'svc-loki-rules',
  'svc-notification',
  'svc-prometheus-rules',
  'svc-runbook',
  'svc-service-monitor',
  'svc-slo',
];
const existing = (...ids: readonly string[]) => ids.flatMap((id) => ['-e', `${id}:made/${id}`]);
const transformations = ({ artifacts }: Doc): readonly string[] =>
  artifacts.flatMap(({ derivedFrom }: Doc) => derivedFrom.map(({ transformation }: Doc) => transformation));

describe('integrity and paths', () => {
  test('E1: a plain export names its manifest and its checksum, and verifies', async () => {
    const made = await exported(workspace(), '--verify');
    const onboarding = await made.onboarding();
    const { artifact_inventory } = await made.json('run-provenance.json');
    expect(made.code).toBe(0);
    expect(onboarding).toMatchObject({
      source_checksum: sha256(await readFile(path.join(made.root, '.contextcore.yaml'))),
      source_path_relative: '.contextcore.yaml',
    });
    expect(new Set(artifact_inventory.map(({ freshness }: Doc) => freshness.source_file))).toEqual(new Set(['.contextcore.yaml']));
    const { diagnostics } = await made.json('validation-report.json');
    expect(diagnostics.map(({ code }: Doc) => code)).not.toContain('CHECKSUM_CHAIN_INCOMPLETE');
  });

  test('E2, T-12: with a trace the fingerprint of the metadata is that of the file, and the old file is kept', async () => {
    const made = await (await exported(workspace(), '--emit-tasks')).again();
    const { outputs } = await made.json('run-provenance.json');
    const told = outputs.find((output: Doc) => output.path === 'out/onboarding-metadata.json');
    expect((await made.onboarding()).task_emission).toMatchObject({ state: 'spooled' });
    expect(told.sha256).toBe(sha256(await made.text('onboarding-metadata.json')));
    expect(made.names).toContain('onboarding-metadata.json.bak');
  });

  test('E3: run provenance tells the settings, the times and every input', async () => {
    const index = write({ version: '1', capabilities: [{ capability_id: 'a', triggers: ['slo'] }] });
    const files = {
      'services.json': '{"svc": {"transport_protocol": "grpc", "schema_contract": "a.proto"}}',
      'docs/capability-index/contextcore.agent.yaml': index,
    };
    const made = await exported(workspace(minimal(), files), '--service-metadata', 'services.json');
    const run = await made.json('run-provenance.json');
    expect(run.inputs.map((input: Doc) => input.path)).toEqual([
      '.contextcore.yaml',
      'services.json',
      '.contextcore-quality.yaml',
      'docs/capability-index/contextcore.agent.yaml',
    ]);
    expect(run.inputs.every(({ exists, sha256 }: Doc) => exists && /^[0-9a-f]{64}$/.test(sha256))).toBe(true);
    expect(run.config_snapshot).toMatchObject({ profile: 'full', format: 'yaml', strict_quality: false });
    expect(run).toMatchObject({ started_at: expect.any(String), completed_at: expect.any(String), duration_ms: expect.any(Number) });
  });

  test('E4: what an earlier export registered goes, what another step registered stays, and nothing piles up', async () => {
    const files = {
      'out/run-provenance.json': JSON.stringify({
        artifact_inventory: [
          { artifact_id: 'export.open_questions', role: 'open_questions', stage: 'export' },
          { role: 'nameless', stage: 'export' },
          { artifact_id: 'ingestion.plan', role: 'plan', stage: 'ingestion' },
        ],
      }),
    };
    const made = await (await exported(workspace(minimal(), files))).again();
    const { artifact_inventory } = await made.json('run-provenance.json');
    const roles = artifact_inventory.map(({ role }: Doc) => role);
    expect(roles).toContain('plan');
    expect(roles).not.toContain('open_questions');
    expect(roles).not.toContain('nameless');
    expect(new Set(roles).size).toBe(roles.length);
  });

  test('E5: a run provenance that is a list does not stop the export', async () => {
    expect((await exported(workspace(minimal(), { 'out/run-provenance.json': '[1]' }))).code).toBe(0);
  });

  test.each(PROFILES)('E6: profile %s leaves sections out without a marker, and verifies', async (profile) => {
    const made = await exported(workspace(complete()), '--profile', profile, '--verify');
    expect(made.code).toBe(0);
    for (const name of made.names) expect(await made.text(name)).not.toContain('_omitted');
  });

  test('E7: all files have one mode', async () => {
    const made = await exported(workspace(), '--emit-provenance');
    expect(made.names.length).toBeGreaterThan(6);
    expect(new Set(made.names.map(made.mode))).toEqual(new Set([0o644]));
  });

  test.each(['a/b', '../../x', '', ' ', '..', 'a\\b'])('E8: the name %j writes nothing anywhere', async (name) => {
    const made = await exported(workspace(changed('metadata.name', name)));
    expect([made.code, made.exists]).toEqual([1, false]);
    expect(made.err).toContain('metadata.name');
  });

  test('E9: no file tells where the machine keeps its workspace', async () => {
    const first = await exported(workspace());
    const declared = ['-e', `svc-slo:${first.root}/slo.yaml`, '-e', 'svc-runbook:/home/somebody/runbook.md'];
    const made = await first.again('--emit-provenance', '--embed-provenance', '--emit-tasks', '--scan-existing', first.root, ...declared);
    expect(made.code).toBe(0);
    for (const name of made.names)
      expect([name, /.{0,40}(?:somebody|export-tasks-\w{6}).*/.exec(await made.text(name))?.[0]]).toEqual([name, undefined]);
    const { metadata, artifacts } = await made.manifest();
    expect(metadata.generatedFrom).toBe('.contextcore.yaml');
    expect(artifacts.flatMap(({ existingPath = [] }: Doc) => existingPath)).toEqual(['../runbook.md', 'slo.yaml']);
  });

  test('E10: provenance lists every file, and one version of the reference is told everywhere', async () => {
    const made = await exported(workspace(), '--emit-provenance', '--embed-provenance');
    const provenance = await made.json('provenance.json');
    expect([...provenance.outputFiles].sort()).toEqual(made.names);
    const { metadata } = await made.manifest();
    const { contextcore_version } = await made.json('run-provenance.json');
    expect([metadata.contextcoreVersion, metadata.provenance.contextcoreVersion, provenance.contextcoreVersion]).toEqual(
      Array(3).fill(contextcore_version),
    );
  });
});

describe('coverage and scanning', () => {
  test.each([
    [['svc-slo', 'svc-runbook'], 0],
    [['svc-dashboard'], 50],
    [ALL, 100],
  ])('E11: with %j existing, %d %% of what is required stands', async (ids, percent) => {
    const { coverage } = await (await exported(workspace(), ...existing(...ids))).onboarding();
    expect(coverage).toMatchObject({ totalRequired: 2, overallCoverage: percent });
  });

  test('E12: gaps of any priority and gaps of what is required have names of their own', async () => {
    const { coverage } = await (await exported(workspace())).onboarding();
    expect([coverage.gaps, coverage.requiredGaps]).toEqual([ALL, ['svc-dashboard', 'svc-service-monitor']]);
    expect(coverage.requiredGaps).toHaveLength(coverage.totalRequired);
  });

  test('E13: coverage names the target’s namespace', async () => {
    const targets = [
      { kind: 'Deployment', name: 'a', namespace: 'shop' },
      { kind: 'Job', name: 'b' },
    ];
    const { coverage } = await (await exported(workspace(changed('spec.targets', targets)))).onboarding();
    expect(coverage.byTarget.map(({ target, namespace }: Doc) => [target, namespace])).toEqual([
      ['a', 'shop'],
      ['b', 'default'],
      ['m', 'default'],
    ]);
  });

  test('E14: a scan finds every type by the path the export gives it, and log rules are no alert rules', async () => {
    const { file_ownership } = await (await exported(workspace())).onboarding();
    const files = Object.fromEntries(Object.keys(file_ownership).map((file) => [file, 'x']));
    const made = await exported(workspace(minimal(), files), '--scan-existing', '.');
    expect((await made.onboarding()).coverage.gaps).toEqual([]);
    const alone = await exported(workspace(minimal(), { 'loki/rules/svc-loki-rules.yaml': 'x' }), '--scan-existing', '.');
    expect((await alone.onboarding()).coverage.gaps).toEqual(ALL.filter((id) => id !== 'svc-loki-rules'));
  });

  test('E15: directories, .git and vendored trees are not artifacts, and --existing goes before the scan', async () => {
    const name = 'svc-dashboard.json';
    const made = await exported(
      workspace(minimal(), { [`.git/${name}`]: '{}', [`node_modules/x/${name}`]: '{}', [`dash/${name}/inside.txt`]: '' }),
      '--scan-existing',
      '.',
    );
    expect((await made.onboarding()).coverage.gaps).toContain('svc-dashboard');
    const both = await exported(
      workspace(minimal(), { [`dash/${name}`]: DASHBOARD, 'mine.json': DASHBOARD }),
      '--scan-existing',
      '.',
      '-e',
      'svc-dashboard:mine.json',
    );
    const { artifacts } = await both.manifest();
    expect(artifacts.find(({ id }: Doc) => id === 'svc-dashboard').existingPath).toBe('mine.json');
  });

  test('E16: an unknown id and an empty path are told', async () => {
    const made = await exported(workspace(), '-e', 'nobody-slo:x', '-e', 'svc-slo:');
    expect(made.err).toContain('"nobody-slo"');
    expect(made.err).toContain('svc-slo:');
    expect((await made.onboarding()).coverage.gaps).toEqual(ALL);
  });

  test('E17: --verify passes when some artifacts exist and others do not', async () => {
    expect((await exported(workspace(), ...existing('svc-slo', 'svc-dashboard'), '--verify')).code).toBe(0);
  });

  test('E18: what strict quality accepts of a task mapping, --verify accepts too', async () => {
    const strict = ['--strict-quality', '--task-mapping', 'tasks.json', '--scan-existing', 'src', '--verify'];
    const found = existing('svc-dashboard', 'svc-service-monitor');
    const tasks = (ids: readonly string[]) => JSON.stringify(Object.fromEntries(ids.map((id) => [id, `T-${id}`])));
    const files = (ids: readonly string[]) => workspace(minimal(), { 'src/main.ts': '', 'tasks.json': tasks(ids) });
    const required = await exported(files(['svc-dashboard', 'svc-service-monitor']), ...strict, ...found);
    expect([required.code, required.exists]).toEqual([1, false]);
    expect(required.err).toContain('m-capability-index');
    expect((await exported(files(ALL), ...strict, ...found)).code).toBe(0);
  });
});

describe('derivation', () => {
  test('E19: each field has its own default, with or without the block', async () => {
    const document = { ...minimal(), spec: { ...minimal().spec, requirements: {}, observability: {} } };
    const [bare, empty] = [await (await exported(workspace())).manifest(), await (await exported(workspace(document))).manifest()];
    expect(transformations(empty)).toEqual(transformations(bare));
    expect(transformations(empty).filter((text) => /None|null|undefined|N\/A/.test(text))).toEqual([]);
    expect(transformations(empty)).toEqual(expect.arrayContaining(['Target: 99.9%', 'Error budget: 0.1%', 'Interval: 30s']));
  });

  test('E20: the dashboard assumes what the rules assume', async () => {
    expect(transformations(await (await exported(workspace())).manifest())).toContain('SLO threshold: 99.9%');
  });

  test('E21: a manifest owes the eight types, as in the reference; profile source the capability index', async () => {
    expect((await (await exported(workspace())).manifest()).artifacts.map(({ id }: Doc) => id)).toEqual(ALL);
    expect((await (await exported(workspace(), '--profile', 'source')).manifest()).artifacts.map(({ id }: Doc) => id)).toEqual([
      'm-capability-index',
    ]);
  });

  test('E22: the capability index is derived from something, and makes no service of the project', async () => {
    const made = await exported(workspace());
    const onboarding = await made.onboarding();
    const [index] = (await made.manifest()).artifacts;
    expect([index.id, index.derivedFrom.length]).toEqual(['m-capability-index', 1]);
    expect(Object.keys(onboarding.service_metadata)).toEqual(['svc']);
    expect(Object.keys(onboarding.instrumentation_hints)).toEqual(['svc']);
    expect(Object.keys(onboarding.design_calibration_hints)).not.toContain('client_m');
  });

  test.each([
    ['names that differ in - and _ only', ['a-b', 'a_b'], 'colliding-targets'],
    ['a target twice', ['a', 'a'], 'colliding-targets'],
    ['a target without a name', [''], 'blank-name'],
  ])('E23: %s writes nothing', async (_, names, code) => {
    const targets = names.map((name) => ({ kind: 'Job', name }));
    const made = await exported(workspace(changed('spec.targets', targets)));
    expect([made.code, made.exists]).toEqual([1, false]);
    expect(made.err).toMatch(new RegExp(`^\\.contextcore\\.yaml:\\d+:\\d+ +error +${code}$`, 'm'));
  });

  test('E23: a target named like the project keeps its own coverage and its own service', async () => {
    const made = await exported(workspace(changed('spec.project.id', 'svc')), '--verify');
    const { coverage, service_metadata } = await made.onboarding();
    expect([made.code, Object.keys(service_metadata)]).toEqual([0, ['svc']]);
    expect(coverage.byTarget.map(({ target, requiredCount }: Doc) => [target, requiredCount])).toEqual([['svc', 2]]);
  });

  test.each(['', ' ', null])('E24: the project id %j writes nothing', async (id) => {
    const made = await exported(workspace(changed('spec.project.id', id)));
    expect([made.code, made.exists, made.err]).toEqual([1, false, expect.stringContaining('spec.project.id')]);
  });

  test('E25: the selectors of log rules stand in the export as the reference has them', async () => {
    const rules = (await (await exported(workspace(changed('spec.targets.0.name', 'a-b')))).manifest()).artifacts.find(
      ({ type }: Doc) => type === 'loki_rule',
    );
    expect(rules.derivedFrom[0].transformation).toBe('{job="a-b"}');
    expect(rules.parameters).toMatchObject({ logSelectors: ['{app="a-b"}'], recordingRules: ['a-b_error_rate_5m', 'a-b_request_rate_5m'] });
  });

  test.each([
    [['#a', "it's"], "Channels: #a, it's"],
    [[], 'Channels:'],
  ])('E26: the channels %j read "%s"', async (alertChannels, text) => {
    const document = changed('spec.observability', { alertChannels });
    expect(transformations(await (await exported(workspace(document))).manifest())).toContain(text);
  });

  test.each(PROFILES)('E27: profile %s depends on nothing it leaves out', async (profile) => {
    const { artifacts } = await (await exported(workspace(), '--profile', profile)).manifest();
    const ids = artifacts.map(({ id }: Doc) => id);
    expect(artifacts.flatMap(({ dependsOn }: Doc) => dependsOn).filter((id: string) => !ids.includes(id))).toEqual([]);
  });

  test('E28: the description of the project is read', async () => {
    const { projectContext } = await (await exported(workspace(changed('spec.project.description', 'Keeps books')))).manifest();
    expect(projectContext.description).toBe('Keeps books');
  });
});

describe('strict quality, policies, inputs', () => {
  const tasks = JSON.stringify(Object.fromEntries(ALL.map((id) => [id, 'T-1'])));
  const strictly = (profile: string, policy = '{}') =>
    exported(
      workspace(minimal(), { 'src/x': '', 'tasks.json': tasks, '.contextcore-quality.yaml': policy }),
      ...['--strict-quality', '--task-mapping', 'tasks.json', '--scan-existing', 'src', '--profile', profile],
      ...existing(...ALL),
    );

  test('E29: only profile full meets the pinned schema version, as in the reference, and the refusal names the pin', async () => {
    expect((await strictly('full')).code).toBe(0);
    const refused = await strictly('operator');
    expect([refused.code, refused.exists, refused.err]).toEqual([1, false, expect.stringContaining('schema_pins.schema_version')]);
    expect((await strictly('operator', 'schema_pins: {schema_version: ""}')).code).toBe(0);
  });

  test('E30: the gates of the quality report are outcomes', async () => {
    const report = async (...words: readonly string[]) => (await exported(workspace(), ...words)).json('export-quality-report.json');
    expect((await report('--min-coverage', '60')).gates.coverage_meets_minimum).toBe(false);
    expect((await report('--min-coverage', '60', ...existing(...ALL))).gates.coverage_meets_minimum).toBe(true);
  });

  test('E31: a missed minimum exits 1 with the files written, as in the reference; a refusal and a dry run leave nothing', async () => {
    const missed = await exported(workspace(), '--min-coverage', '60');
    expect([missed.code, missed.names.length > 0]).toEqual([1, true]);
    expect((await exported(workspace(), '--dry-run')).exists).toBe(false);
    expect((await exported(workspace(), '--strict-quality')).exists).toBe(false);
  });

  test('E32: under a fixed clock two machines write the same bytes', async () => {
    const words = ['--emit-provenance', '--embed-provenance'];
    const [one, other] = [await exported(workspace(complete()), ...words), await exported(workspace(complete()), ...words)];
    expect(one.root).not.toBe(other.root);
    for (const name of one.names) expect([name, await one.text(name)]).toEqual([name, await other.text(name)]);
    expect(one.names).toEqual(other.names);
  });

  test.each(['[]', '"x"', 'null', '{'])('E33: the task mapping %s is wrong usage', async (text) => {
    await expect(exported(workspace(minimal(), { 'tasks.json': text }), '--task-mapping', 'tasks.json')).rejects.toThrow('tasks.json');
  });

  test('E33: odd tasks are told and passed through', async () => {
    const made = await exported(workspace(minimal(), { 'tasks.json': '{"svc-slo": 7}' }), '--task-mapping', 'tasks.json');
    expect(made.err).toContain('the task of svc-slo is');
    expect((await made.onboarding()).artifact_task_mapping).toEqual({ 'svc-slo': 7 });
  });

  test('E34: service metadata is judged; an empty object says that there are no services, null says nothing', async () => {
    const given = (text: string) => exported(workspace(minimal(), { 's.json': text }), '--service-metadata', 's.json');
    await expect(given('{"svc": "http"}')).rejects.toThrow('"svc"');
    expect(await (await given('{}')).onboarding()).not.toHaveProperty('service_metadata');
    expect(Object.keys((await (await given('null')).onboarding()).service_metadata)).toEqual(['svc']);
  });

  test.each([[[1]], [{ services: [1] }], [{ services: { svc: 'http' } }], [{ services: { svc: { imports: 'redis' } } }]])(
    'E35: the communication graph %j is a fault with its line',
    async (graph) => {
      const made = await exported(workspace(changed('spec.service_communication_graph', graph)));
      expect([made.code, made.exists]).toEqual([1, false]);
      expect(made.err).toMatch(/\.contextcore\.yaml:\d+.*service_communication_graph/s);
    },
  );

  test('E36: profile observability keeps the protocol that the graph tells', async () => {
    const document = changed('spec.service_communication_graph', { services: { svc: { protocol: 'grpc', language: 'go' } } });
    const made = await (await exported(workspace(document), '--profile', 'source')).again('--profile', 'observability');
    const { service_metadata, instrumentation_hints } = await made.onboarding();
    expect(service_metadata.svc.transport_protocol).toBe('grpc');
    expect(instrumentation_hints.svc.transport).toBe('grpc');
  });

  test('E37: snake_case wins in the security contract; repeated ids and nulls are told', async () => {
    const security = {
      sensitivity: 'high',
      dataStores: [
        { id: 'a', type: 'redis', clientLibrary: 'camel', client_library: 'snake' },
        { id: 'a', type: 'redis', credentialSource: null },
      ],
    };
    const made = await exported(workspace(changed('spec.security', security)));
    expect(made.err).toMatch(/warning +explicit-null$/m);
    expect(made.err).toMatch(/warning +repeated-id$/m);
    const single = await exported(workspace(changed('spec.security', { ...security, dataStores: security.dataStores.slice(0, 1) })));
    expect((await single.onboarding()).security_contract.databases.a.client_library).toBe('snake');
  });

  test('E38: the inventory has the roles that an export fills, as in the reference', async () => {
    const { artifact_inventory } = await (await exported(workspace(complete()))).json('run-provenance.json');
    const roles = artifact_inventory.map(({ role }: Doc) => role);
    for (const role of ['parameter_sources', 'example_artifacts', 'coverage_gaps']) expect(roles).not.toContain(role);
    expect(roles).toContain('derivation_rules');
  });

  test('E39: new_output keeps the names and no .bak, all or nothing', async () => {
    const first = await exported(workspace());
    const made = await first.again('--document-write-strategy', 'new_output');
    expect(made.names).toEqual(first.names);
    await mkdir(path.join(made.root, 'out/validation-report.json.dir'));
    await writeFile(path.join(made.root, '.contextcore.yaml'), write(changed('metadata.name', 'a/b')));
    const before = await made.text('onboarding-metadata.json');
    expect((await made.again()).code).toBe(1);
    expect(await made.text('onboarding-metadata.json')).toBe(before);
  });

  test('E40: rules and contracts have the keys that the reference really writes', async () => {
    const onboarding = await (await exported(workspace())).onboarding();
    expect(Object.keys(onboarding.derivation_rules.dashboard[0]).slice(0, 3)).toEqual(['property', 'sourceField', 'transformation']);
    expect(onboarding.expected_output_contracts.dashboard).toHaveProperty('fields');
    for (const key of ['run_provenance_file', 'run_id', 'run_provenance_checksum']) expect(onboarding).not.toHaveProperty(key);
  });

  test('E41: a v1.1 manifest is exported, with a warning', async () => {
    const made = await exported(workspace(completeV1()), '--verify');
    expect([made.code, made.err]).toEqual([0, expect.stringContaining('v1.1')]);
  });

  test('E42: the warnings of --verify read the percentage as one', async () => {
    const made = await exported(workspace(), ...existing('svc-dashboard'), '--verify');
    expect(made.err).not.toMatch(/Only 50|5000/);
    const few = await exported(workspace(changed('spec.business', { criticality: 'critical' })), ...existing('svc-dashboard'), '--verify');
    expect(few.err).toMatch(/Only 16\.7 %/);
  });
});

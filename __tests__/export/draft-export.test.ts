import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { draftExport, type ExportDraft } from '../../src/export/draft-export.ts';
import { finishExport } from '../../src/export/finish-export.ts';
import type { Emission } from '../../src/telemetry/emission.ts';
import { type Choices, exportInput, MANIFEST, NOW } from './inputs.ts';

const ALL = [
  'shop-projectcontext.yaml',
  'shop-artifact-manifest.yaml',
  'provenance.json',
  'onboarding-metadata.json',
  'validation-report.json',
  'export-quality-report.json',
  'run-provenance.json',
];

describe('the files of an export', () => {
  test.each<[string, Choices['settings'], readonly string[]]>([
    ['everything', {}, ALL],
    ['no provenance', { emitProvenance: false }, ALL.filter((name) => name !== 'provenance.json')],
    ['no onboarding', { emitOnboarding: false }, ALL.filter((name) => name !== 'onboarding-metadata.json')],
    [
      'the least',
      { emitProvenance: false, emitQualityReport: false, emitRunProvenance: false },
      ['shop-projectcontext.yaml', 'shop-artifact-manifest.yaml', 'onboarding-metadata.json', 'validation-report.json'],
    ],
    ['JSON', { format: 'json' }, ALL.map((name) => (name === 'shop-artifact-manifest.yaml' ? 'shop-artifact-manifest.json' : name))],
  ])('are those asked for: %s', (_, settings, names) => {
    expect(namesOf(draftExport(exportInput({ ...(settings && { settings }) })))).toEqual(names);
  });

  test('are the same bytes for the same input', () => {
    expect(draftExport(exportInput())).toEqual(draftExport(exportInput()));
  });

  test('vouch for each other with the digests of their bytes', () => {
    const draft = draftExport(exportInput());
    const onboarding = json(draft, 'onboarding-metadata.json');
    expect(onboarding.artifact_manifest_checksum).toBe(digest(draft, 'shop-artifact-manifest.yaml'));
    expect(onboarding.project_context_checksum).toBe(digest(draft, 'shop-projectcontext.yaml'));
    expect(onboarding.source_checksum).toBe(createHash('sha256').update(MANIFEST).digest('hex'));
    const { outputs } = json(draft, 'run-provenance.json');
    expect(outputs.map(({ path, sha256 }: { path: string; sha256: string }) => [path, sha256])).toEqual(
      ALL.slice(0, -1).map((name) => [`out/${name}`, digest(draft, name)]),
    );
  });

  test('hold no absolute path, even when all paths were given absolutely', () => {
    const paths = {
      path: '/w/.contextcore.yaml',
      outputDir: '/w/deep/out',
      scanExisting: '/w/infra',
      taskMapping: '/elsewhere/tasks.json',
      existing: ['cart-dashboard:/w/dash.json'],
    };
    const cliArgs = [
      'export',
      '-p',
      '/w/.contextcore.yaml',
      '-o/w/deep/out',
      '--scan-existing=/w/infra',
      '--task-mapping',
      '/elsewhere/tasks.json',
    ];
    const draft = draftExport(exportInput({ settings: { ...paths, cliArgs, embedProvenance: true } }));
    const all = everything(draft);
    for (const leak of ['"/', ' /w', '/w/', '/elsewhere']) expect(all).not.toContain(leak);
    expect(json(draft, 'provenance.json').cliArgs).toEqual([
      'export',
      '-p',
      '.contextcore.yaml',
      '-odeep/out',
      '--scan-existing=infra',
      '--task-mapping',
      'tasks.json',
    ]);
    expect(json(draft, 'onboarding-metadata.json').source_path_relative).toBe('.contextcore.yaml');
  });

  test.each<[string, string, string]>([
    ['.contextcore.yaml', 'out', '.contextcore.yaml'],
    ['conf/a.yaml', 'out', 'conf/a.yaml'],
    ['conf/a.yaml', 'conf/out', 'a.yaml'],
    ['.contextcore.yaml', 'build/deep/out', '.contextcore.yaml'],
    ['.contextcore.yaml', '.', '.contextcore.yaml'],
    ['./.contextcore.yaml', '/tmp/out', './.contextcore.yaml'],
    ['/w/..odd/a.yaml', 'out', '..odd/a.yaml'],
  ])('say that the manifest %s of an export to %s is at %s', (path, outputDir, relative) => {
    const draft = draftExport(exportInput({ settings: { path, outputDir } }));
    expect(json(draft, 'onboarding-metadata.json').source_path_relative).toBe(relative);
  });

  test('lack the sections that the profile leaves out, with no marker', () => {
    const draft = draftExport(exportInput({ profile: 'source' }));
    expect(everything(draft)).not.toContain('_omitted');
    const onboarding = json(draft, 'onboarding-metadata.json');
    for (const key of ['derivation_rules', 'parameter_resolvability', 'design_calibration_hints'])
      expect(onboarding).not.toHaveProperty(key);
    expect(onboarding.schema_version).toBe('1.1.0');
    expect(json(draft, 'run-provenance.json').artifact_inventory.map(({ role }: { role: string }) => role)).toEqual([
      'resolved_parameters',
      'semantic_conventions',
    ]);
    expect(json(draft, 'validation-report.json').resolvability).toEqual({ unresolved: [] });
  });

  test('claim no inventory without onboarding metadata, whatever an earlier export left', () => {
    const runProvenance = {
      version: '2.0.0',
      artifact_inventory: [{ artifact_id: 'export.open_questions', stage: 'export' }, { artifact_id: 'export.old' }, 7],
    };
    const run = json(
      draftExport(exportInput({ settings: { emitOnboarding: false } }, { previous: { runProvenance } })),
      'run-provenance.json',
    );
    expect(run).not.toHaveProperty('artifact_inventory');
    expect(run.version).toBe('1.0.0');
  });

  test.each([[[]], ['text'], [{ artifact_inventory: {} }], [null]])('bear a run provenance that is %j', (runProvenance) => {
    expect(json(draftExport(exportInput({}, { previous: { runProvenance } })), 'run-provenance.json').version).toBe('2.0.0');
  });

  test('tell how long the run took, with what, and from what', () => {
    const run = json(draftExport(exportInput({}, { startedAt: new Date(NOW.getTime() - 1234) })), 'run-provenance.json');
    expect(run).toMatchObject({
      started_at: '2026-01-15T09:29:58.766000',
      completed_at: '2026-01-15T09:30:00',
      duration_ms: 1234,
      config_snapshot: { profile: 'full' },
    });
    expect(run.inputs).toEqual([
      { path: '.contextcore.yaml', exists: true, mtime: '2026-01-15T09:30:00', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
  });

  test('keep the fraction of a float', () => {
    const draft = draftExport(exportInput({ settings: { minCoverage: 60 } }));
    expect(content(draft, 'shop-artifact-manifest.yaml')).toContain('overallCoverage: 0.0');
    expect(content(draft, 'validation-report.json')).toContain('"minimum_required": 60.0');
  });

  test('record refusals as what they are', () => {
    const quality = (refusals?: Parameters<typeof exportInput>[1]) =>
      json(draftExport(exportInput({ settings: { strict: true } }, refusals)), 'export-quality-report.json');
    expect(quality({ refusals: [{ code: 'task-mapping-missing', message: 'x' }] }).gates).toEqual({
      manifest_validation_passed: true,
      required_task_mapping_complete: false,
      schema_pins_passed: true,
      coverage_meets_minimum: true,
    });
    expect(quality().gates_evaluated).toEqual(['manifest_validation_passed', 'required_task_mapping_complete', 'schema_pins_passed']);
  });

  test('name the missing required artifacts when coverage is too low', () => {
    const draft = draftExport(exportInput({ settings: { minCoverage: 60 } }));
    expect(draft.meetsMinimum).toBe(false);
    const [diagnostic] = json(draft, 'validation-report.json').diagnostics;
    expect(diagnostic).toEqual({
      severity: 'error',
      code: 'COVERAGE_BELOW_MINIMUM',
      message: expect.stringMatching(/0 %, 0 of 2 .* 60 % .*cart-dashboard, cart-service-monitor/),
    });
  });

  test('never hold what is shaped or named like a secret', () => {
    const secret = 'ghp_' + 'a'.repeat(36);
    const yaml = MANIFEST.replace('Sells things', `"token ${secret} and https://bob:hunter2@x.example/y"`);
    const auxiliary = {
      serviceMetadata: { cart: { transport_protocol: 'http', password: 'correct horse', note: `x\nBearer ${'b'.repeat(20)}` } },
    };
    const cliArgs = ['run', '--otlp-headers', 'authorization=zzz', '--github-token=zzz', '--otlp-endpoint', 'https://bob:zzz@x.example'];
    const draft = draftExport(exportInput({ yaml, settings: { cliArgs } }, { auxiliary }));
    for (const leak of [secret, 'hunter2', 'correct horse', 'b'.repeat(20), 'zzz']) expect(everything(draft)).not.toContain(leak);
    expect(parse(content(draft, 'shop-artifact-manifest.yaml')).projectContext.description).toBe(
      'token [redacted] and https://[redacted]@x.example/y',
    );
  });

  test('take names such as __proto__ for data', () => {
    const yaml = MANIFEST.replace('name: cart', 'name: __proto__');
    const auxiliary = { taskMapping: JSON.parse('{"__proto__": "T-1"}') };
    const onboarding = json(draftExport(exportInput({ yaml }, { auxiliary })), 'onboarding-metadata.json');
    expect(Object.hasOwn(onboarding.artifact_task_mapping, '__proto__')).toBe(true);
    expect(Object.hasOwn(onboarding.service_metadata, '__proto__')).toBe(true);
  });
});

describe('finishing an export', () => {
  const sent: Emission = {
    state: 'sent',
    reason: 'All 9 spans were accepted.',
    traceId: 'a'.repeat(32),
    traceIds: ['a'.repeat(32)],
    drafted: 9,
    sent: 9,
    spooled: 0,
    lost: 0,
    acceptedAt: '2026-01-15T09:30:01+00:00',
  };

  test('without an emission leaves every byte', () => {
    const draft = draftExport(exportInput());
    expect(finishExport(draft, undefined)).toBe(draft);
  });

  test('tells the trace that a backend accepted, and fingerprints the file anew', () => {
    const draft = draftExport(exportInput());
    const done = finishExport(draft, sent);
    const before = json(draft, 'onboarding-metadata.json');
    const after = json(done, 'onboarding-metadata.json');
    expect(after).toEqual({
      ...before,
      task_trace_id: 'a'.repeat(32),
      task_emission_timestamp: '2026-01-15T09:30:01+00:00',
      task_emission: {
        state: 'sent',
        reason: sent.reason,
        trace_id: 'a'.repeat(32),
        spool: null,
        drafted: 9,
        sent: 9,
        spooled: 0,
        lost: 0,
      },
    });
    expect(Object.keys(after).slice(0, -3)).toEqual(Object.keys(before));
    expect(content(done, 'onboarding-metadata.json')).toBe(
      JSON.stringify(after, null, 2)
        .replaceAll(/"(overallCoverage|coveragePercent)": (\d+)(?=[,\n])/g, '"$1": $2.0')
        .replaceAll(/[^\0-\u007f]/g, (unit) => '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0')),
    );
    const output = json(done, 'run-provenance.json').outputs.find(({ path }: { path: string }) => path === 'out/onboarding-metadata.json');
    expect(output.sha256).toBe(digest(done, 'onboarding-metadata.json'));
    expect(output.sha256).not.toBe(digest(draft, 'onboarding-metadata.json'));
  });

  test.each(['partial', 'spooled', 'previewed', 'lost', 'none'] as const)(
    'names no trace id to rely on when the emission is %s',
    (state) => {
      const after = json(
        finishExport(draftExport(exportInput()), { ...sent, state, spool: 'task-spans.otlp.jsonl' }),
        'onboarding-metadata.json',
      );
      expect(after).not.toHaveProperty('task_trace_id');
      expect(after).not.toHaveProperty('task_emission_timestamp');
      expect(after.task_emission).toMatchObject({ state, spool: 'task-spans.otlp.jsonl' });
    },
  );

  test('leaves an export without onboarding metadata as it is', () => {
    const draft = draftExport(exportInput({ settings: { emitOnboarding: false } }));
    expect(finishExport(draft, sent)).toBe(draft);
  });
});

function json(draft: ExportDraft, name: string): any {
  return JSON.parse(content(draft, name));
}

function content(draft: ExportDraft, name: string): string {
  return Buffer.from(draft.files.find((file) => file.name === name)?.bytes ?? []).toString();
}

function digest(draft: ExportDraft, name: string): string {
  return createHash('sha256').update(content(draft, name)).digest('hex');
}

function everything(draft: ExportDraft): string {
  return draft.files.map((file) => Buffer.from(file.bytes).toString()).join('\n');
}

function namesOf(draft: ExportDraft): readonly string[] {
  return draft.files.map((file) => file.name);
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { draftExport } from '../../src/export/draft-export.ts';
import type { ExportInput } from '../../src/export/export-input.ts';
import { exportInput } from './inputs.ts';

// What the reference wrote for these manifests. Prose, timestamps and digests of its own text are left out of the comparison, and the deviations of design.md are named.

const FIXTURES = join(import.meta.dirname, 'fixtures');

describe.each(['guidance', 'key-results', 'security-stores', 'strict-pass'])('the case %s', (name) => {
  const files = read(draftFor(name));

  test('has the project context of the reference', () => {
    expect(files('ledger-projectcontext.yaml')).toEqual(golden(name, 'projectcontext.yaml'));
  });

  test('has the artifact manifest of the reference', () => {
    const mine = files('ledger-artifact-manifest.yaml');
    const theirs = golden(name, 'artifact-manifest.yaml');
    expect(Object.keys(mine)).toEqual(Object.keys(theirs));
    for (const section of ['owners', 'guidance', 'objectives', 'semanticConventions', 'crdReference'])
      expect(mine[section]).toEqual(theirs[section]);
    expect(mine.projectContext).toMatchObject(theirs.projectContext);
    expect(mine.artifacts.map(comparable)).toEqual(theirs.artifacts.map(comparable));
    expect(mine.artifacts.map((artifact: object) => Object.keys(artifact))).toEqual(
      theirs.artifacts.map((artifact: object) => Object.keys(artifact)),
    );
  });
});

describe.each(['guidance', 'strict-pass'])('the onboarding metadata of %s', (name) => {
  const mine = read(draftFor(name))('onboarding-metadata.json');
  const theirs = golden(name, 'onboarding-metadata.json');

  test('has the keys of the reference in their order', () => {
    expect(Object.keys(mine).filter((key) => key in theirs)).toEqual(Object.keys(theirs));
    expect(Object.keys(mine).filter((key) => !(key in theirs))).toEqual([]);
  });

  test.each([
    'version',
    'schema',
    'project_id',
    'artifact_manifest_path',
    'crd_reference',
    'parameter_schema',
    'semantic_conventions',
    'guidance',
    'capabilities',
    'artifact_dependency_graph',
    'objectives',
    'resolved_artifact_parameters',
    'open_questions',
    'requirements_hints',
    'service_metadata',
    'source_checksum',
    'artifact_task_mapping',
    'file_ownership',
  ])('says the same about %s', (key) => {
    expect(mine[key]).toEqual(theirs[key]);
  });

  test('says where the manifest really is', () => {
    expect(mine.source_path_relative).toBe('.contextcore.yaml');
  });
});

describe('the reports of strict-pass', () => {
  const files = read(draftFor('strict-pass'));
  // Coverage counts what is required (E11): the runbook that exists is optional, so two of four required artifacts stand, and not three.
  const corrected = { overall_coverage_percent: 50, meets_minimum: false };

  test.each(['validation-report.json', 'export-quality-report.json'])('%s equals that of the reference', (file) => {
    const mine = files(file);
    const theirs = golden('strict-pass', file);
    expect(Object.keys(mine).filter((key) => key in theirs)).toEqual(Object.keys(theirs));
    for (const key of Object.keys(theirs)) {
      if (key === 'generated_at') expect(mine[key]).toBe(theirs[key]);
      else if (key === 'checksums') expect(mine[key].source_checksum).toBe(theirs[key].source_checksum);
      else if (key === 'resolvability') expect(mine[key]).toEqual({ ...theirs[key], summary: { ...theirs[key].summary, defaulted: 0 } });
      else if (key === 'coverage') expect(mine[key]).toEqual({ ...theirs[key], ...corrected });
      else if (key === 'gates') expect(mine[key]).toEqual({ ...theirs[key], coverage_meets_minimum: false });
      else if (key === 'diagnostics') expect(mine[key].map(({ code }: { code: string }) => code)).toEqual(['COVERAGE_BELOW_MINIMUM']);
      else expect(mine[key]).toEqual(theirs[key]);
    }
  });

  test('provenance holds the options of the reference, and nothing of the machine', () => {
    const mine = files('provenance.json');
    const theirs = golden('strict-pass', 'provenance.json');
    expect(mine.cliOptions).toEqual(theirs.cliOptions);
    expect(mine.outputFiles).toEqual(expect.arrayContaining(theirs.outputFiles));
    expect(mine).toMatchObject({
      sourcePath: '.contextcore.yaml',
      sourceChecksum: theirs.sourceChecksum,
      outputDirectory: 'out',
      generationProfile: 'full',
    });
    for (const key of ['hostname', 'username', 'workingDirectory', 'pythonVersion']) expect(mine).not.toHaveProperty(key);
  });

  test('run provenance registers the inventory of the reference', () => {
    const mine = files('run-provenance.json');
    const theirs = golden('strict-pass', 'run-provenance.json');
    expect(Object.keys(mine)).toEqual(Object.keys(theirs));
    expect(mine.outputs.map(({ path }: { path: string }) => path)).toEqual(theirs.outputs.map(({ path }: { path: string }) => path));
    expect(mine.artifact_references).toEqual(theirs.artifact_references);
    expect(mine.quality_summary).toEqual({ ...theirs.quality_summary, coverage_meets_minimum: false });
    const facts = ({ artifact_id, role, produced_by, stage, source_file, produced_at, consumers, json_path }: Record<string, unknown>) => ({
      artifact_id,
      role,
      produced_by,
      stage,
      source_file,
      produced_at,
      consumers,
      json_path,
    });
    expect(mine.artifact_inventory.map(facts)).toEqual(theirs.artifact_inventory.map(facts));
    expect(mine.artifact_inventory.map((entry: object) => Object.keys(entry))).toEqual(
      theirs.artifact_inventory.map((entry: object) => Object.keys(entry)),
    );
    // A section without prose has the same canonical text, so the same digest.
    const graph = (entries: readonly { role: string; sha256: string }[]) => entries.find(({ role }) => role === 'dependency_graph')?.sha256;
    expect(graph(mine.artifact_inventory)).toBe(graph(theirs.artifact_inventory));
  });
});

test('entries of earlier pipeline steps stay in the inventory, those of an earlier export go', () => {
  const previous = { runProvenance: golden('rerun-backup', 'previous-run-provenance.json') };
  const mine = read(exportInput({ yaml: bytes('rerun-backup', 'manifest.yaml') }, { previous }))('run-provenance.json');
  const ids = (document: { artifact_inventory: readonly { artifact_id: string }[] }) =>
    document.artifact_inventory.map(({ artifact_id }) => artifact_id);
  expect(ids(mine)).toEqual(ids(golden('rerun-backup', 'run-provenance.json')));
  expect(JSON.stringify(mine)).not.toContain('dropped');
});

type Golden = any;

function draftFor(name: string): ExportInput {
  const yaml = bytes(name, 'manifest.yaml');
  if (name !== 'strict-pass') return exportInput({ yaml });
  const scanned = 'infra/grafana/dashboards';
  const found = new Map(
    ['ledger-dashboard.json', 'ledger-runbook.md', 'ledger-service-monitor.yaml'].map((file) => [
      file.replace(/\.\w+$/, ''),
      { path: `${scanned}/${file}`, rule: 'convention' },
    ]),
  );
  const settings = {
    strict: true,
    minCoverage: 60,
    embedProvenance: true,
    scanExisting: scanned,
    taskMapping: 'tasks.json',
    policy: { environment: 'dev', scanPathAllowlist: golden(name, 'export-quality-report.json').policy_effective.scan_path_allowlist },
  };
  return exportInput({ yaml, found, settings }, { auxiliary: { taskMapping: golden(name, 'tasks.json') } });
}

function read(input: ExportInput): (name: string) => Golden {
  const files = new Map(draftExport(input).files.map((file) => [file.name, Buffer.from(file.bytes).toString()]));
  return (name) => parse(files.get(name) ?? '', { version: '1.1' });
}

/** Without prose; and without the derivation of the capability index, which the reference lacks (E22). */
function comparable({ derivedFrom, ...artifact }: { type: string; derivedFrom: readonly Record<string, unknown>[] }): object {
  if (artifact.type === 'capability_index') return artifact;
  return { ...artifact, derivedFrom: derivedFrom.map(({ property, sourceField }) => ({ property, sourceField })) };
}

function golden(name: string, file: string): Golden {
  // This parser takes a lone dot of YAML 1.1 for a number.
  return parse(bytes(name, file).toString(), (_, value: unknown) => (Number.isNaN(value) ? '.' : value), { version: '1.1' });
}

function bytes(name: string, file: string): Buffer {
  return readFileSync(join(FIXTURES, name, file));
}

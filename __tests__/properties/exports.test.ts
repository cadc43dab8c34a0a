import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse as parseYaml } from 'yaml';
import { ONBOARDING, PROVENANCE, QUALITY_REPORT, RUN_PROVENANCE, VALIDATION_REPORT } from '../../src/export/export-input.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { NOW } from '../export/inputs.ts';
import type { Doc } from '../manifest/samples.ts';
import { validatorOf } from '../schemas/validators.ts';
import { type Asked, asked, contractOf, filesOf, inputOf, readManifest } from './exports.ts';
import { holds, manifestV2 } from './manifests.ts';

const onboardingFaults = validatorOf('onboarding-metadata.schema.json');

/** An export as a reader has it: each file parsed. */
interface Written {
  readonly texts: ReadonlyMap<string, string>;
  readonly manifest: Doc;
  readonly onboarding: Doc;
  readonly validation: Doc;
  readonly quality: Doc;
  readonly run: Doc;
}

function texts(document: Doc, choices: Asked): ReadonlyMap<string, string> {
  return filesOf(inputOf(readManifest(document), choices));
}

function written(document: Doc, choices: Asked): Written {
  const files = texts(document, choices);
  const json = (name: string) => JSON.parse(files.get(name)!);
  const onboarding = json(ONBOARDING);
  return {
    texts: files,
    onboarding,
    manifest: parseManifestText(files.get(onboarding.artifact_manifest_path)!),
    validation: json(VALIDATION_REPORT),
    quality: json(QUALITY_REPORT),
    run: json(RUN_PROVENANCE),
  };
}

/** What holds of every export. A failure names the invariant by its function, and the seed by which it is found again. */
const INVARIANTS: readonly ((made: Written, document: Doc, choices: Asked) => void)[] = [
  coverageIsOneAndBetween0And100,
  idsAreUniqueAndDependenciesKnown,
  checksumsAreTrueOfTheBytes,
  schemaAcceptsTheMetadata,
];

describe('an export of any manifest', () => {
  test('has one coverage from 0 to 100, ids of its own, known dependencies, true checksums and metadata as its schema says', () => {
    holds(
      fc.property(manifestV2, asked, (document, choices) => {
        const made = written(document, choices);
        for (const holdsTrue of INVARIANTS) holdsTrue(made, document, choices);
        return true;
      }),
      500,
    );
  });

  test('is the same bytes when it is made twice at one time', () => {
    holds(
      fc.property(manifestV2, asked, (document, choices) => {
        const [once, again] = [texts(document, choices), texts(document, choices)];
        return [...once].every(([name, text]) => again.get(name) === text) && once.size === again.size;
      }),
      250,
    );
  });

  test('says the same in JSON and in YAML, to readers of YAML 1.1 and of 1.2', () => {
    holds(
      fc.property(manifestV2, asked, fc.constantFrom<'1.1' | '1.2'>('1.1', '1.2'), (document, choices, version) => {
        const json = texts(document, { ...choices, format: 'json' });
        const yaml = texts(document, { ...choices, format: 'yaml' });
        const names = [...yaml.keys()].filter((name) => name.endsWith('.yaml'));
        const manifest = names.find((name) => name.endsWith('-artifact-manifest.yaml'))!;
        const read = (name: string) => plain(parseYaml(yaml.get(name)!, { version }));
        // The embedded provenance tells the format, and which file was written.
        const common = ({ metadata: { provenance: _, ...metadata }, ...rest }: Doc) => ({ ...rest, metadata });
        expect(common(read(manifest))).toEqual(common(JSON.parse(json.get(manifest.replace(/yaml$/, 'json'))!)));
        const context = names.find((name) => name !== manifest)!;
        expect(read(context)).toEqual(plain(parseYaml(yaml.get(context)!)));
        return true;
      }),
      200,
    );
  });

  test('names no absolute path, host or user', () => {
    const root = '/home/zq-user/zq-host/work';
    const settings = {
      root,
      path: `${root}/.contextcore.yaml`,
      outputDir: `${root}/out`,
      scanExisting: root,
      taskMapping: '/home/zq-user/tasks.json',
      serviceMetadata: `${root}/services.json`,
      existing: [`a-dashboard:${root}/a.json`],
      cliArgs: [`${root}/bin/export-tasks`, 'export', '-p', `${root}/.contextcore.yaml`, '--task-mapping=/home/zq-user/tasks.json'],
      policy: { path: '/home/zq-user/.contextcore-quality.yaml', environment: 'dev', scanPathAllowlist: ['src'] },
    };
    const paths = [settings.path, settings.taskMapping, settings.serviceMetadata, root, settings.policy.path];
    const inputs = paths.map((path) => ({ path, exists: true, mtime: NOW, sha256: '0'.repeat(64) }));
    const git = { commit: '0'.repeat(40), branch: 'main', dirty: false, remote: 'https://git.example.com/x.git' };
    holds(
      fc.property(manifestV2, asked, (document, choices) => {
        for (const [name, text] of filesOf(inputOf(readManifest(document), choices, { git, inputs }, settings)))
          expect([name, /.{0,60}zq-(?:user|host).{0,20}/.exec(text)?.[0]]).toEqual([name, undefined]);
        return true;
      }),
      200,
    );
  });
});

function coverageIsOneAndBetween0And100({ manifest, onboarding, validation, quality }: Written, _: Doc, { minCoverage = 0 }: Asked): void {
  const required = manifest.artifacts.filter(({ priority }: Doc) => priority === 'required');
  const existing = required.filter(({ status }: Doc) => status === 'exists' || status === 'outdated');
  const isNeeded = ({ status }: Doc) => status === 'needed';
  const { gaps, requiredGaps, ...short } = onboarding.coverage;
  expect(manifest.coverage).toEqual(short);
  expect([short.totalRequired, short.totalExisting]).toEqual([required.length, existing.length]);
  const exact = required.length === 0 ? 100 : (existing.length / required.length) * 100;
  expect(Math.abs(short.overallCoverage - exact)).toBeLessThanOrEqual(0.051);
  const percents = [short.overallCoverage, ...short.byTarget.map((row: Doc) => row.coveragePercent)];
  expect(percents.filter((percent) => !(percent >= 0 && percent <= 100))).toEqual([]);
  expect([sum(short.byTarget, 'requiredCount'), sum(short.byTarget, 'existingCount')]).toEqual([short.totalRequired, short.totalExisting]);
  expect(gaps).toEqual(manifest.artifacts.filter(isNeeded).map(({ id }: Doc) => id));
  expect(requiredGaps).toEqual(required.filter(isNeeded).map(({ id }: Doc) => id));
  expect(short.byTarget.flatMap((row: Doc) => row.gaps).sort()).toEqual([...requiredGaps].sort());
  expect(Object.values<number>(short.byType).reduce((all, count) => all + count, 0)).toBe(gaps.length);
  expect(validation.coverage).toMatchObject({ overall_coverage_percent: short.overallCoverage, gap_count: gaps.length, gaps });
  expect(validation.coverage.meets_minimum).toBe(short.overallCoverage >= minCoverage);
  expect(quality.coverage).toEqual(validation.coverage);
}

function idsAreUniqueAndDependenciesKnown({ manifest, onboarding }: Written, document: Doc, choices: Asked): void {
  const ids: readonly string[] = manifest.artifacts.map(({ id }: Doc) => id);
  const known = new Set(ids);
  const unknown = (others: readonly string[]) => others.filter((id) => !known.has(id));
  expect(known.size).toBe(ids.length);
  expect(unknown(manifest.artifacts.flatMap(({ dependsOn }: Doc) => dependsOn))).toEqual([]);
  expect(unknown(Object.entries<string[]>(onboarding.artifact_dependency_graph ?? {}).flat(2))).toEqual([]);
  const owned = Object.values<Doc>(onboarding.file_ownership ?? {}).flatMap(({ artifact_ids }) => artifact_ids);
  expect(owned.sort()).toEqual([...ids].sort());
  expect(Object.keys(onboarding.resolved_artifact_parameters ?? {}).sort()).toEqual([...ids].sort());
  const plan = buildPlan(contractOf(readManifest(document), choices));
  const taskIds = [plan.epic.taskId, ...plan.stories.map(({ taskId }) => taskId), ...plan.tasks.map(({ taskId }) => taskId)];
  expect(new Set(taskIds).size).toBe(taskIds.length);
  expect(plan.tasks.flatMap(({ dependsOn, unknownDependencies }) => [...unknown(dependsOn), ...unknownDependencies])).toEqual([]);
  expect([plan.cycles, plan.warnings]).toEqual([[], []]);
}

function checksumsAreTrueOfTheBytes({ texts, onboarding, validation, run }: Written, document: Doc, { emitProvenance }: Asked): void {
  const digest = (name: string) => sha256(texts.get(name)!);
  const checksums = {
    source_checksum: sha256(JSON.stringify(document)),
    artifact_manifest_checksum: digest(onboarding.artifact_manifest_path),
    project_context_checksum: digest(onboarding.project_context_path),
  };
  expect(onboarding).toMatchObject(checksums);
  expect(validation.checksums).toEqual(checksums);
  const others = [...texts.keys()].filter((name) => name !== RUN_PROVENANCE);
  expect(run.outputs.map((output: Doc) => [output.path, output.sha256])).toEqual(others.map((name) => [`out/${name}`, digest(name)]));
  if (!emitProvenance) return;
  const provenance = JSON.parse(texts.get(PROVENANCE)!);
  expect([provenance.sourceChecksum, provenance.outputFiles]).toEqual([onboarding.source_checksum, [...texts.keys()]]);
}

function schemaAcceptsTheMetadata({ onboarding }: Written): void {
  expect(onboardingFaults(onboarding)).toEqual([]);
}

describe('one more existing artifact', () => {
  test('never lowers coverage, of the whole or of a target', () => {
    holds(
      fc.property(manifestV2, asked, fc.nat(), (document, choices, pick) => {
        const parsed = readManifest(document);
        const before = contractOf(parsed, choices);
        const states = before.artifacts.map((_, index) => choices.found[index % choices.found.length]!);
        if (states.length === 0) return true;
        const index = pick % states.length;
        const after = contractOf(parsed, { ...choices, found: states.with(index, states[index] === 'outdated' ? 'outdated' : 'file') });
        expect(after.coverage.overallCoverage).toBeGreaterThanOrEqual(before.coverage.overallCoverage);
        after.coverage.byTarget.forEach(({ coveragePercent }, row) => {
          expect(coveragePercent).toBeGreaterThanOrEqual(before.coverage.byTarget[row]!.coveragePercent);
        });
        expect(after.coverage.gaps.length).toBeLessThanOrEqual(before.coverage.gaps.length);
        return true;
      }),
      400,
    );
  });
});

/** The parser of YAML is slow with JSON, which is YAML too. */
function parseManifestText(text: string): Doc {
  return text.startsWith('{') ? JSON.parse(text) : parseYaml(text);
}

function plain(value: unknown): Doc {
  return JSON.parse(JSON.stringify(value));
}

function sum(rows: readonly Doc[], key: string): number {
  return rows.reduce((all, row) => all + row[key], 0);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

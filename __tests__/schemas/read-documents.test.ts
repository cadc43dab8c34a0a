import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { schemaTexts } from '../../scripts/write-schemas.ts';
import { parsePolicy } from '../../src/manifest/policy.ts';
import { changed, complete, completeV1, type Doc, minimal, parseDoc, write } from '../manifest/samples.ts';
import { misspelt, validatorOf } from './validators.ts';

const EXAMPLE = path.resolve(import.meta.dirname, '../../.github/examples/shop/.contextcore.yaml');

describe('the schema of a manifest', () => {
  const faults = validatorOf('manifest.schema.json');

  test.each<[string, () => Doc]>([
    ['the smallest v2', minimal],
    ['a complete v2', complete],
    ['a complete v1.1', completeV1],
    ['a v2 by its version', () => ({ ...minimal(), apiVersion: 'mine', version: '2.1' })],
  ])('accepts %s', (_, document) => {
    expect(faults(document())).toEqual([]);
  });

  test('accepts the example that the README shows', async () => {
    expect(faults(parse(await readFile(EXAMPLE, 'utf8')))).toEqual([]);
  });

  test('takes both spellings of a key, and asks for one where it is required', () => {
    const named = { metric_key: 'availability', unit: '%', target: 99 };
    const document = (keyResult: object) => changed('strategy', { objectives: [{ id: 'O', description: 'd', key_results: [keyResult] }] });
    expect(faults(document(named))).toEqual([]);
    expect(faults(document({ ...named, metricKey: 'availability' }))).toEqual([]);
    const { metric_key: _, ...unnamed } = named;
    expect(faults(document(unnamed))).not.toEqual([]);
  });

  test.each<[string, unknown]>([
    ['spec.requirements.availability', ' 99.9 '],
    ['spec.requirements.latencyP99', '200MS'],
    ['spec.requirements.throughput', '1000RPM'],
    ['spec.observability.runbook', 'HTTP://A.B'],
    ['spec.observability.traceSampling', '0.5'],
    ['spec.security.dataStores', [{ id: 'a', type: 'redis', accessPolicy: { auditAccess: 'Yes' } }]],
    ['spec.requirements', null],
    ['guidance.focus', null],
    ['metadata.lastUpdated', '2026-01-01 10:00Z'],
    ['metadata.links', { 'any name': 'x', constructor: 'y' }],
  ])('accepts %s: %j, as the parser does', (at, value) => {
    const document = changed(at, value);
    expect([faults(document), parseDoc(document).ok]).toEqual([[], true]);
  });

  test.each<[string, unknown]>([
    ['spec.requirements.availability', 99.9],
    ['spec.requirements.availability', '101'],
    ['spec.requirements.latencyP99', '200 ms'],
    ['spec.requirements.throughput', '1000'],
    ['spec.observability.runbook', 'ftp://x.y/z'],
    ['spec.observability.traceSampling', '1.5x'],
    ['spec.targets', []],
    ['spec.targets.0.kind', 'Pod'],
    ['spec.targets.0.name', 'a/b'],
    ['spec.targets.0.name', ' '],
    ['spec.project.id', null],
    ['spec.risks', null],
    ['metadata', undefined],
    ['metadata.changelog', [{ date: '2026-01-01', version: 1, summary: 's' }]],
  ])('refuses %s: %j, as the parser does', (at, value) => {
    const document = changed(at, value);
    expect([faults(document).length > 0, parseDoc(document).ok]).toEqual([true, false]);
  });

  test.each<[string, Doc]>([
    ['v2', complete()],
    ['v1.1', completeV1()],
  ])('finds every misspelt key of a %s manifest', (_, document) => {
    const free = /^\/metadata\/links\/|\/deliverables\/|\/strategyGroups\/\d+\/|\/services\/[^/]+$/;
    const slips = [...misspelt(document)].filter(([at]) => !free.test(at));
    expect(slips.length).toBeGreaterThan(100);
    expect(slips.filter(([, slip]) => faults(slip).length === 0).map(([at]) => at)).toEqual([]);
  });

  test('describes every key, in whichever spelling', () => {
    const { definitions } = JSON.parse(schemaTexts().get('manifest.schema.json')!);
    expect(undescribed(definitions.v2, definitions)).toEqual([]);
    expect(undescribed(definitions['v1.1'], definitions)).toEqual([]);
  });
});

describe('the schema of a policy', () => {
  const faults = validatorOf('policy.schema.json');
  const policy = {
    strict_quality_default: true,
    coverage_thresholds_by_env: { dev: 60, prod: '90%' },
    schema_pins: { schema_version: null },
    gates: { 'design-calibration': 'off', 'custom-one': 'warning' },
    waivers: [{ gate: 'gap-parity', artifact: 'a', reason: 'r', owner: 'o', expires: '2026-12-31' }],
    artifacts: [{ type: 'dashboard', path: 'dash/{target}.json' }],
    'coverage-policy': 'absolute',
    'min-coverage': '80%',
  };

  test('accepts a sound one, and nothing at all', () => {
    expect(faults(policy)).toEqual([]);
    expect(faults({})).toEqual([]);
  });

  test.each<[string, object]>([
    ['a level', { gates: { 'gap-parity': 'of' } }],
    ['a type', { artifacts: [{ type: 'dashbord', path: 'a/{target}' }] }],
    ['a day', { waivers: [{ ...policy.waivers[0], expires: 'tomorrow' }] }],
    ['a percentage', { 'min-coverage': 101 }],
    ['text for a switch', { strict_quality_default: 'false' }],
    ['a path out of the tree', { artifacts: [{ type: 'dashboard', path: '../{target}' }] }],
  ])('refuses %s that is none, as the parser does', (_, change) => {
    const known = { artifactTypes: ['dashboard'], gates: ['gap-parity'] };
    expect([faults(change).length > 0, parsePolicy(new TextEncoder().encode(write(change)), 'p.yaml', known).ok]).toEqual([true, false]);
  });

  test('finds every misspelt key', () => {
    const slips = [...misspelt(policy)].filter(([at]) => !/^\/(gates|coverage_thresholds_by_env)\//.test(at));
    expect(slips.filter(([, slip]) => faults(slip).length === 0).map(([at]) => at)).toEqual([]);
  });

  test('describes every key', () => {
    const schema = JSON.parse(schemaTexts().get('policy.schema.json')!);
    expect(undescribed(schema, {})).toEqual([]);
  });
});

/** Paths of declared keys without a description; a reference is followed. */
function undescribed(schema: Doc, definitions: Doc, at = ''): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  if (schema.$ref !== undefined) return undescribed(definitions[schema.$ref.split('/').at(-1)], definitions, at);
  const below = [schema.items, schema.additionalProperties, ...(schema.anyOf ?? [])].flatMap((part) => undescribed(part, definitions, at));
  const keys = Object.entries<Doc>(schema.properties ?? {}).flatMap(([key, value]) => {
    const target = value.$ref === undefined ? value : definitions[value.$ref.split('/').at(-1)];
    return [...(target.description === undefined ? [`${at}.${key}`] : []), ...undescribed(target, definitions, `${at}.${key}`)];
  });
  return [...below, ...keys];
}

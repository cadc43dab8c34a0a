import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse as parseYaml } from 'yaml';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import { parsePolicy } from '../../src/manifest/policy.ts';
import { accepted, faultsOf } from './samples.ts';

const CASES = join(import.meta.dirname, '../../../shared/reference/export');
const names = existsSync(CASES) ? readdirSync(CASES).filter((name) => existsSync(join(CASES, name, 'case.json'))) : [];

interface Reading {
  readonly kind: 'ok' | 'yaml' | 'schema' | 'value' | 'unexpected' | 'missing-file';
  readonly manifestVersion?: string;
  readonly errors?: readonly { readonly loc: string }[];
}

/** Where we depart from the reference on purpose: whether the manifest is accepted here. */
const DEPARTURES: Readonly<Record<string, boolean>> = {
  'bad-boolean-name': true, // YAML 1.2: `yes` is text
  'yaml-question-mark-in-flow': true, // valid YAML 1.2
  'yaml11-scalars': false, // YAML 1.2: `1_000` and `1:30` are no numbers
  'bad-duplicate-keys': false,
  'id-collision': false,
  'real-weaver': false, // empty names
};

function load(name: string) {
  const json = (file: string) => JSON.parse(readFileSync(join(CASES, name, file), 'utf8'));
  const { args } = json('case.json');
  const reading: Reading = json('expected/exit.json').manifest;
  return { args, reading, bytes: () => readFileSync(join(CASES, name, args.path)) };
}

const read = names.filter((name) => load(name).reading.kind !== 'missing-file');
const overlaps = (a: string, b: string) => a === '' || b === '' || `${a}.`.startsWith(`${b}.`) || `${b}.`.startsWith(`${a}.`);

if (names.length === 0) {
  test.skip(`every manifest of the reference is read alike: skipped, ${CASES} is not there`, () => {});
} else {
  describe('manifests of the reference', () => {
    test.each(read)('%s is read as the reference reads it, but where we depart on purpose', (name) => {
      const { args, reading, bytes } = load(name);
      const parsed = parseManifest(bytes(), args.path);
      expect(parsed.ok).toBe(DEPARTURES[name] ?? reading.kind === 'ok');
      if (reading.manifestVersion && name !== 'yaml-question-mark-in-flow') expect(parsed.version).toBe(reading.manifestVersion);
      if (reading.kind !== 'schema' || parsed.ok) return;
      const mine = faultsOf(parsed).map((fault) => fault.path);
      const theirs = (reading.errors ?? []).map(({ loc }) => loc);
      for (const loc of theirs) expect(mine.filter((path) => overlaps(path, loc))).not.toEqual([]);
      for (const path of mine) expect(theirs.filter((loc) => overlaps(path, loc))).not.toEqual([]);
    });

    const contexts = read.flatMap((name) => {
      const out = join(CASES, name, 'expected/out');
      const file = existsSync(out) ? readdirSync(out).find((entry) => entry.endsWith('-projectcontext.yaml')) : undefined;
      return file && !(name in DEPARTURES) ? [[name, join(out, file)] as const] : [];
    });

    test('there are contexts to compare with', () => {
      expect(contexts.length).toBeGreaterThan(50);
    });

    test.each(contexts)('%s has the spec that the reference writes', (name, file) => {
      const { args, bytes } = load(name);
      const { name: _name, description: _description, ...project } = accepted(parseManifest(bytes(), args.path)).manifest.spec.project;
      const { manifest } = accepted(parseManifest(bytes(), args.path));
      expect({ ...manifest.spec, project }).toEqual(parseYaml(readFileSync(file, 'utf8')).spec);
    });
  });

  test.each(['real-top-level', 'quality-policy-file'])('the policy of %s is valid', (name) => {
    const parsed = parsePolicy(readFileSync(join(CASES, name, '.contextcore-quality.yaml')), 'p');
    expect(parsed.ok && parsed.warnings).toEqual([]);
  });
}

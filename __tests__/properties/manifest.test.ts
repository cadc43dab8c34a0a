import { Buffer } from 'node:buffer';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse as parseYaml } from 'yaml';
import { yamlText } from '../../src/export/yaml-text.ts';
import type { Manifest, ParsedManifest } from '../../src/manifest/manifest.ts';
import { migratedDocument, rewriteAsV2 } from '../../src/manifest/migrate-text.ts';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import { parsePolicy } from '../../src/manifest/policy.ts';
import { type Doc, write } from '../manifest/samples.ts';
import { validatorOf } from '../schemas/validators.ts';
import { manifestBytes, readManifest } from './exports.ts';
import { holds, manifestV1, manifestV2 } from './manifests.ts';

const FILE = '.contextcore.yaml';
const schemaFaults = validatorOf('manifest.schema.json');

/** In plain objects, without what says no more than its absence. */
function plain(value: unknown): Doc {
  return JSON.parse(JSON.stringify(value));
}

describe('a v2 manifest', () => {
  test('is the same when what was understood of it is written down and read again', () => {
    holds(
      fc.property(manifestV2, fc.constantFrom<(manifest: Doc) => string>(JSON.stringify, write, yamlText), (document, written) => {
        const manifest = plain(readManifest(document).manifest);
        expect(plain(accepted(parseManifest(Buffer.from(written(manifest)), FILE)))).toEqual(manifest);
        return true;
      }),
      200,
    );
  });

  test('is accepted by the schema that editors use', () => {
    holds(
      fc.property(manifestV2, (document) => {
        expect(schemaFaults(plain(document))).toEqual([]);
        return true;
      }),
      300,
    );
  });
});

describe('a v1.1 manifest', () => {
  test('loses nothing when it is migrated, and loads as the manifest it was read as', () => {
    holds(
      fc.property(manifestV1, fc.boolean(), (document, asYaml) => {
        const text = asYaml ? write(document) : JSON.stringify(document);
        const read = parseManifest(Buffer.from(text), FILE);
        const before = accepted(read);
        const note = { date: '2026-01-15' };
        const migrated = migratedDocument(Buffer.from(text), FILE, note)!;
        const rewritten = rewriteAsV2(text, migrated);
        for (const v2 of rewritten === undefined ? [yamlText(migrated)] : [rewritten]) {
          const again = parseManifest(Buffer.from(v2), FILE);
          expect(again.version).toBe('v2');
          const after = accepted(again);
          expect(plain({ ...after, metadata: { ...after.metadata, changelog: after.metadata.changelog.slice(0, -1) } })).toEqual(
            plain(before),
          );
          // The graph is read as written.
          expect(parseYaml(v2).spec.service_communication_graph ?? null).toEqual(plain(document).spec.service_communication_graph ?? null);
        }
        loosesNothing(plain(document), plain(before));
        return true;
      }),
      150,
    );
  });

  test('is accepted by the schema that editors use', () => {
    holds(
      fc.property(manifestV1, (document) => {
        expect(schemaFaults(plain(document))).toEqual([]);
        return true;
      }),
      200,
    );
  });
});

/** What a v1.1 document says in its own places, found in the v2 value (I2). */
function loosesNothing(v1: Doc, v2: Doc): void {
  const { strategy } = v2;
  expect(v2.metadata.links).toEqual(v1.metadata.links ?? {});
  expect(strategy.objectives.map((one: Doc) => [one.id, one.metric ?? null, one.target ?? null])).toEqual(
    v1.objectives.map((one: Doc) => [one.id, one.metric ?? null, one.target ?? null]),
  );
  const strategies: readonly Doc[] = v1.strategies ?? [];
  expect(strategy.strategyGroups.map((one: Doc) => [one.id, one.description, one.rationale, one.tactics])).toEqual(
    strategies.map((one) => [one.id, one.description, one.rationale, one.tactics.map(({ id }: Doc) => id)]),
  );
  expect(strategy.tactics.map((one: Doc) => [one.id, one.linkedObjectives])).toEqual(
    strategies.flatMap((one) => one.tactics.map(({ id }: Doc) => [id, one.objectiveRefs ?? []])),
  );
  expect(v2.insights.map((one: Doc) => one.summary)).toEqual((v1.insights ?? []).map((one: Doc) => one.summary));
}

describe('any text', () => {
  const syllable = fc.constantFrom(
    ': ',
    '\n',
    '\n  ',
    '- ',
    '&a ',
    '*a',
    '<<: ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '|',
    '>',
    '#',
    '? ',
    '---\n',
    '%',
    '\t',
    'spec',
    'metadata',
    'null',
    '~',
    '\u0000',
    '\ufeff',
    '!!binary ',
  );
  const soup = fc
    .array(fc.oneof(syllable, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 40 })
    .map((parts) => Buffer.from(parts.join('')));
  const bytes = fc.uint8Array({ maxLength: 200 });
  const cut = fc.tuple(manifestV2, fc.boolean(), fc.nat(), fc.nat(20), soup).map(([document, asYaml, at, length, filling]) => {
    const text = asYaml ? Buffer.from(write(document)) : manifestBytes(document);
    const start = at % (text.length + 1);
    return Buffer.concat([text.subarray(0, start), filling, text.subarray(start + length)]);
  });
  const anyBytes = fc.oneof(soup, bytes, cut) as fc.Arbitrary<Uint8Array>;

  test('is a manifest, or has faults that say where', () => {
    holds(
      fc.property(anyBytes, (input) => {
        const parsed = parseManifest(input, FILE);
        const lines = Buffer.from(input)
          .toString('utf8')
          .split(/\r\n|[\n\r\u0085\u2028\u2029]/).length;
        for (const { code, message, place } of [...parsed.warnings, ...(parsed.ok ? [] : parsed.faults)]) {
          expect(code).toMatch(/^[a-z][a-z0-9-]*$/);
          expect(message).toMatch(/\.$/);
          expect(place.file).toBe(FILE);
          expect(place.line).toBeGreaterThanOrEqual(1);
          expect(place.line).toBeLessThanOrEqual(lines + 1);
        }
        return parsed.ok || parsed.faults.length > 0;
      }),
      700,
    );
  });

  test('that holds something YAML does not know is quoted to the reader', () => {
    const parsed = parseManifest(Buffer.from('>- abc'), FILE);
    expect(parsed.ok ? [] : parsed.faults.map(({ message }) => message)).toEqual([expect.stringContaining('abc')]);
  });

  test('is a policy, or has faults that say where', () => {
    holds(
      fc.property(anyBytes, (input) => {
        const parsed = parsePolicy(input, 'policy.yaml');
        return (
          parsed.ok || (parsed.faults.length > 0 && parsed.faults.every(({ place }) => place.file === 'policy.yaml' && place.line >= 1))
        );
      }),
      300,
    );
  });
});

function accepted(parsed: ParsedManifest): Manifest {
  if (!parsed.ok) throw new Error(`not accepted: ${parsed.faults.map(({ path, message }) => `${path}: ${message}`).join('\n')}`);
  return parsed.manifest;
}

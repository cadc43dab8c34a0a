import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isJsonObject } from '../../src/host/json.ts';
import type { Path } from '../../src/manifest/fault.ts';
import { readPlainValues } from '../../src/manifest/plain-values.ts';
import { parseYaml, type ReadYaml, readYaml } from '../../src/manifest/yaml-document.ts';
import { dice, pathsIn, slipped, yamlText } from '../inspect/valid/documents.ts';

const folders = [path.resolve(import.meta.dirname, '../stories'), path.resolve(import.meta.dirname, '../../../shared/reference/export')];
const manifests = folders.filter((folder) => existsSync(folder)).flatMap(manifestsIn);

describe('a manifest that is read line by line', () => {
  test.each(manifests)('%s is to us what it is to the parser', (file) => {
    const text = readFileSync(file, 'utf8');
    expect(difference(text)).toBeUndefined();
    const roll = dice(text.length);
    for (let slip = 0; slip < 20 && text.length < 10_000; slip++) expect(difference(slipped(text, roll))).toBeUndefined();
  });

  test('generated documents and their slips are to us what they are to the parser', () => {
    const roll = dice(2_026_1121);
    let plain = 0;
    for (let made = 0; made < 5000; made++) {
      const text = yamlText(roll);
      for (const each of [text, slipped(text, roll)]) {
        expect(difference(each)).toBeUndefined();
        if (readPlainValues(each) !== undefined) plain++;
      }
    }
    expect(plain).toBeGreaterThan(500);
  });

  test.each([
    ['the manifest of a shop', 'a: { kind: Deployment, name: b }\nc:\n  - d: "99.9"\n    e: [f, \'#g\']\n', true],
    ['a second document', 'a: 1\n---\nb: 2\n', false],
    ['a key that is a number', 'a:\n  1: b\n', false],
    ['a key that is a boolean', 'True: b\n', false],
  ])('%s', (_, text, isPlain) => {
    expect(readPlainValues(text) !== undefined).toBe(isPlain);
  });

  test('a mapping has no more keys than are written', () => {
    const { root } = readPlainValues('a: { b: c }\n')!;
    expect(isJsonObject(root) && ['constructor' in root, 'constructor' in Object(root['a'])]).toEqual([false, false]);
  });
});

/** Where the two differ, in values, places or faults; undefined where they do not, or the parser alone reads it. */
function difference(text: string): object | undefined {
  if (readPlainValues(text) === undefined) return undefined;
  const bytes = new TextEncoder().encode(text);
  const [ours, theirs] = [readYaml(bytes, 'a.yaml'), parseYaml(bytes, 'a.yaml')].map((read) => JSON.stringify(everything(read)));
  return ours === theirs ? undefined : { text, ours, theirs };
}

/** All that a document can be asked. */
function everything(read: ReadYaml): unknown {
  if (!read.ok) return read.faults;
  const { root, ambiguous, oddKeys, find, written, lineOf, openBook } = read.document;
  const all = pathsIn(root, []).map(([at]) => {
    const missing: Path = [...at, 'a', 'none'];
    return [at, written(at), lineOf(at), find(at, 'key'), find(at, 'value'), find(missing, 'value'), find([...at, 0, 'b'], 'key')];
  });
  return [root, ambiguous, oddKeys, openBook().faults(), all];
}

function manifestsIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => path.basename(name).endsWith('.contextcore.yaml'))
    .sort()
    .map((name) => path.join(folder, name));
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readPlainYaml } from '../../../src/host/plain-yaml.ts';
import type { Tree } from '../../../src/inspect/valid/tree.ts';
import { parseYaml, readYaml } from '../../../src/inspect/valid/yaml-tree.ts';
import { dice, pathsIn, slipped, yamlText } from './documents.ts';

const fixtures = path.resolve(import.meta.dirname, 'fixtures');
const common = path.resolve(import.meta.dirname, '../../stories/common');
const corpus = path.resolve(import.meta.dirname, '../../../../shared/corpus');
const hasCorpus = existsSync(corpus);
if (!hasCorpus) process.stderr.write('plain-tree.test.ts: ../shared/corpus is not beside this repository; its files are skipped.\n');
const files = [fixtures, common, ...(hasCorpus ? [corpus] : [])].flatMap(yamlFiles);

describe('what is read line by line', () => {
  test.each(files.map((file) => [path.basename(file), file]))('%s is to us what it is to the parser', (_, file) => {
    const text = readFileSync(file, 'utf8');
    expect(difference(text)).toBeUndefined();
    const roll = dice(text.length);
    for (let slip = 0; slip < 40 && text.length < 5000; slip++) expect(difference(slipped(text, roll))).toBeUndefined();
  });

  test('generated documents and their slips are to us what they are to the parser', () => {
    const roll = dice(20_261_121);
    let plain = 0;
    for (let made = 0; made < 10_000; made++) {
      const text = yamlText(roll);
      for (const each of [text, slipped(text, roll)]) {
        expect(difference(each)).toBeUndefined();
        if (readPlainYaml(each) !== undefined) plain++;
      }
    }
    expect(plain).toBeGreaterThan(2000);
  });

  test.each([
    'a: 1\nb:\n  - c: "x" # d\n    e: [f, "g"]\n  - |\n    h\n     i\n\n    j\nk: {}\n',
    '---\n# c\na:\n- b\n- c\n---\nd: >-\n  e\n  f\n',
    "a: { b: c d, e: ['f', {}] } # g\n",
  ])('%j is plain', (text) => {
    expect(readPlainYaml(text)).toBeDefined();
  });

  test.each([
    ['nothing', ''],
    ['a key twice', 'a: 1\na: 2\n'],
    ['a key without a value', 'a:\nb: 1\n'],
    ['an anchor', 'a: &b c\n'],
    ['a text that goes on', 'a: b\n  c\n'],
    ['an escape', 'a: "b\\n"\n'],
    ['a tab', 'a: b\t\n'],
    ['lines that end as on Windows', 'a: b\r\n'],
    ['a template', 'a: {{ .b }}\n'],
    ['a key twice in brackets', 'a: {b: 1, b: 2}\n'],
    ['a bracket that is closed on another line', 'a: [b,\n  c]\n'],
    ['more brackets than anybody writes', `a: ${'['.repeat(60)}${']'.repeat(60)}\n`],
    ['a key that is no mere data', '__proto__: a\n'],
    ['more levels than anybody writes', Array.from({ length: 60 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('%s is left to the parser', (_, text) => {
    expect(readPlainYaml(text)).toBeUndefined();
  });
});

/** Where the two differ, in values or places; undefined where they do not, or the parser alone reads it. */
function difference(text: string): object | undefined {
  if (readPlainYaml(text) === undefined) return undefined;
  const [ours, theirs] = [readYaml('a.yaml', text), parseYaml('a.yaml', text)];
  const said = [ours, theirs].map(({ trees, problems }) => JSON.stringify([problems, trees.flatMap(everything)]));
  return said[0] === said[1] ? undefined : { text, ours: said[0], theirs: said[1] };
}

/** All that a tree can be asked. */
function everything(tree: Tree): readonly unknown[] {
  return pathsIn(tree.root, []).flatMap(([at, value]) => {
    const length = typeof value === 'string' ? value.length : 1;
    const offsets = Array.from({ length: Math.min(length, 40) + 2 }, (_, offset) => offset);
    return [
      [at, value, tree.written(at), tree.place(at, 'key'), tree.place(at, 'value')],
      [tree.placesWithin(at, offsets), tree.placeWithin(at, length >> 1), tree.place([...at, 'none'], 'key')],
    ];
  });
}

function yamlFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}

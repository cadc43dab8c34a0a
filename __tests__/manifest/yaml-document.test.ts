import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../src/manifest/manifest.ts';
import { readYaml, type YamlDocument } from '../../src/manifest/yaml-document.ts';

const encode = (text: string) => new TextEncoder().encode(text);

function read(text: string): YamlDocument {
  const result = readYaml(encode(text), 'f.yaml');
  if (!result.ok) throw new Error(result.faults[0]?.message);
  return result.document;
}

function refusal(bytes: Uint8Array | string): Fault {
  const result = readYaml(typeof bytes === 'string' ? encode(bytes) : bytes, 'f.yaml');
  if (result.ok) throw new Error('was read');
  expect(result.faults).toHaveLength(1);
  return result.faults[0]!;
}

const nested = (depth: number) => `a: ${'['.repeat(depth)}${']'.repeat(depth)}`;

function bomb(levels: number): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < levels; i++)
    lines.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  return lines.join('\n');
}

describe('a file that cannot be read is one fault, with its place', () => {
  test.each<[string, Uint8Array | string, string, number, number]>([
    ['empty', '', 'empty-document', 1, 1],
    ['only a document start', '---\n', 'empty-document', 1, 1],
    ['only comments', '# one\n# two\n', 'empty-document', 1, 1],
    ['two documents', 'a: 1\n---\nb: 2\n', 'several-documents', 2, 1],
    ['a second, empty document', 'a: 1\n---\n', 'several-documents', 2, 1],
    ['50 MB', new Uint8Array(50_000_000).fill(97), 'too-large', 1, 1],
    ['NUL bytes', 'a: 1\nb: \0x', 'not-text', 2, 4],
    ['an escape sequence', 'a: \u001b[31m', 'not-text', 1, 4],
    ['Latin-1', new Uint8Array([97, 58, 32, 120, 10, 98, 58, 32, 252, 10]), 'not-utf8', 2, 4],
    ['UTF-16', new Uint8Array([255, 254, 97, 0]), 'not-utf8', 1, 1],
    ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0]), 'not-utf8', 1, 1],
    ['an alias without anchor', 'a: 1\nb: *x', 'unknown-alias', 2, 4],
    ['an alias before its anchor', 'a: *x\nb: &x 1', 'unknown-alias', 1, 4],
    ['an alias of itself', 'a: &x [1, *x]', 'recursive-alias', 1, 11],
    ['a merge of no mapping', 'a: {<<: 3}', 'bad-merge', 1, 5],
    ['a language tag', 'a: !!python/name:os.system x', 'unknown-tag', 1, 4],
    ['a tag of its own', 'a: !x {b: c}', 'unknown-tag', 1, 4],
    ['a tab', 'a:\n\tb: c\n', 'yaml-syntax', 2, 1],
    ['an open quote', 'a: "b\n', 'yaml-syntax', 2, 1],
    ['a list as key', '? [a]\n: b\n', 'non-text-key', 1, 3],
    ['half a character', 'a: "\\ud83d"', 'not-text', 1, 4],
    ['65 levels', nested(65), 'too-deep', 1, 68],
    ['a hundred thousand open brackets', '['.repeat(100_000), 'too-deep', 1, 201],
    ['a hundred thousand dashes', '- '.repeat(100_000), 'too-deep', 1, 201],
    ['an alias bomb', bomb(30), 'too-many-values', 6, 14],
    ['a list of a million', `[${'1,'.repeat(1_000_000)}]`, 'too-many-values', 1, 500000],
  ])('%s', (_, bytes, code, line, column) => {
    const fault = refusal(bytes);
    expect([fault.code, fault.place.file, fault.place.line]).toEqual([code, 'f.yaml', line]);
    if (code !== 'too-deep' && code !== 'too-many-values') expect(fault.place.column).toBe(column);
    expect(fault.excerpt?.length ?? 0).toBeLessThan(400);
    expect(fault.message).toMatch(/^\S.*\.$/);
  });

  test('an alias bomb made of merge keys costs no more', () => {
    const keys = Array.from({ length: 1000 }, (_, i) => `k${i}: 1`).join(', ');
    expect(refusal(`a: &a {${keys}}\n${Array.from({ length: 500 }, (_, i) => `m${i}: {<<: *a}`).join('\n')}`).code).toBe('too-many-values');
  });

  test('nesting by aliases counts', () => {
    const lines = ['a0: &a0 [x]', ...Array.from({ length: 70 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]`)];
    expect(refusal(lines.join('\n')).code).toBe('too-deep');
  });

  test('several unknown tags are told together', () => {
    const result = readYaml(encode('a: !x 1\nb: 2\nc: !y 3\n'), 'f');
    expect(result.ok ? [] : result.faults.map((fault) => fault.place.line)).toEqual([1, 3]);
  });
});

describe('what is read', () => {
  test.each<[string, unknown]>([
    ['a: 1\n...\n', { a: 1 }],
    ['\ufeffa: 1', { a: 1 }],
    ['a: 1\r\nb: x\r\n', { a: 1, b: 'x' }],
    ['a: 1\rb:\r  c: x\r', { a: 1, b: { c: 'x' } }],
    ['a: [yes, no, 010, 1_000, 2026-01-01, ~, true]', { a: ['yes', 'no', 10, '1_000', '2026-01-01', null, true] }],
    ['%YAML 1.1\n---\na: yes\n', { a: 'yes' }],
    ['a: .nan\nb: -.inf', { a: '.nan', b: '-.inf' }],
    ['a: !!str 42', { a: '42' }],
    ['a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}', { a: { b: 1, c: 2 }, d: { b: 1, c: 3 } }],
    ['a: &x {b: 1}\ny: &y {b: 2, c: 2}\nd: {c: 9, <<: [*x, *y]}', { a: { b: 1 }, y: { b: 2, c: 2 }, d: { c: 9, b: 1 } }],
    ['a: {<<: {b: 1}, <<: {c: 2}}', { a: { b: 1, c: 2 } }],
    ['&k a: 1\nb: *k', { a: 1, b: 'a' }],
    ['a: &x 1\nb: *x\nc: &x 2\nd: *x', { a: 1, b: 1, c: 2, d: 2 }],
    ['"<<": x', { '<<': 'x' }],
    ['1: a\nnull: b\ntrue: c', { 1: 'a', null: 'b', true: 'c' }],
    ['{a, b: }', { a: null, b: null }],
    [nested(63), undefined],
  ])('%j', (text, value) => {
    const { root } = read(text);
    if (value !== undefined) expect(JSON.parse(JSON.stringify(root))).toEqual(value);
  });

  test('a key that is no text is noted', () => {
    expect(read('1: a\n"2": b\nc: {null: d}').oddKeys).toEqual([['1'], ['c', 'null']]);
  });

  test('keys that repeat are faults, also 1 and "1"', () => {
    const faults = read('a: 1\nb: {x: 1, x: 2}\na: 2\n1: x\n"1": y\n').openBook().faults();
    expect(faults.map((fault) => [fault.path, fault.place.line])).toEqual([
      ['b.x', 2],
      ['a', 3],
      ['1', 5],
    ]);
  });

  test('a long line is cut around its caret, and tabs keep the caret in its column', () => {
    const { excerpt } = read(`a: "${'x'.repeat(1000)}"\nb:\t"y"`).find(['a'], 'value');
    expect(excerpt?.split('\n').every((line) => line.length <= 160)).toBe(true);
    expect(read('b:\t"y"').find(['b'], 'value').excerpt).toBe('b:\t"y"\n  \t^^^');
  });

  test('a value found through an alias or a merge stands where it was written', () => {
    const document = read('base: &b\n  deep: {x: 1}\nuse:\n  <<: *b\nagain: *b\n');
    expect([['use', 'deep', 'x'], ['again', 'deep', 'x'], ['again']].map((path) => document.find(path, 'value').place.line)).toEqual([
      2, 2, 5,
    ]);
  });

  test('ten thousand different keys are not compared with one another', () => {
    const start = performance.now();
    read(Array.from({ length: 40_000 }, (_, i) => `k${i}: 1`).join('\n'));
    expect(performance.now() - start).toBeLessThan(4000);
  });
});

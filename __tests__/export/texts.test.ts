import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { Document, DocumentValue } from '../../src/export/document.ts';
import { Float, float } from '../../src/export/float.ts';
import { canonicalDigest, jsonBytes, jsonText } from '../../src/export/json-text.ts';
import { yamlText } from '../../src/export/yaml-text.ts';

/** Text that some YAML reader takes for something else, or that breaks a plain scalar. */
const TRAPS =
  "|~|null|Null|yes|NO|on|Off|y|N|true|FALSE|.inf|-.INF|.nan|0|-1|+1|1e3|1.5|.5|5.|0x1F|0o17|017|0b11|1_000|1:30|190:20:30.15|2026-01-01|2001-12-14t21:59:43.10-05:00|2001-12-14 21:59:43.10 -5|=|<<|---|...|... a|- a|-|?|? a|: a|a: b|a:|a #b|#a|&a|*a|!a|!!int 3|%a|@a|`a`|[a]|{a}|\"a\"|'a'|it's|>|\\| a|a |a\tb|\ta|a\nb|a\n|\n|\r|ü|→|\u2028|😀|\ud800|\u0000|\u007f|\u0085|\ufeff|a,b|$a|/a|.a|..|../a|99.9%|30s|1.2.3|\\x|a\\b|__proto__|toString|e3|E2|.|+.|2026-1-1".split(
    '|',
  );

const text = fc.oneof(
  fc.constantFrom(...TRAPS),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const leaf = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(float),
);
const { value: anyValue } = fc.letrec<{ value: DocumentValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const document: fc.Arbitrary<Document> = fc.dictionary(text, anyValue, { maxKeys: 5, noNullPrototype: true });

describe('yamlText', () => {
  test.each(['1.1', '1.2'] as const)('is read back as the same values by a YAML %s reader', (version) => {
    fc.assert(
      fc.property(document, (value) => expect(parse(yamlText(value), { version, merge: false })).toEqual(plain(value))),
      { numRuns: 1500 },
    );
  });

  test('is pure ASCII', () => {
    fc.assert(fc.property(document, (value) => /^[\x20-\x7e\n]*$/.test(yamlText(value))));
  });

  test.each(TRAPS)('quotes %j where a reader would misread it', (trap) => {
    for (const version of ['1.1', '1.2'] as const)
      expect(parse(yamlText({ [trap]: [trap] }), { version, merge: false })).toEqual(plain({ [trap]: [trap] }));
  });

  test('is laid out as the reference lays it out', () => {
    const value = {
      a: [],
      b: {},
      c: [{ d: [1, 'x'], e: null }],
      f: { g: float(75), h: float(99.95), i: '99.95' },
      j: undefined,
      k: 'critical → P1',
      l: [[1, 2]],
    };
    expect(yamlText(value)).toBe(
      'a: []\nb: {}\nc:\n- d:\n  - 1\n  - x\n  e: null\nf:\n  g: 75.0\n  h: 99.95\n  i: \'99.95\'\nk: "critical \\u2192 P1"\nl:\n- - 1\n  - 2\n',
    );
  });

  test('writes every style and every fold as the reference’s writer does, but for texts that YAML 1.2 would take for numbers', () => {
    const value = {
      plain: ['99.9%', '30s', '1.2.3', '-a', '?a', ':a', 'a,b', '/a', '$x', 'a#b', 'http://x.y/z', '12e03', '1:60a'],
      quoted: [
        ...['yes', 'Off', '~', '', '=', '0x1F', '1_000', '1:30', '2026-01-01', '.inf'],
        ...['#a', 'a: b', 'a:', '- a', ' a', '[a]', '@a', "it's: so"],
      ],
      escaped: [...['critical → P1', 'tab\there', '\0\x07\x1b\x7f\x85\xa0\u2028😀', 'quote " and \\ and é']],
      broken: ['one\ntwo', 'one\n\ntwo ', '\n', 'break \nafter space'],
      folded: {
        plain: 'The severity follows from how much the business depends on this service, and so does the threshold.',
        single: "A sentence: with a colon in it, so long that it is not held by one line of the file, isn't it?",
        double: 'A sentence → with an arrow in it, so long that it is not held by one line of the file, isn’t it?',
        word: `${'w'.repeat(90)} and  two spaces  are kept where they stand`,
      },
      ['k'.repeat(123)]: ['complex'],
      numbers: [75, 99.95, 1e20, 1e16, 1e-5, 1.5e-7, 123456789012345.6, -0].map<DocumentValue>(float).concat(3),
      nested: [[1, [2]], { a: [], b: {} }],
    };
    const layout = readFileSync(path.join(import.meta.dirname, 'fixtures/reference-layout.yaml'), 'utf8');
    expect(yamlText(value)).toBe(layout);
    expect(parse(layout)).toEqual(plain(value));
  });

  test('folds no text so that it reads otherwise', () => {
    const word = fc.oneof(fc.constantFrom('-', '#', ':', '?', '"', "'", '\\', '\n', 'é', '', 'a:', 'key: x'), fc.string({ maxLength: 30 }));
    const long = fc.array(word, { minLength: 5, maxLength: 60 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(long, { maxLength: 3 }), long, fc.constantFrom('1.1', '1.2'), (list, key, version) => {
        const value = { list, deep: [{ [key]: { [key]: list } }] };
        expect(parse(yamlText(value), { version, merge: false })).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  test('writes a key longer than readers look ahead for', () => {
    const long = { ['k'.repeat(2000)]: { a: ['b'] }, ['é'.repeat(400)]: ['c'], ['x'.repeat(1200)]: 1 };
    for (const version of ['1.1', '1.2'] as const) expect(parse(yamlText({ outer: long }), { version })).toEqual({ outer: long });
  });

  test('writes large floats so that a YAML 1.1 reader takes them for numbers', () => {
    expect(yamlText({ a: float(1e21), b: 1.5e-9, c: float(-0) })).toBe('a: 1.0e+21\nb: 1.5e-09\nc: -0.0\n');
  });
});

describe('jsonText', () => {
  test('is read back as the same values', () => {
    fc.assert(fc.property(document, (value) => expect(JSON.parse(jsonText(value))).toEqual(plain(value, 0))));
  });

  test('escapes what is not ASCII, keeps the fraction of a float, and ends without a line end', () => {
    expect(jsonText({ a: 'ü→😀\u007f', b: float(0), c: [], d: {}, e: undefined })).toBe(
      '{\n  "a": "\\u00fc\\u2192\\ud83d\\ude00\\u007f",\n  "b": 0.0,\n  "c": [],\n  "d": {}\n}',
    );
  });

  test('makes null of a number that JSON cannot say', () => {
    expect(jsonText([float(Number.NaN), float(Number.POSITIVE_INFINITY)])).toBe('[\n  null,\n  null\n]');
  });
});

describe('jsonBytes', () => {
  test('are those of the text', () => {
    fc.assert(fc.property(document, (value) => expect(jsonBytes(value).toString('latin1')).toBe(jsonText(value))));
  });
});

describe('canonicalDigest', () => {
  test('is of a text that sorts keys by code point at every level and separates with a space', () => {
    const value = { '\u{1d49c}': 1, '\uffff': 2, b: [{ z: null, a: 'ü' }], B: float(1), gone: undefined };
    const text = '{"B": 1.0, "b": [{"a": "\\u00fc", "z": null}], "\\uffff": 2, "\\ud835\\udc9c": 1}';
    expect(canonicalDigest(value)).toBe(createHash('sha256').update(text).digest('hex'));
  });
});

/** What a reader should see. */
function plain(value: DocumentValue, zero = -0): unknown {
  if (value instanceof Float) return plain(value.value, value.value === 0 ? value.value : zero);
  if (Array.isArray(value)) return value.map((item) => plain(item, zero));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item as DocumentValue, zero)]));
  return Object.is(value, -0) ? zero : value;
}

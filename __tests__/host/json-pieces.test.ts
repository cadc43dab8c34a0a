import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonPieces } from '../../src/host/json-pieces.ts';
import { TextBytes } from '../../src/host/text-bytes.ts';

function pieces(value: unknown): readonly string[] {
  const taken: string[] = [];
  jsonPieces(value, (piece) => void taken.push(piece));
  return taken;
}

const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toString', '1', '10', '[\n', '{', '"', 'ü'));
const member = fc.oneof(fc.jsonValue(), fc.constant(undefined), fc.date({ noInvalidDate: true }));
/** Larger than what is written together. */
const large = fc.oneof(
  fc.array(member, { minLength: 30, maxLength: 100 }),
  fc
    .uniqueArray(fc.tuple(key, member), { selector: ([name]) => name, minLength: 30, maxLength: 100 })
    .map((all) => Object.fromEntries(all)),
  fc.integer({ min: 30, max: 70 }).map((size) => Object.fromEntries(Array.from({ length: size }, (_, at) => [`k${at}`, undefined]))),
);
const document = fc.array(fc.tuple(key, fc.oneof(large, member)), { maxLength: 5 }).map((all) => Object.fromEntries(all));

describe('a document in pieces', () => {
  test('is what the engine writes in one', () => {
    fc.assert(
      fc.property(fc.oneof(document, large, fc.jsonValue()), (value) =>
        expect(pieces(value).join('')).toBe(JSON.stringify(value, null, 2)),
      ),
    );
  });

  test('is cut within its large lists and mappings', () => {
    const many = Array.from({ length: 1000 }, (_, at) => ({ at, text: 'x'.repeat(100) }));
    const cut = pieces({ list: many, mapping: Object.fromEntries(many.map((item) => [`k${item.at}`, item])) });
    expect(Math.max(...cut.map((piece) => piece.length))).toBeLessThan(8_000);
  });
});

describe('the bytes of a text', () => {
  test.each(['latin1', 'utf8'] as const)('are those of its pieces (%s)', (encoding) => {
    const piece = encoding === 'utf8' ? fc.string({ unit: 'grapheme', maxLength: 100_000 }) : fc.string({ maxLength: 100_000 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), fc.array(piece, { maxLength: 2 }), (texts, others) => {
        const [bytes, beside] = [new TextBytes(encoding), new TextBytes(encoding)];
        for (const text of texts) bytes.add(text);
        for (const text of others) beside.add(text);
        const made = bytes.toBytes();
        expect([made.toString(encoding), beside.toBytes().toString(encoding)]).toEqual([texts.join(''), others.join('')]);
        expect(made.toString(encoding)).toBe(texts.join(''));
      }),
    );
  });
});

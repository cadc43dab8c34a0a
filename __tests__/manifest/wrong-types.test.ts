import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import { parsePolicy } from '../../src/manifest/policy.ts';
import { changed, complete, completeV1, type Doc, parse, parseDoc } from './samples.ts';

/** Dotted paths of every value in a document, the root not included. */
function paths(value: Doc, prefix = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => [`${prefix}${key}`, ...paths(value[key], `${prefix}${key}.`)]);
}

const typeOf = (value: unknown) => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value);
const at = (document: Doc, path: string) => path.split('.').reduce((value, name) => value[name], document);

/** Values of each type. The text is no number, no time, no URL, no unit and no word of any list. */
const VALUES = { string: 'no such thing', number: 12345.5, boolean: true, list: [{}, [[]]], object: { a: [1] } };

/** Where a value of another type is taken for what it means (§3), or anything goes. */
const TAKEN: readonly [RegExp, readonly string[]][] = [
  [/\.(traceSampling|progress|confidence|target|baseline)$/, ['boolean']],
  [/state\.\w+Count$/, ['boolean']],
  [/keyResults\.\d+\.(target|baseline)$/, ['number', 'boolean']],
  [/(lastUpdated|startDate|dueDate|completedDate|answeredAt|observedAt|expiresAt|lastSyncTime)$/, ['number']],
  [/auditAccess$/, ['boolean']],
  [/deliverables(\..*)?$|strategyGroups\.\d+\..*/, ['string', 'number', 'boolean', 'list', 'object']],
  [/strategyGroups\.\d+$|spec\.service_communication_graph\.services$/, ['object']],
];

function isTaken(path: string, type: string): boolean {
  return (
    TAKEN.some(([form, types]) => form.test(path) && types.includes(type)) &&
    !(path === 'strategy.tactics.0.deliverables' && type !== 'object')
  );
}

describe.each([
  ['v2', complete],
  ['v1.1', completeV1],
])('a %s document with one value of a wrong type', (_, make) => {
  const cases = paths(make()).flatMap((path) =>
    Object.entries(VALUES)
      .filter(([type]) => type !== typeOf(at(make(), path)) && !isTaken(path, type))
      .map(([type, value]) => [path, type, value] as const),
  );

  test('covers every field', () => {
    expect(cases.length).toBeGreaterThan(400);
  });

  test.each(cases)('%s as %s is a fault with a place', (path, _type, value) => {
    const parsed = parseDoc(changed(path, value, make()));
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    for (const fault of parsed.faults) {
      expect(fault.place.line).toBeGreaterThan(0);
      expect(fault.place.column).toBeGreaterThan(0);
      expect(fault.excerpt).toContain('^');
      expect(fault.message).not.toContain('Invalid input');
    }
    const root = path.split('.')[0]!;
    expect(parsed.faults.some((fault) => fault.path === path || fault.path.startsWith(`${path}.`) || fault.path === root)).toBe(true);
  });
});

const yamlish = fc.array(
  fc.constantFrom(
    'a',
    ': ',
    '\n',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '&x ',
    '*x',
    '<<',
    '!!str ',
    '"',
    "'",
    '|',
    '>',
    '#',
    '---',
    '?',
    '%',
    '@',
    '\t',
    'spec',
    'targets',
    '1',
    '\\',
    '~',
  ),
  { maxLength: 60 },
);

describe('any input gives a value or faults, never an exception', () => {
  const check = (bytes: Uint8Array) => {
    for (const parsed of [parseManifest(bytes, 'f'), parsePolicy(bytes, 'f')]) {
      const told = parsed.ok ? [] : parsed.faults;
      expect(parsed.ok || told.length > 0).toBe(true);
      for (const fault of [...told, ...parsed.warnings]) {
        expect(fault.place.line).toBeGreaterThan(0);
        expect(fault.place.column).toBeGreaterThan(0);
      }
    }
  };
  const encode = (text: string) => new TextEncoder().encode(text);

  test('bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), check), { numRuns: 300 });
  });

  test('text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => check(encode(text))),
      { numRuns: 300 },
    );
  });

  test('text made of what YAML is made of', () => {
    fc.assert(
      fc.property(yamlish, (parts) => check(encode(parts.join('')))),
      { numRuns: 1500 },
    );
  });

  test('JSON in every place of a manifest', () => {
    const all = paths(complete());
    const places = fc.constantFrom(...all);
    fc.assert(
      fc.property(places, fc.jsonValue({ maxDepth: 3 }), (path, value) => {
        const document = changed(path, value, complete());
        check(encode(JSON.stringify(document)));
        check(encode(JSON.stringify({ ...document, apiVersion: 'zzz' })));
      }),
      { numRuns: 300 },
    );
  });
});

test('a JSON document is YAML', () => {
  expect(parse(JSON.stringify(complete())).ok).toBe(true);
});

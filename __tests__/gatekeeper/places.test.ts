import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { yamlText } from '../../src/export/yaml-text.ts';
import { parseArtifactList } from '../../src/gatekeeper/artifact-list.ts';
import { findJsonFault, placesInJson } from '../../src/gatekeeper/json-places.ts';
import { placesInYaml } from '../../src/gatekeeper/yaml-places.ts';

const DOCUMENT = `{
  "a": {"x/y": [1, "}", {"k": null}]},
  "b": "quote \\" and \\\\",
  "c~": true,
  "a": {"z": 1}
}`;

describe('places in JSON', () => {
  test.each([
    ['', 1, 1],
    ['/b', 3, 3],
    ['/c~0', 4, 3],
    ['/a', 5, 3],
    ['/a/z', 5, 9],
    ['/a/gone/deeper', 5, 3],
    ['/nowhere', 1, 1],
  ])('%j is at line %d, column %d', (pointer, line, column) => {
    expect(placesInJson(DOCUMENT, [pointer, '/b', '/a/z']).get(pointer)).toEqual({ line, column });
  });

  test('finds list elements and escaped keys', () => {
    const text = '{"a": {"x/y": [1,\n "]",\n {"\\u006b": [ ]}]}}';
    const found = placesInJson(text, ['/a/x~1y/2', '/a/x~1y/2/k', '/a/x~1y/9']);
    expect([...found.values()].map(({ line, column }) => `${line}:${column}`)).toEqual(['3:2', '3:3', '1:8']);
  });

  test('finds what JSON.stringify wrote, wherever it is', () => {
    const key = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue()), key, fc.jsonValue(), (before, last, value) => {
        const object = { ...before, [last]: value };
        const text = JSON.stringify(object, null, 2);
        const pointer = `/${last.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        const { line, column } = placesInJson(text, [pointer]).get(pointer)!;
        expect(
          text
            .split('\n')
            [line - 1]!.slice(column - 1)
            .startsWith(JSON.stringify(last)),
        ).toBe(true);
      }),
    );
  });
});

describe('the place where a text stops being JSON', () => {
  test.each([
    ['{"a": NaN}', 1, 7],
    ['[1,\n 2,\n]', 3, 1],
    ['{"a": 1', 1, 8],
    ['oops', 1, 1],
    ['', 1, 1],
    ['{"a" 1}', 1, 6],
    ['[01]', 1, 2],
    ['{} {}', 1, 4],
    ['["\ttab"]', 1, 2],
  ])('%j: line %d, column %d', (text, line, column) => {
    expect(findJsonFault(text)).toEqual({ line, column });
  });

  test('is nowhere in a JSON text, and somewhere in every other', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (text, at, change) => {
        expect(findJsonFault(text)).toBeUndefined();
        const index = at % (text.length + 1);
        const broken = text.slice(0, index) + change + text.slice(index + 1);
        let isJson = true;
        try {
          JSON.parse(broken);
        } catch {
          isJson = false;
        }
        expect(findJsonFault(broken) === undefined).toBe(isJson);
      }),
    );
  });
});

describe('places in YAML', () => {
  const find = placesInYaml('spec:\n  project: {id: x}\n  targets:\n    - name: a.b\n    - kind: Job\n      name: "c[d]"\n');
  test.each([
    ['spec.project.id', 2, 13],
    ['spec.targets[name=a.b]', 4, 13],
    ['spec.targets[name=c[d]]', 6, 13],
    ['spec.targets[name=gone]', 3, 3],
    ['spec.requirements.availability', 1, 1],
    ['spec.targets.1.kind', 5, 7],
    ['', 1, 1],
  ])('%j is at line %d, column %d', (path, line, column) => {
    expect(find(path)).toEqual({ line, column });
  });

  test('are line 1 of a text that is no YAML', () => {
    expect(placesInYaml('\t: [')('spec.targets')).toEqual({ line: 1, column: 1 });
  });
});

describe('the list of artifacts', () => {
  test('is what the YAML parser reads, however our writer quotes and folds', () => {
    const word = fc.oneof(fc.constantFrom('a', 'service', 'yes', '-', "it's", 'x:', 'é', '42'), fc.stringMatching(/^[a-z-]{1,40}$/));
    const text = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
    const entry = fc.record({ id: text, type: text, name: text, target: text, priority: text, status: text, note: text });
    fc.assert(
      fc.property(fc.uniqueArray(entry, { minLength: 1, maxLength: 4, selector: ({ id }) => id }), (entries) => {
        const list = parseArtifactList(yamlText({ artifacts: entries, coverage: {} }));
        const read = list.state === 'read' ? [...list.artifacts.values()].map(({ line: _, ...fields }) => fields) : [];
        expect(read).toEqual(entries.map(({ note: _, ...fields }) => fields));
      }),
      { numRuns: 400 },
    );
  });

  const of = (text: string) => {
    const list = parseArtifactList(text);
    return list.state === 'read'
      ? [...list.artifacts.values()].map(({ id, status, line }) => `${id} ${status} ${line ?? '-'}`)
      : list.state;
  };

  test.each([
    [
      'a block list',
      'artifacts:\n- id: a\n  type: t\n  status: needed\n- id: b\n  status: exists\ncrd: {}\n',
      ['a needed 2', 'b exists 5'],
    ],
    [
      'an indented list',
      'x: 1\nartifacts:\n  - id: a\n    status: needed\n    derivedFrom:\n      - id: no\n        status: exists\n',
      ['a needed 3'],
    ],
    ['quoted values', "artifacts:\n- id: 'it''s'\n  status: \"exists\"\n", ["it's exists 2"]],
    [
      'text that looks like an entry',
      'artifacts:\n- id: a\n  name: |\n    - id: b\n      status: exists\n  status: needed\n',
      ['a needed 2'],
    ],
    [
      'a value that goes on',
      'artifacts:\n- id: a\n  status: needed\n  name: one\n    two\n- id: b\n  status: exists\n',
      ['a needed 2', 'b exists 6'],
    ],
    ['flow style', 'artifacts: [{id: a, status: needed}]\n', ['a needed 1']],
    ['an alias', 'artifacts:\n- &x\n  id: a\n  status: needed\n', ['a needed 3']],
    ['JSON', '{"artifacts": [{"id": "a", "status": "needed"}, 7]}', ['a needed -']],
    ['CRLF line ends', 'artifacts:\r\n- id: a\r\n  status: needed\r\n', ['a needed 2']],
    ['an empty list', 'artifacts: []\n', []],
    ['no list', 'hello: world\n', 'malformed'],
    ['no YAML', '\t: [', 'malformed'],
    ['a list of something else', 'artifacts: {a: 1}\n', 'malformed'],
  ])('is read from %s', (_title, text, expected) => {
    expect(of(text)).toEqual(expected);
  });
});

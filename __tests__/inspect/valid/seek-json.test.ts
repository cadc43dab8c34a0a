import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { JsonValue } from '../../../src/host/json.ts';
import { readJson } from '../../../src/inspect/valid/json-tree.ts';
import type { Path } from '../../../src/inspect/valid/tree.ts';

const dashboard = readFileSync(new URL('./fixtures/dashboard.json', import.meta.url), 'utf8');

describe('the first places of a JSON text', () => {
  test.each([
    ['a dashboard', dashboard],
    ['one line', JSON.stringify(JSON.parse(dashboard))],
    ['blanks everywhere', ' { "a" : [ 1 , [ ] , { } , "b" ] ,\t"c" :\r\n{ "d" : null } } '],
    ['quotes and brackets in texts', '{"a\\"}":"]\\\\","b":["\\\\\\"{",{"c":"}"}],"d":-1.5e3,"\\u0065":true}'],
    ['keys that stand twice', '{"a":{"b":1},"a":{"c":2},"__proto__":[3]}'],
    ['a word', ' "a" '],
  ])('are those that are noted when many are asked for: %s', (_, text) => {
    for (const path of pathsIn(JSON.parse(text) as JsonValue, [])) {
      for (const asked of [path, [...path, 'none'], [...path, 0], [...path, '0', 'a']]) {
        const [sought, noted] = [treeOf(text), treeOf(text)];
        noted.placeWithin(path, 0);
        noted.written(['']);
        for (const side of ['key', 'value'] as const) expect(sought.place(asked, side)).toEqual(noted.place(asked, side));
      }
    }
  });
});

function treeOf(text: string) {
  const read = readJson('a.json', text);
  if ('fault' in read) throw new Error(read.fault.message);
  return read.tree;
}

function pathsIn(value: JsonValue, at: Path): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inside = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [at, ...inside.flatMap(([name, item]) => pathsIn(item as JsonValue, [...at, name]))];
}

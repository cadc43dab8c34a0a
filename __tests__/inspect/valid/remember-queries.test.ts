import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadLogql } from '../../../src/inspect/valid/logql.ts';
import { loadPromql } from '../../../src/inspect/valid/promql.ts';
import type { QueryReading, ReadQuery } from '../../../src/inspect/valid/query.ts';
import { rememberQueries } from '../../../src/inspect/valid/remember-queries.ts';

const CLEAN: QueryReading = { faults: [], advice: [], comparisons: [] };

/** A judge that notes what it was asked. */
function noting(answer: (query: string) => QueryReading = () => CLEAN): { readonly read: ReadQuery; readonly asked: string[] } {
  const asked: string[] = [];
  const read = rememberQueries((query) => {
    asked.push(query);
    return answer(query);
  });
  return { read, asked };
}

describe('a judge that remembers', () => {
  test('is asked once for queries that differ in plain values of matchers', () => {
    const { read, asked } = noting();
    for (const name of ['ledger', 'svc-12', 'eu/tally.v2'])
      expect(read(`rate(a{job="${name}",code=~"5..", b!~ "${name}"}[5m])`)).toBe(CLEAN);
    expect(asked).toEqual(['rate(a{job="x",code=~"x", b!~ "x"}[5m])']);
  });

  test.each([
    ['a pattern', 'a{b=~"c|"}', 'a{b=~"d|"}'],
    ['an empty value', 'a{b=""}', 'a{b="c"}'],
    ['an argument', 'label_replace(a, "b", "", "", "")', 'label_replace(a, "1", "", "", "")'],
    ['an escape', 'a{b="\\d"}', 'a{b="d"}'],
    ['another quote', `a{b='c"d="e'}`, `a{b='c"d="f'}`],
    ['a text that is not closed', 'a{b="c}', 'a{b="d}'],
    ['a comment', 'a{b="c"} # "', 'a{b="d"} # "'],
    ['a name of a metric', '{"b"}', '{"c"}'],
  ])('sees %s as it is', (_, one, other) => {
    const { read, asked } = noting();
    read(one);
    read(other);
    expect(asked).toContain(one);
    expect(asked.length).toBe(2);
  });

  test('is asked again where it finds something', () => {
    const fault = (query: string): QueryReading => ({ ...CLEAN, faults: [{ offset: query.length, message: query }] });
    const { read } = noting(fault);
    for (const query of ['a{b="one"', 'a{b="three"']) expect(read(query).faults).toEqual([{ offset: query.length, message: query }]);
  });

  test('tells comparisons where they stand in each query', async () => {
    const read = await loadPromql();
    for (const name of ['a', 'service-with-a-long-name']) {
      const query = `(rate(e{job="${name}"}[5m]) / rate(t{job="${name}"}[5m])) > 14.4 * (1 - 0.999) and 3 < f{job="${name}"}`;
      expect(read(query).comparisons.map(({ measured, offset, bound }) => [measured, query.slice(offset), bound])).toEqual([
        [query.slice(0, query.indexOf(' >')), query.slice(query.indexOf('14.4')), '14.4 * (1 - 0.999)'],
        [`f{job="${name}"}`, query.slice(query.indexOf('3 <')), '3'],
      ]);
    }
  });
});

/** Queries of all sorts, right and wrong, that are judged with other values first. */
const here = path.resolve(import.meta.dirname);
const queries = [
  ...readFileSync(path.join(here, 'field-kinds.test.ts'), 'utf8').matchAll(/'([^'\n]*[({][^'\n]*)'/g),
  ...readFileSync(path.join(here, 'fixtures/rules.yml'), 'utf8').matchAll(/expr: ([^|>\n].*)/g),
  ...readFileSync(path.join(here, 'fixtures/peer-verdicts.json'), 'utf8').matchAll(/expr: ([^|>\\'"\n](?:\\"|[^\\\n])*)/g),
  ...readFileSync(path.join(here, 'fixtures/dashboard.json'), 'utf8').matchAll(/"expr": "(.*)"/g),
].map(([, query]) => query!.replaceAll('\\"', '"'));

test.each([
  ['PromQL', loadPromql],
  ['LogQL', loadLogql],
])('%s is judged by what was remembered as it is judged alone', async (_, load) => {
  const read = await load();
  expect(queries.length).toBeGreaterThan(50);
  for (const query of queries) {
    read(query.replace(/(=~?\s*")[a-z]\w*"/g, '$1other-value"'));
    // Longer than what is remembered, by blanks that mean nothing.
    expect(read(query)).toEqual(read(query + ' '.repeat(4000)));
  }
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { JUDGED_TYPES, validateArtifactFile } from '../../../src/inspect/valid/validate-file.ts';

const bomb = [
  'a0: &a0 [x,x,x,x,x,x,x,x]',
  ...Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(8).fill(`*a${i}`).join(',')}]`),
  'groups: *a12',
].join('\n');
const rule = (expr: string) => `groups: [{name: g, rules: [{record: r, expr: ${JSON.stringify(expr)}}]}]`;

const HOSTILE: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['control characters', '\0\x1b[31m\u202e\ud800'],
  ['brackets without end', '['.repeat(200_000)],
  ['braces without end', '{"a":'.repeat(100_000)],
  ['closing brackets', '{"panels":' + '['.repeat(5000) + ']'.repeat(5000) + '}'],
  ['aliases of aliases', bomb],
  ['an alias of itself', 'a: &a [*a]'],
  ['keys of the prototype', '{"__proto__": {"panels": []}, "constructor": 1, "panels": [{"__proto__": null}], "title": "x"}'],
  ['a key of a mapping', '? {a: b}\n: c'],
  ['indentation without end', Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ['a query of parentheses', rule('('.repeat(20_000) + 'x' + ')'.repeat(20_000))],
  ['a query of signs', rule('-'.repeat(20_000) + 'x')],
  ['a query of sums', rule(Array(5000).fill('x').join(' + '))],
  ['a long query', rule('x'.repeat(200_000))],
  ['an evil regular expression', rule(`x{a=~"${'(a+)+'.repeat(500)}$"}`)],
  ['a template of braces', `groups: [{name: g, rules: [{alert: a, expr: up, annotations: {a: '${'{{ if 1 }}'.repeat(5000)}'}}]}]`],
  ['routes in routes', `route: ${'{receiver: a, routes: [ '.repeat(30)}${'] }'.repeat(30)}\nreceivers: [{name: a}]`],
  ['panels in panels', `{"title":"t","panels":[${'{"panels":['.repeat(3000)}${']}'.repeat(3000)}]}`],
  ['headings and links', `${'#'.repeat(50_000)}\n${'[a]('.repeat(10_000)}\n${'`'.repeat(50_000)}`],
];

describe.each(JUDGED_TYPES)('%s', (type) => {
  test.each(HOSTILE)('reads %s without falling over', async (_, text) => {
    for (const path of ['a.yaml', 'a.json']) {
      const started = performance.now();
      const { errors } = await validateArtifactFile(type, { path, text });
      expect(errors.every(({ place }) => place.file === path && place.line >= 1)).toBe(true);
      expect(performance.now() - started).toBeLessThan(5000);
    }
  });

  test('reads any text without falling over', async () => {
    const words = fc.constantFrom(
      'groups:',
      'route:',
      '- ',
      'kind: List',
      '{{',
      '}}',
      '"',
      '&a',
      '*a',
      '<<:',
      '\n',
      '  ',
      '[',
      '{',
      '}',
      ']',
      'expr: ',
      'rate(x[5m])',
      ':',
      '# Risks',
      '|\n',
      '!!',
      '\t',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(words, { maxLength: 40 }), async (parts) => {
        await validateArtifactFile(type, { path: 'a.yaml', text: parts.join('') });
      }),
      { numRuns: 150, seed: 5 },
    );
  });
});

test('a file beyond the bound is refused unread', async () => {
  const { ok, errors } = await validateArtifactFile('dashboard', { path: 'a.json', text: ' '.repeat(10 * 1024 * 1024 + 1) });
  expect([ok, errors[0]?.message]).toEqual([false, expect.stringContaining('10 MiB')]);
});

test('a type that nobody can judge is unread, not accepted in silence', async () => {
  const { unread } = await validateArtifactFile('dockerfile', { path: 'Dockerfile', text: 'FROM x' });
  expect(unread).toHaveLength(1);
});

test('a file of many faults keeps the first hundred', async () => {
  const text = `groups:\n${Array.from({ length: 500 }, (_, i) => `- name: g${i}\n  rules: [{record: r, expr: "rate(x"}]`).join('\n')}`;
  expect((await validateArtifactFile('prometheus_rule', { path: 'a.yaml', text })).errors).toHaveLength(100);
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';

const HOUSE = path.resolve(import.meta.dirname, '../../.github');
/** The tables of the reference's defects and how many rows each has. */
const TABLES = [
  ['I', 16],
  ['E', 42],
  ['G-', 27],
  ['T-', 20],
  ['P-', 12],
] as const;

describe('the table of the reference’s defects in ARCHITECTURE.md', () => {
  const [, body = ''] =
    /<!-- house:defects -->\n([\s\S]*?)<!-- \/house:defects -->/.exec(readFileSync(path.join(HOUSE, 'ARCHITECTURE.md'), 'utf8')) ?? [];
  const rows = body
    .trim()
    .split('\n')
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, row = '', holds = '', tests = '']) => ({ row, holds, tests }));

  test('has every row once, in order', () => {
    expect(rows.map(({ row }) => row)).toEqual(
      TABLES.flatMap(([letter, count]) => Array.from({ length: count }, (_, index) => `${letter}${index + 1}`)),
    );
  });

  test('leads to tests that name the row, or that have the title it quotes', () => {
    const lost = rows.flatMap(({ row, tests }) =>
      [...tests.matchAll(/\]\(([^)]+)\)(?:: “([^”]+)”)?/g)]
        .filter(([, file = '', title]) => {
          const text = readFileSync(path.join(HOUSE, file), 'utf8');
          return title === undefined ? !new RegExp(`\\b${row}\\b`).test(text) : !text.includes(title);
        })
        .map(([, file]) => `${row}: ${file}`),
    );
    expect(lost).toEqual([]);
  });

  test('says of a row without a test why there is none', () => {
    const untested = rows.filter(({ tests }) => !tests.includes(']('));
    expect(untested.filter(({ holds }) => !/^(?:Later|Does not arise): \S/.test(holds)).map(({ row }) => row)).toEqual([]);
  });
});

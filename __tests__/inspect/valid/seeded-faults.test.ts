import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { validateArtifactFile } from '../../../src/inspect/valid/validate-file.ts';
import { SEEDS, type Seed } from './seeds.ts';

const exists = (path: string) => path === 'docs/design.md';

describe.each(SEEDS)('%s as %s', (name, type, seeds) => {
  const path = `ops/${name}`;
  const good = readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');

  test('untouched, gives no finding', async () => {
    const { ok, errors, advice, unread, objects } = await validateArtifactFile(type, { path, text: good }, { exists });
    expect({ ok, errors, advice, unread }).toEqual({ ok: true, errors: [], advice: [], unread: [] });
    expect(objects.length).toBeGreaterThan(0);
  });

  test.each(seeds.map((seed) => [seed.what, seed] as const))('with %s, is refused on the line', async (_, seed) => {
    const { text, line } = plant(good, seed);
    const { ok, errors } = await validateArtifactFile(type, { path, text }, { exists });
    const found = errors.map(({ place, message }) => ({ line: place.line, file: place.file, message }));
    expect(ok).toBe(false);
    expect(found).toContainEqual({ line, file: path, message: expect.stringMatching(seed.says) });
  });
});

test('there are at least a hundred kinds of faults', () => {
  expect(SEEDS.flatMap(([, , seeds]) => seeds).length).toBeGreaterThanOrEqual(100);
});

/** The broken text, and the line on which the fault is. */
function plant(good: string, { find, put, on }: Seed): { text: string; line: number } {
  if (find === '') return { text: put, line: 1 };
  const at = good.indexOf(find);
  if (at === -1) throw new Error(`The fixture has no ${find}`);
  const text = good.slice(0, at) + put + good.slice(at + find.length);
  const offset = on === undefined ? at : on === '{\n' ? 0 : text.lastIndexOf(on) + (on.length - on.trimStart().length);
  if (offset < 0) throw new Error(`The broken file has no ${on}`);
  return { text, line: text.slice(0, offset).split('\n').length };
}

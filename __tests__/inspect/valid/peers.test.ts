import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { validateArtifactFile } from '../../../src/inspect/valid/validate-file.ts';

/** What promtool 3.15 (`check rules`) and amtool 0.34 (`check-config`) said of small files, one variation each. */
const verdicts = JSON.parse(readFileSync(new URL('./fixtures/peer-verdicts.json', import.meta.url), 'utf8')) as Record<
  string,
  [string, boolean][]
>;

/** promtool finds nothing wrong with a file without rules; as an artifact that is owed it is nothing. */
const EMPTY = /^(?:---\n|# c\n|groups:\n(?:- null\n)?)?$/;

describe.each([
  ['promtool', 'prometheus_rule'],
  ['amtool', 'notification_policy'],
])('%s', (peer, type) => {
  test('agrees, case by case', async () => {
    const differing = [];
    for (const [text, accepted] of verdicts[peer]!.filter(([text]) => peer === 'amtool' || !EMPTY.test(text))) {
      const { ok, errors } = await validateArtifactFile(type, { path: 'a.yml', text });
      if (ok !== accepted) differing.push({ text, accepted, errors });
    }
    expect(differing).toEqual([]);
  });

  test('was asked about many good and many broken files', () => {
    const good = verdicts[peer]!.filter(([, accepted]) => accepted).length;
    expect(good).toBeGreaterThan(40);
    expect(verdicts[peer]!.length - good).toBeGreaterThan(40);
  });
});

test.each(['', '---\n', '# c\n', 'groups:\n'])('a rule file of %j holds no rule and is refused', async (text) => {
  expect((await validateArtifactFile('prometheus_rule', { path: 'a.yml', text })).ok).toBe(false);
});

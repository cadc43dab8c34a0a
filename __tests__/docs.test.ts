import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { writtenReadme } from '../scripts/write-docs.ts';
import { compileCustomGates } from '../src/gatekeeper/custom-gates.ts';
import { parseManifest } from '../src/manifest/parse-manifest.ts';
import { parsePolicy } from '../src/manifest/policy.ts';
import { shelves } from '../src/shelves.ts';
import { knownNames } from '../src/story/known-names.ts';

const root = path.resolve(import.meta.dirname, '..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
const DOCUMENTS = ['README.md', '.github/ARCHITECTURE.md', '.github/BACKENDS.md', '.github/CONTRIBUTING.md'];

test('the tables of README.md are what action.yml, the gates and the commands say (npm run docs)', async () => {
  expect(readme).toBe(await writtenReadme(readme));
});

test('a stale table is put right, and the text around it stays', async () => {
  const stale = readme.replace(/(<!-- docs:gates -->)[\s\S]*(<!-- \/docs:gates -->)/, '$1\n| old |\n$2');
  expect(stale).not.toBe(readme);
  expect(await writtenReadme(stale)).toBe(readme);
});

test('README.md without the place for a table is refused by its name', async () => {
  await expect(writtenReadme(readme.replace('<!-- docs:outputs -->', ''))).rejects.toThrow('table of outputs');
});

test.each(DOCUMENTS)('every relative link of %s leads to a file', (name) => {
  const text = readFileSync(path.join(root, name), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !existsSync(path.join(root, path.dirname(name), link)))).toEqual([]);
});

test('the manifest that README.md shows is read without a fault or a warning', () => {
  expect(parseManifest(Buffer.from(shown('.contextcore.yaml')), 'm')).toMatchObject({ ok: true, warnings: [] });
});

test('the policy that README.md shows is read without a fault or a warning, and its own gate compiles', async () => {
  const policy = parsePolicy(Buffer.from(shown('.contextcore-quality.yaml')), 'p', knownNames(shelves));
  if (!policy.ok) throw new Error(JSON.stringify(policy.faults));
  expect(policy.warnings).toEqual([]);
  const compiled = await compileCustomGates(policy.policy.customGates, (work) => ({ ok: true, value: work() }));
  expect({ gates: compiled.gates.length, faults: compiled.faults }).toEqual({ gates: 1, faults: [] });
});

test('every npm script that the documents name exists', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const texts = DOCUMENTS.map((name) => readFileSync(path.join(root, name), 'utf8'));
  const named = [...texts.join('\n').matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script);
  expect([...new Set(named)].filter((script) => !(script in scripts))).toEqual([]);
});

test('the version and the oldest Node.js are one: package.json and src/version.ts', async () => {
  const { oldestNode, version } = await import('../src/version.ts');
  expect(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))).toMatchObject({
    version,
    engines: { node: `>=${oldestNode}` },
  });
});

/** The YAML that README.md shows under a file's name. */
function shown(name: string): string {
  const block = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text).find((text) => text.startsWith(`# ${name}`));
  if (block === undefined) throw new Error(`README.md shows no ${name}`);
  return block;
}

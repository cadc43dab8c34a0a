import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { writtenReadme } from '../scripts/write-docs.ts';

const root = path.resolve(import.meta.dirname, '..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

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

test.each(['README.md', '.github/ARCHITECTURE.md', '.github/CONTRIBUTING.md'])('every relative link of %s leads to a file', (name) => {
  const text = readFileSync(path.join(root, name), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !existsSync(path.join(root, path.dirname(name), link)))).toEqual([]);
});

test('every npm script that the documents name exists', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const texts = ['README.md', '.github/ARCHITECTURE.md', '.github/CONTRIBUTING.md'].map((name) =>
    readFileSync(path.join(root, name), 'utf8'),
  );
  const named = [...texts.join('\n').matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script);
  expect([...new Set(named)].filter((script) => !(script in scripts))).toEqual([]);
});

test('the version is one: package.json and src/version.ts', async () => {
  const { version } = await import('../src/version.ts');
  expect((JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }).version).toBe(version);
});

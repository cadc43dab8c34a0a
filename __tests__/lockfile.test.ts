import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, { version?: string; resolved?: string; optionalDependencies?: Record<string, string> }>;
};

test('the lockfile names the builds of every platform, so that npm ci takes it everywhere', () => {
  const locked = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
  const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.entries(optionalDependencies));
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.filter(([name, version]) => /^\d/.test(version) && !locked.has(name)).map(([name]) => name)).toEqual([]);
});

test('the lockfile names no registry', () => {
  expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
});

test('every dependency of package.json is pinned exactly', () => {
  const { devDependencies, dependencies = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>;
  const loose = Object.entries({ ...devDependencies, ...dependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
  expect(loose).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseSync } from '@swc/core';

/** One file of src/, as far as the house asks about it. */
interface Source {
  readonly file: string;
  /** Room, shelf or top file: the first part of its path. */
  readonly place: string;
  readonly imports: readonly Import[];
  /** Names of the values it exports. */
  readonly exports: readonly string[];
  /** What it uses of disk, network, process, clock and chance. */
  readonly worldly: readonly string[];
  readonly logs: boolean;
}

interface Import {
  readonly specifier: string;
  readonly types: boolean;
  /** The file of src/ it leads to, when it leads there. */
  readonly file?: string;
}

const root = path.resolve(import.meta.dirname, '..');
const architecture = readFileSync(path.join(root, '.github/ARCHITECTURE.md'), 'utf8');
const common = quoted(between('common'));
const table = new Map(rows('imports').map(([place, values, types]) => [place, { values, types }]));
const shelves = new Map(rows('shelves').map(([shelf, , beside]) => [shelf, quoted(beside)]));
const rooms = [...table.keys()].filter((place) => !place.endsWith('.ts') && !shelves.has(place));
const doors = ['index.ts', 'action.ts', 'cli.ts'];
/** What may touch the outside besides `host/`: the doors and their parts. */
const outer = (place: string): boolean => doors.includes(place) || place.startsWith('action-');
/** Modules of Node that only calculate. */
const pure = [
  'node:assert',
  'node:buffer',
  'node:crypto',
  'node:path',
  'node:path/posix',
  'node:string_decoder',
  'node:url',
  'node:util',
  'node:zlib',
];
const sources = readSources(path.join(root, 'src'));

describe('the table of imports in ARCHITECTURE.md', () => {
  test('names every place under src/, and no other', () => {
    expect([...table.keys()].sort()).toEqual([...new Set(sources.map(({ place }) => place))].sort());
  });

  test('is kept by every file', () => {
    const broken = sources.flatMap(({ file, place, imports }) =>
      imports
        .filter((found) => !allowed(place, found))
        .map(({ specifier, types }) => `src/${file}: ${types ? 'types' : 'values'} from ${specifier}`),
    );
    expect(broken).toEqual([]);
  });

  test('lets no engine import its shelf', () => {
    const engines = rooms.filter((room) => room !== 'story');
    const reaching = engines.filter((room) =>
      [...shelves.keys()].some((shelf) => allowed(room, { specifier: '', types: false, file: `${shelf}/index.ts` })),
    );
    expect(reaching).toEqual([]);
  });
});

test('only host/ and the doors touch disk, network, process, clock and chance', () => {
  const inner = sources.filter(({ place }) => place !== 'host' && !outer(place));
  expect(inner.flatMap(({ file, worldly }) => worldly.map((name) => `src/${file}: ${name}`))).toEqual([]);
});

test('only a door writes to the console', () => {
  expect(sources.filter(({ place, logs }) => logs && !outer(place)).map(({ file }) => file)).toEqual([]);
});

describe.each([...shelves])('the shelf %s', (shelf, beside) => {
  const inside = sources.filter(({ place }) => place === shelf).map((source) => ({ ...source, below: source.file.split('/').slice(1) }));
  const members = inside.filter(({ below }) => below.length === 1 && !['index.ts', ...beside].includes(below[0] ?? ''));

  test('has a folder only for the parts of a member, of the same name', () => {
    const parts = inside.filter(({ below }) => below.length > 1);
    expect(parts.filter(({ below }) => !members.some(({ file }) => file === `${shelf}/${below[0]}.ts`)).map(({ file }) => file)).toEqual(
      [],
    );
  });

  test('lists one member from every file in its index', () => {
    const lists = readFileSync(path.join(root, 'src', shelf, 'index.ts'), 'utf8').replace(/^import .*$/gm, '');
    const listed = (names: readonly string[]) => names.filter((name) => new RegExp(`\\b${name}\\b`).test(lists));
    expect(members).not.toEqual([]);
    expect(
      members.filter(({ exports }) => listed(exports).length !== 1).map(({ file, exports }) => `src/${file}: ${exports.join(', ')}`),
    ).toEqual([]);
  });
});

describe('the reading itself', () => {
  test.each([
    ["import fs from 'node:fs';", { worldly: ['node:fs'] }],
    ["import type { Stats } from 'node:fs';", { worldly: [] }],
    ["import { isIP } from 'node:net';", { worldly: [] }],
    ["import { connect, isIP } from 'node:net';", { worldly: ['node:net'] }],
    ["import { createHash } from 'node:crypto';", { worldly: [] }],
    ["import { randomUUID } from 'node:crypto';", { worldly: ['randomUUID'] }],
    ["const fs = await import('node:fs/promises');", { worldly: ['node:fs/promises'] }],
    ["export const home = process.env['HOME'];", { worldly: ['process'], exports: ['home'] }],
    [
      'export function now() { return [new Date(), Date.now(), Math.random(), performance.now()]; }',
      { worldly: ['new Date()', 'Date.now', 'Math.random', 'performance.now'] },
    ],
    ['export const then = new Date(0);', { worldly: [] }],
    ["await fetch('http://127.0.0.1/');", { worldly: ['fetch'] }],
    ["console.log('hello');", { logs: true, worldly: [] }],
    [
      "import { type A, type B } from '../manifest/manifest.ts';",
      { imports: [{ specifier: '../manifest/manifest.ts', types: true, file: 'manifest/manifest.ts' }] },
    ],
    [
      "export { parse } from '../manifest/parse.ts';",
      { imports: [{ specifier: '../manifest/parse.ts', types: false, file: 'manifest/parse.ts' }], exports: ['parse'] },
    ],
    ["await import('../host/send.ts');", { imports: [{ specifier: '../host/send.ts', types: false, file: 'host/send.ts' }] }],
    ["import { version } from '../version.ts';", { imports: [{ specifier: '../version.ts', types: false, file: 'version.ts' }] }],
    ['export interface A { a: string }; export class B {}', { exports: ['B'] }],
  ])('sees through %s', (text, expected) => {
    expect(readSource('plan/example.ts', text)).toMatchObject(expected);
  });
});

function allowed(place: string, { file, types }: Import): boolean {
  const to = file === undefined ? place : placeOf(file);
  if (to === place || common.includes(file ?? '')) return true;
  const row = table.get(place);
  if (row === undefined || doors.includes(to)) return false;
  const granted = (cell: string) =>
    quoted(cell).includes(to) || (cell.includes('any room') && rooms.includes(to)) || (cell.includes('any shelf') && shelves.has(to));
  return granted(row.values) || (types && granted(row.types));
}

/** The three columns of a table that stands between markers, the first without its backticks. */
function rows(name: string): readonly (readonly [string, string, string])[] {
  return between(name)
    .split('\n')
    .slice(2)
    .map((line) => {
      const [, first = '', second = '', third = ''] = line.split('|').map((cell) => cell.trim());
      return [first.replaceAll('`', ''), second, third];
    });
}

function between(name: string): string {
  const [, body = ''] = new RegExp(`<!-- house:${name} -->\n([\\s\\S]*?)<!-- /house:${name} -->`).exec(architecture) ?? [];
  if (body === '') throw new Error(`ARCHITECTURE.md has lost its part house:${name}`);
  return body.trim();
}

function quoted(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
}

function readSources(src: string): readonly Source[] {
  const names = readdirSync(src, { recursive: true, encoding: 'utf8' }).map((name) => name.split(path.sep).join('/'));
  const files = names.filter((name) => name.endsWith('.ts')).sort();
  return files.map((file) => readSource(file, readFileSync(path.join(src, file), 'utf8')));
}

function readSource(file: string, text: string): Source {
  const imports: Import[] = [];
  const exports: string[] = [];
  const worldly: string[] = [];
  let logs = false;
  const imported = (specifier: string, types: boolean, names: readonly string[] = []): void => {
    const target = specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : '..';
    imports.push({ specifier, types, ...(target.startsWith('..') ? {} : { file: target }) });
    const onlyAddresses = specifier === 'node:net' && names.every((name) => name.startsWith('isIP'));
    if (!types && specifier.startsWith('node:') && !pure.includes(specifier) && !onlyAddresses) worldly.push(specifier);
  };
  const used = (name: string): void => {
    if (name === 'console') logs = true;
    if (['process', 'fetch', 'randomUUID', 'randomBytes', 'randomInt', 'getRandomValues'].includes(name)) worldly.push(name);
  };
  walk(parseSync(text, { syntax: 'typescript', target: 'es2024' }), (node) => {
    switch (node.type) {
      case 'ImportDeclaration': {
        const names = node.specifiers.filter((one: Node) => !one.isTypeOnly).map((one: Node) => one.imported?.value ?? one.local.value);
        const types = node.typeOnly || (node.specifiers.length > 0 && names.length === 0);
        imported(node.source.value, types, names);
        if (!types) names.forEach(used);
        break;
      }
      case 'ExportAllDeclaration':
        imported(node.source.value, false);
        break;
      case 'ExportNamedDeclaration':
        if (node.source) imported(node.source.value, node.typeOnly);
        if (!node.typeOnly)
          exports.push(...node.specifiers.filter((one: Node) => !one.isTypeOnly).map((one: Node) => (one.exported ?? one.orig).value));
        break;
      case 'ExportDeclaration':
        exports.push(...declared(node.declaration));
        break;
      case 'CallExpression':
        if (node.callee.type === 'Import') imported(node.arguments[0].expression.value ?? '(computed)', false);
        if (node.callee.type === 'Identifier') used(node.callee.value);
        break;
      case 'NewExpression':
        if (node.callee.value === 'Date' && !node.arguments?.length) worldly.push('new Date()');
        break;
      case 'MemberExpression': {
        const name = `${node.object.value}.${node.property.value}`;
        if (['Date.now', 'Math.random', 'performance.now'].includes(name)) worldly.push(name);
        if (node.object.type === 'Identifier') used(node.object.value);
        break;
      }
    }
  });
  return { file, place: placeOf(file), imports, exports, worldly, logs };
}

function placeOf(file: string): string {
  return file.split('/')[0] ?? file;
}

function declared(declaration: Node): readonly string[] {
  if (declaration.type === 'VariableDeclaration') return declaration.declarations.map((one: Node) => one.id.value);
  return ['FunctionDeclaration', 'ClassDeclaration'].includes(declaration.type) ? [declaration.identifier.value] : [];
}

// The parser's tree has no common type that a walk could use.
type Node = any;

/** Visits every node of a syntax tree, parents first. */
function walk(node: Node, visit: (node: Node) => void): void {
  if (typeof node?.type === 'string') visit(node);
  for (const value of Object.values(node)) if (typeof value === 'object' && value !== null) walk(value, visit);
}

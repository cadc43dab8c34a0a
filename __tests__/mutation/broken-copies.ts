import fc from 'fast-check';
import { parse as parseYaml, stringify } from 'yaml';
import type { Doc } from '../manifest/samples.ts';

/** One way to break one file. */
export interface Mutation {
  readonly file: string;
  readonly kind: 'drop' | 'set' | 'shorten' | 'cut' | 'remove' | 'directory';
  /** Keys down to what is broken; of a cut the one number of bytes that remain. */
  readonly way: readonly string[];
  readonly value?: unknown;
}

/** The text of a broken file; null where the file is gone, `directory` where one stands in its place. */
export function broken(text: string, { kind, way, value }: Mutation): string | Uint8Array | null | 'directory' {
  if (kind === 'remove') return null;
  if (kind === 'directory') return 'directory';
  if (kind === 'cut') return Buffer.from(text).subarray(0, Number(way[0]));
  const changed = changedAt(readText(text), way, (found) => (kind === 'shorten' ? shorter(found) : value), kind === 'drop');
  return isJson(text) ? JSON.stringify(changed, null, 2) : stringify(changed);
}

/** Whatever the file is called. */
function isJson(text: string): boolean {
  return text.startsWith('{');
}

function readText(text: string): Doc {
  return isJson(text) ? JSON.parse(text) : parseYaml(text);
}

function changedAt(document: Doc, way: readonly string[], change: (found: unknown) => unknown, drop: boolean): unknown {
  if (way.length === 0) return drop ? {} : change(document);
  const parent = way.slice(0, -1).reduce((at, key) => at[key], document);
  const last = way.at(-1)!;
  if (!drop) define(parent, last, change(parent[last]));
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return document;
}

function define(parent: Doc, key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Half of what there is. */
function shorter(found: unknown): unknown {
  if (typeof found === 'string') return found.slice(0, found.length >> 1);
  if (typeof found === 'number') return Math.trunc(found / 2) - 1;
  if (Array.isArray(found)) return found.slice(0, found.length >> 1);
  if (typeof found === 'object' && found !== null)
    return Object.fromEntries(Object.entries(found).slice(0, Object.keys(found).length >> 1));
  return !found;
}

/** Every way into a document, as lists of keys. */
export function ways(value: unknown, way: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [way];
  return [way, ...Object.entries(value).flatMap(([key, inner]) => ways(inner, [...way, key]))];
}

/** Values of other types, and values that programs trip over. */
const anyValue = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -1,
      1e308,
      12.5,
      '',
      'x',
      '../../etc/passwd',
      '/',
      '.',
      [],
      [[]],
      {},
      [null],
      [''],
      { a: null },
      { _omitted: 'x' },
      { __proto__: 1 },
      'a\u0000b',
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

/** Mutations of these files, a key of a small file as likely as one of a large file is not. */
export function mutationsOf(texts: ReadonlyMap<string, string>): fc.Arbitrary<Mutation> {
  const files = [...texts].map(([file, text]) => ({ file, text, ways: ways(readText(text)) }));
  const inside = files.map(({ file, text, ways }) => {
    const way = fc.oneof(fc.constantFrom(...ways), fc.constantFrom(...ways.filter(({ length }) => length <= 2)));
    return fc.oneof(
      { weight: 12, arbitrary: way.map((way): Mutation => ({ file, kind: 'drop', way })) },
      { weight: 20, arbitrary: fc.tuple(way, anyValue).map(([way, value]): Mutation => ({ file, kind: 'set', way, value })) },
      { weight: 8, arbitrary: way.map((way): Mutation => ({ file, kind: 'shorten', way })) },
      { weight: 2, arbitrary: fc.nat(Buffer.byteLength(text)).map((at): Mutation => ({ file, kind: 'cut', way: [String(at)] })) },
      { weight: 1, arbitrary: fc.constantFrom<Mutation>({ file, kind: 'remove', way: [] }, { file, kind: 'directory', way: [] }) },
    );
  });
  // Of a file whose bytes are hashed every change is the same to the gates, and YAML takes long to write.
  const weighed = inside.map((arbitrary, index) => ({
    arbitrary,
    weight: isJson(files[index]!.text) ? Math.ceil(Math.sqrt(files[index]!.ways.length)) : 3,
  }));
  return fc.oneof(...weighed);
}

import { lineStarts } from '../../host/lines.ts';
import type { Place } from '../../host/place.ts';
import { readJson } from './json-tree.ts';
import type { Book, Owner } from './reading.ts';
import { type At, eachEntry, entries, isMapping, items, placeOf, rootOf, step, type Tree, textOf } from './tree.ts';
import { readYaml } from './yaml-tree.ts';

/** A file as it was read. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** One thing in a file: a document, a member of a Kubernetes list, or a text inside a ConfigMap or Secret. */
export interface Unit {
  readonly at: At;
  /** Kubernetes' kind, where it says one. */
  readonly kind: string | undefined;
  /** True when the file is this and nothing else. */
  readonly isWhole: boolean;
  /** The ConfigMap or Secret that it stands in. */
  readonly owner?: Owner;
}

/** All things in a file of YAML or JSON; what cannot be read is told. `embedded` picks the keys of a ConfigMap or Secret that hold what is looked for. */
export function unitsOf(source: Source, book: Book, embedded: RegExp): readonly Unit[] {
  const trees = readTrees(source, book);
  const isAlone = trees.length === 1;
  const units: Unit[] = [];
  for (const tree of trees) {
    const root = rootOf(tree);
    for (const unit of unfold(root, source.path, book, embedded, 0)) units.push({ ...unit, isWhole: isAlone && unit.at === root });
  }
  return units;
}

function readTrees({ path, text }: Source, book: Book): readonly Tree[] {
  if (path.endsWith('.json')) {
    const read = readJson(path, text);
    if ('tree' in read) return [read.tree];
    book.error(read.fault.place, read.fault.message);
    return [];
  }
  const { trees, problems } = readYaml(path, text);
  for (const { place, message } of problems) book.error(place, message);
  if (trees.length === 0 && problems.length === 0) book.error({ file: path, line: 1, column: 1 }, 'The file is empty.');
  return trees;
}

type Found = Omit<Unit, 'isWhole'>;

function unfold(at: At, file: string, book: Book, embedded: RegExp, depth: number): readonly Found[] {
  const kind = textOf(step(at, 'kind'));
  if (kind?.endsWith('List') && depth < 4 && Array.isArray(step(at, 'items').value))
    return items(step(at, 'items')).flatMap((item) => unfold(item, file, book, embedded, depth + 1));
  const plain = kind === 'ConfigMap' ? 'data' : kind === 'Secret' ? 'stringData' : undefined;
  if (plain !== undefined)
    return [
      ...entries(step(at, plain)).flatMap(([key, value]) => embeddedUnits(key, value, file, book, embedded)),
      ...entries(step(at, 'data')).flatMap(([key, value]) => (kind === 'Secret' ? encodedUnits(key, value, file, book, embedded) : [])),
    ].map((unit) => ({ ...unit, owner: metadataOf(at) }));
  return [{ at, kind }];
}

function embeddedUnits(key: string, at: At, file: string, book: Book, embedded: RegExp): readonly Found[] {
  if (!embedded.test(key) || typeof at.value !== 'string') return [];
  return readEmbedded(key, at, at.value, file, book).map((tree) => ({ at: rootOf(tree), kind: textOf(step(rootOf(tree), 'kind')) }));
}

/** Of a text that only the cluster needs to read, whatever is wrong stands where the text does. */
function encodedUnits(key: string, at: At, file: string, book: Book, embedded: RegExp): readonly Found[] {
  const text = embedded.test(key) && typeof at.value === 'string' ? decoded(at.value) : undefined;
  if (text === undefined) return [];
  const trees = readText(key, text, file, () => placeOf(at), book);
  return trees.map((tree) => ({ at: rootOf(tree), kind: textOf(step(rootOf(tree), 'kind')) }));
}

function decoded(base64: string): string | undefined {
  const plain = base64.replace(/\s/g, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(plain) ? Buffer.from(plain, 'base64').toString() : undefined;
}

/** The documents of a text that stands in another, with their places in the file. */
export function readEmbedded(key: string, at: At, text: string, file: string, book: Book): readonly Tree[] {
  return readText(key, text, file, createOutside(at, text), book);
}

function readText(key: string, text: string, file: string, outside: (place: Place) => Place, book: Book): readonly Tree[] {
  const wrap = (tree: Tree): Tree => ({
    ...tree,
    place: (path, side) => outside(tree.place(path, side)),
    placeWithin: (path, offset) => outside(tree.placeWithin(path, offset)),
    placesWithin: (path, offsets) => tree.placesWithin(path, offsets).map(outside),
  });
  if (key.endsWith('json')) {
    const read = readJson(file, text);
    if ('tree' in read) return [wrap(read.tree)];
    book.error(outside(read.fault.place), `"${key}": ${read.fault.message}`);
    return [];
  }
  const { trees, problems } = readYaml(file, text);
  for (const { place, message } of problems) book.error(outside(place), `"${key}": ${message}`);
  return trees.map(wrap);
}

/** How many characters may be gone through to tell places of one text to the character; beyond, they are told to the line. */
const PATIENCE = 20_000_000;

/**
 * Where a place of an embedded text stands in the file. In a literal block the lines go side by side, and the start of each tells all. In a folded or quoted text
 * each place is sought, as long as that does not take too long.
 */
function createOutside(at: At, text: string): (place: Place) => Place {
  let lines: readonly number[] = [];
  let starts: readonly Place[] | undefined;
  let isLiteral = false;
  let walked = 0;
  return ({ line, column = 1 }) => {
    if (starts === undefined) {
      const body = text.trimEnd();
      lines = lineStarts(body);
      starts = at.tree.placesWithin(at.path, [...lines, Math.max(0, body.length - 1)]);
      isLiteral = lines.length > 1 && starts.at(-1)!.line - starts[0]!.line === lines.length - 1;
    }
    const offset = lines[line - 1] ?? 0;
    if (!isLiteral) walked += text.length;
    if (!isLiteral && walked < PATIENCE) return at.tree.placeWithin(at.path, offset + column - 1);
    const start = starts[Math.min(line, starts.length) - 1] ?? placeOf(at);
    // Places are those of a line's first character that is no blank.
    const indent = /^[ \t]*/.exec(text.slice(offset, offset + 1000))?.[0].length ?? 0;
    return { ...start, column: Math.max(1, (start.column ?? 1) + column - 1 - indent) };
  };
}

/** Name, namespace, labels and annotations of a Kubernetes object. */
export function metadataOf(at: At) {
  const metadata = step(at, 'metadata');
  const namespace = textOf(step(metadata, 'namespace'));
  return {
    name: textOf(step(metadata, 'name')) ?? '',
    ...(namespace !== undefined && { namespace }),
    labels: textMap(step(metadata, 'labels')),
    annotations: textMap(step(metadata, 'annotations')),
    line: placeOf(at).line,
  };
}

export function textMap(at: At): ReadonlyMap<string, string> {
  if (!isMapping(at)) return NO_TEXTS;
  const texts = new Map<string, string>();
  eachEntry(at, (key, value) => {
    const text = textOf(value);
    if (text !== undefined) texts.set(key, text);
  });
  return texts;
}

const NO_TEXTS: ReadonlyMap<string, string> = new Map();

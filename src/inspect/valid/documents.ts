import type { Place } from '../../host/place.ts';
import { readJson } from './json-tree.ts';
import type { Book } from './reading.ts';
import { type At, entries, items, placeOf, rootOf, step, type Tree, textOf, walk } from './tree.ts';
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
}

/** All things in a file of YAML or JSON; what cannot be read is told. `embedded` picks the keys of a ConfigMap or Secret that hold what is looked for. */
export function unitsOf(source: Source, book: Book, embedded: RegExp): readonly Unit[] {
  const trees = readTrees(source, book);
  return trees.flatMap((tree) => unfold(rootOf(tree), source.path, book, embedded, 0));
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

function unfold(at: At, file: string, book: Book, embedded: RegExp, depth: number): readonly Unit[] {
  const kind = textOf(step(at, 'kind'));
  if (kind?.endsWith('List') && depth < 4 && Array.isArray(step(at, 'items').value))
    return items(step(at, 'items')).flatMap((item) => unfold(item, file, book, embedded, depth + 1));
  if (kind === 'ConfigMap') return entries(step(at, 'data')).flatMap(([key, value]) => embeddedUnits(key, value, file, book, embedded));
  if (kind === 'Secret') return entries(step(at, 'stringData')).flatMap(([key, value]) => embeddedUnits(key, value, file, book, embedded));
  return [{ at, kind }];
}

function embeddedUnits(key: string, at: At, file: string, book: Book, embedded: RegExp): readonly Unit[] {
  if (!embedded.test(key) || typeof at.value !== 'string') return [];
  return readEmbedded(key, at, at.value, file, book).map((tree) => ({ at: rootOf(tree), kind: textOf(step(rootOf(tree), 'kind')) }));
}

function readEmbedded(key: string, at: At, text: string, file: string, book: Book): readonly Tree[] {
  const outside = createOutside(at, text);
  const wrap = (tree: Tree): Tree => ({
    ...tree,
    place: (path, side) => outside(tree.place(path, side)),
    placeWithin: (path, offset) => outside(tree.placeWithin(path, offset)),
  });
  if (key.endsWith('.json')) {
    const read = readJson(file, text);
    if ('tree' in read) return [wrap(read.tree)];
    book.error(outside(read.fault.place), `"${key}": ${read.fault.message}`);
    return [];
  }
  const { trees, problems } = readYaml(file, text);
  for (const { place, message } of problems) book.error(outside(place), `"${key}": ${message}`);
  return trees.map(wrap);
}

/**
 * Where a line of an embedded text stands in the file. In a literal block the lines go side by side, in a quoted text all are one. Of a folded text only the
 * start is told: to go through it for every place would take too long.
 */
function createOutside(at: At, text: string): (place: Place) => Place {
  const lastLine = text.trimEnd().lastIndexOf('\n') + 1;
  const lines = text.slice(0, lastLine).split('\n').length - 1;
  const [first, last] = [at.tree.placeWithin(at.path, 0), at.tree.placeWithin(at.path, lastLine)];
  const stride = last.line - first.line;
  if (stride !== lines && stride !== 0) return () => first;
  return ({ line, column = 1 }) => ({
    ...first,
    line: first.line + (stride === 0 ? 0 : line - 1),
    column: (first.column ?? 1) + column - 1,
  });
}

/** Name, namespace, labels and annotations of a Kubernetes object. */
export function metadataOf(at: At) {
  const namespace = textOf(walk(at, 'metadata', 'namespace'));
  return {
    name: textOf(walk(at, 'metadata', 'name')) ?? '',
    ...(namespace !== undefined && { namespace }),
    labels: textMap(walk(at, 'metadata', 'labels')),
    annotations: textMap(walk(at, 'metadata', 'annotations')),
    line: placeOf(at).line,
  };
}

export function textMap(at: At): ReadonlyMap<string, string> {
  return new Map(entries(at).flatMap(([key, value]) => (textOf(value) === undefined ? [] : [[key, textOf(value)!] as const])));
}

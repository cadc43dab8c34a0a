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
  const outside = createOutside(at, lineOffsets(text));
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
 * Where a line of an embedded text stands in the file. In a literal block the lines go side by side, in a quoted text all are one; only a folded text must be
 * gone through for each place.
 */
function createOutside(at: At, offsets: readonly number[]): (place: Place) => Place {
  const within = (offset: number) => at.tree.placeWithin(at.path, offset);
  const first = within(0);
  const last = within(offsets.at(-1) ?? 0);
  const stride = offsets.length === 1 ? 0 : (last.line - first.line) / (offsets.length - 1);
  if (stride === 0) return ({ column = 1 }) => ({ ...first, column: (first.column ?? 1) + column - 1 });
  if (stride === 1) return ({ line, column = 1 }) => ({ ...first, line: first.line + line - 1, column: (first.column ?? 1) + column - 1 });
  return ({ line, column = 1 }) => within((offsets[line - 1] ?? 0) + column - 1);
}

function lineOffsets(text: string): readonly number[] {
  const starts = [0];
  for (let feed = text.indexOf('\n'); feed !== -1; feed = text.indexOf('\n', feed + 1)) starts.push(feed + 1);
  return starts;
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

import {
  Composer,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  Parser,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { JsonValue } from '../../host/json.ts';
import type { Place } from '../../host/place.ts';
import { readPlainYaml } from '../../host/plain-yaml.ts';
import { createLocator, offsetsWithin } from './line-starts.ts';
import { openPlainTree } from './plain-tree.ts';
import type { Path, Side, Tree } from './tree.ts';

export interface YamlProblem {
  readonly place: Place;
  readonly message: string;
}

export interface ReadYaml {
  /** One for every document that says something. */
  readonly trees: readonly Tree[];
  readonly problems: readonly YamlProblem[];
}

/** Collections may be nested this deep; no artifact of the field needs half of it. */
const DEEPEST = 96;
/** The parser opens up to three tokens for a level of nesting. */
const DEEPEST_STACK = 3 * DEEPEST + 8;
const MOST_PROBLEMS = 20;
/** Values that aliases may add up to; beyond, a short file would unfold into a huge one. */
const MOST_VALUES = 1_000_000;

/** Reads all documents of a YAML text, as the Go programs that the field consists of read them: merge keys count, repeated keys are faults. */
export function readYaml(file: string, text: string): ReadYaml {
  const plain = readPlainYaml(text);
  if (plain === undefined) return parseYaml(file, text);
  const locate = createLocator(file, text);
  return { trees: plain.map((document) => openPlainTree(text, document, locate)), problems: [] };
}

/** The same by the parser that knows all of YAML. */
export function parseYaml(file: string, text: string): ReadYaml {
  const locate = createLocator(file, text);
  const composed = compose(text);
  const problems = composed.problems.map(({ offset, message }) => ({ place: locate(offset), message }));
  const trees: Tree[] = [];
  for (const document of composed.documents) {
    if (document.errors.length > 0) continue;
    const values = new Values((offset, message) => {
      if (problems.length < MOST_PROBLEMS) problems.push({ place: locate(offset), message });
    });
    const root = values.read(document.contents, 0);
    if (root !== null) trees.push(openTree(text, document.contents, root, values.aliased, locate));
  }
  return { trees, problems };
}

interface Composed {
  readonly documents: readonly Document.Parsed[];
  readonly problems: readonly { readonly offset: number; readonly message: string }[];
}

function compose(text: string): Composed {
  // `uniqueKeys` would compare every key of a mapping with every other; repeated keys are found when values are read.
  const composer = new Composer({ schema: 'core', uniqueKeys: false, resolveKnownTags: false, prettyErrors: false });
  const parser = new Parser();
  const documents: Document.Parsed[] = [];
  try {
    for (const lexeme of new Lexer().lex(text)) {
      for (const token of parser.next(lexeme)) documents.push(...composer.next(token));
      if (parser.stack.length > DEEPEST_STACK) return { documents: [], problems: [tooDeep(parser.offset)] };
    }
    for (const token of parser.end()) documents.push(...composer.next(token));
    documents.push(...composer.end(false, text.length));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { documents: [], problems: [{ offset: parser.offset, message: `This is no YAML that can be read: ${message}.` }] };
  }
  return { documents, problems: documents.flatMap((document) => syntaxProblems(document, text)).slice(0, MOST_PROBLEMS) };
}

function tooDeep(offset: number) {
  return { offset, message: `Lists and mappings are nested more than ${DEEPEST} deep here; no artifact needs so many levels.` };
}

/** Where the parser has lost its footing it reports the same mistake again on the lines after; the first of a document tells enough. */
function syntaxProblems(document: Document.Parsed, text: string): Composed['problems'] {
  const [first] = document.errors;
  if (first === undefined) return [];
  const advice = /^\s*(?:-\s*)?\{\{|:\s*\{\{|^\s*\{\{-/m.test(text)
    ? 'the file looks like a Helm template; what can be judged is what it renders to'
    : (SYNTAX_ADVICE[first.code] ?? 'correct the line');
  return [{ offset: first.pos[0], message: `This is no valid YAML: ${first.message.replace(/\.$/, '')}; ${advice}.` }];
}

const SYNTAX_ADVICE: Readonly<Partial<Record<string, string>>> = {
  TAB_AS_INDENT: 'indent with blanks',
  BAD_INDENT: 'give entries of one collection the same indentation, and close every bracket',
  BLOCK_AS_IMPLICIT_KEY: 'put text that holds ": " in quotes',
  MULTILINE_IMPLICIT_KEY: 'a colon may be missing after a key, or a quote around a text',
  BAD_SCALAR_START: 'put text that starts with this character in quotes',
  MISSING_CHAR: 'close the quote or bracket, or add the colon',
};

/** Turns nodes into JSON values. An alias shares the value of its anchor, so what is walked later may be larger than the file: it is counted. */
class Values {
  /** Aliases, and merge keys' mappings, by what they stand for. */
  readonly aliased = new Map<Node, Node>();
  readonly #anchors = new Map<string, { node: Node; value: JsonValue; size: number }>();
  readonly #complain: (offset: number, message: string) => void;
  #size = 0;
  #full = false;

  constructor(complain: (offset: number, message: string) => void) {
    this.#complain = complain;
  }

  read(node: unknown, depth: number): JsonValue {
    this.#size++;
    if (isAlias(node)) return this.#alias(node);
    if (!isScalar(node) && !isCollection(node)) return null;
    if (depth > DEEPEST) {
      this.#complain(node.range?.[0] ?? 0, tooDeep(0).message);
      return null;
    }
    const before = this.#size;
    const value = isMap(node)
      ? this.#map(node.items, depth)
      : isSeq(node)
        ? node.items.map((item) => this.read(item, depth + 1))
        : scalar(node as Scalar);
    if (node.anchor) this.#anchors.set(node.anchor, { node, value, size: this.#size - before + 1 });
    return value;
  }

  #alias(node: Node & { source: string }): JsonValue {
    const anchor = this.#anchors.get(node.source);
    if (anchor === undefined) {
      this.#complain(node.range?.[0] ?? 0, `The alias *${node.source} has no anchor &${node.source} before it.`);
      return null;
    }
    this.#size += anchor.size;
    if (this.#size > MOST_VALUES) {
      if (!this.#full)
        this.#complain(node.range?.[0] ?? 0, `Aliases unfold this file into more than ${MOST_VALUES} values; write it out, or split it.`);
      this.#full = true;
      return null;
    }
    this.aliased.set(node, anchor.node);
    return anchor.value;
  }

  #map(pairs: readonly { key: unknown; value: unknown }[], depth: number): JsonValue {
    const own = new Map<string, JsonValue>();
    const merged: JsonValue[] = [];
    for (const { key, value } of pairs) {
      const name = keyOf(key);
      if (name === undefined) {
        this.#complain((key as Node | null)?.range?.[0] ?? 0, 'A key must be a text here.');
        continue;
      }
      if (own.has(name))
        this.#complain((key as Scalar).range?.[0] ?? 0, `The key "${name}" stands twice in one mapping; remove one of the two.`);
      const read = this.read(value, depth + 1);
      if (name === '<<' && (key as Scalar).type === 'PLAIN') merged.push(...(Array.isArray(read) ? read : [read]));
      else own.set(name, read);
    }
    for (const source of merged)
      if (typeof source === 'object' && source !== null)
        for (const [name, value] of Object.entries(source)) if (!own.has(name)) own.set(name, value as JsonValue);
    return fromEntries(own);
  }
}

/** `__proto__` is a key like any other. */
function fromEntries(map: ReadonlyMap<string, JsonValue>): JsonValue {
  const object: Record<string, JsonValue> = {};
  for (const [key, value] of map) {
    if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
    else object[key] = value;
  }
  return object;
}

function scalar({ value, source }: Scalar): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  return typeof value === 'number' && Number.isFinite(value) ? value : (source ?? String(value));
}

interface Found {
  readonly node: Node | undefined;
  readonly key: Node | undefined;
  readonly exact: boolean;
}

function openTree(
  text: string,
  contents: unknown,
  root: JsonValue,
  aliased: ReadonlyMap<Node, Node>,
  locate: (offset: number) => Place,
): Tree {
  const find = (path: Path): Found => {
    let node = contents as Node | undefined;
    let key: Node | undefined;
    for (const name of path) {
      const inside = node === undefined ? undefined : child(aliased.get(node) ?? node, name, aliased);
      if (inside === undefined) return { node, key, exact: false };
      node = inside.value ?? inside.key;
      key = inside.key;
    }
    return { node, key, exact: true };
  };
  const placesWithin = (path: Path, offsets: readonly number[]): readonly Place[] => {
    const { node, exact } = find(path);
    const written = node && (aliased.get(node) ?? node);
    if (!written?.range) return offsets.map(() => locate(0));
    const [start, end] = written.range;
    const value = isScalar(written) && typeof written.value === 'string' ? written.value : '';
    return (exact && value !== '' ? offsetsWithin(text, start, end, value, offsets) : offsets.map(() => start)).map(locate);
  };
  return {
    root,
    place: (path, side: Side) => {
      const { node, key, exact } = find(path);
      return locate((side === 'key' || !exact ? key : undefined)?.range?.[0] ?? node?.range?.[0] ?? 0);
    },
    placeWithin: (path, offset) => placesWithin(path, [offset])[0]!,
    placesWithin,
    written: (path) => {
      const { node, exact } = find(path);
      const target = node && (aliased.get(node) ?? node);
      return exact && isScalar(target) ? target.source : undefined;
    },
  };
}

const INDEXES = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

/** A pair by its key. Large mappings get an index, lest a hundred thousand keys be gone through for each of them. */
function pairOf(map: YAMLMap, name: string): Pair | undefined {
  if (map.items.length < 32) return map.items.find(({ key }) => keyOf(key) === name);
  let index = INDEXES.get(map);
  if (index === undefined) {
    index = new Map(map.items.map((pair) => [keyOf(pair.key) ?? '', pair]));
    INDEXES.set(map, index);
  }
  return index.get(name);
}

function keyOf(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

function child(node: Node, name: string | number, aliased: ReadonlyMap<Node, Node>): { key?: Node; value?: Node } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(name)] as Node | undefined;
    return item && { value: item };
  }
  if (!isMap(node)) return undefined;
  const pair = pairOf(node, String(name));
  if (pair) return { key: pair.key as Node, ...(pair.value !== null && { value: pair.value as Node }) };
  const merge = node.items.find(({ key }) => isScalar(key) && key.value === '<<')?.value as Node | undefined;
  const sources = merge === undefined ? [] : isSeq(merge) ? (merge.items as Node[]) : [merge];
  for (const source of sources) {
    const inside = child(aliased.get(source) ?? source, name, aliased);
    if (inside) return inside;
  }
  return undefined;
}

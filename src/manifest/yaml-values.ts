import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { JsonValue } from '../host/json.ts';
import { type FaultCode, type Path, quoted, shown } from './fault.ts';
import type { Problem, Range } from './source-text.ts';
import { type OldReading, readAsYaml11 } from './yaml-scalars.ts';
import { DEEPEST, tooDeep } from './yaml-syntax.ts';

/** The values of a syntax tree, and what is needed to find them again. */
export interface YamlValues {
  readonly root: JsonValue;
  readonly duplicates: readonly (Problem & { readonly path: Path })[];
  /** Keys that YAML reads as a number, a boolean or null. */
  readonly oddKeys: readonly Path[];
  readonly ambiguous: readonly AmbiguousScalar[];
  /** The pairs of each mapping by key, those merged by `<<` included. */
  readonly pairs: ReadonlyMap<YAMLMap, ReadonlyMap<string, Pair>>;
  readonly aliased: ReadonlyMap<Alias, Node>;
}

/** A plain scalar that YAML 1.1 tools read as something else. */
export interface AmbiguousScalar extends OldReading {
  readonly path: Path;
  readonly source: string;
  /** What is read here. */
  readonly value: JsonValue;
}

/** More values than this, aliases written out, are refused. A manifest of 10,000 targets has 80,000. */
const MOST_VALUES = 250_000;

/**
 * Reads JSON-safe values from a syntax tree, aliases and merge keys resolved. Mappings have no prototype: a key such as `__proto__` is one like any other.
 * `lineOf` gives the line of an offset, for messages that name a second place.
 */
export function readValues(contents: ParsedNode, lineOf: (offset: number) => number): YamlValues | { readonly problem: Problem } {
  const walk = new ValueWalk(lineOf);
  try {
    return {
      root: walk.read(contents).value,
      duplicates: walk.duplicates,
      oddKeys: walk.oddKeys,
      ambiguous: walk.ambiguous,
      pairs: walk.pairs,
      aliased: walk.aliased,
    };
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.problem };
    throw error;
  }
}

/** A value, how many values it holds when written out, and how deep it is. Aliased values are shared, so that an alias bomb costs no more than its counting. */
interface Reading {
  readonly value: JsonValue;
  readonly size: number;
  readonly height: number;
}

class ValueWalk {
  readonly duplicates: (Problem & { path: Path })[] = [];
  readonly oddKeys: Path[] = [];
  readonly ambiguous: AmbiguousScalar[] = [];
  readonly pairs = new Map<YAMLMap, Map<string, Pair>>();
  readonly aliased = new Map<Alias, Node>();
  readonly #mappings = new Map<YAMLMap, Readonly<Record<string, JsonValue>>>();
  readonly #anchors = new Map<string, Node>();
  readonly #anchored = new Map<Node, Reading>();
  readonly #path: (string | number)[] = [];
  readonly #lineOf: (offset: number) => number;
  #total = 0;

  constructor(lineOf: (offset: number) => number) {
    this.#lineOf = lineOf;
  }

  read(node: Node | null): Reading {
    if (this.#path.length > DEEPEST) throw new Refusal(tooDeep(rangeOf(node)));
    if (isAlias(node)) return this.#readAlias(node);
    this.#count(1, node);
    this.#openAnchor(node);
    const reading = this.#readNode(node);
    if (hasAnchor(node)) this.#anchored.set(node, reading);
    return reading;
  }

  #readNode(node: Node | null): Reading {
    if (isMap(node)) return this.#readMap(node);
    if (isSeq(node)) return this.#readList(node);
    return { value: isScalar(node) ? this.#readScalar(node) : null, size: 1, height: 0 };
  }

  #openAnchor(node: Node | null): void {
    if (hasAnchor(node)) this.#anchors.set(node.anchor, node);
  }

  #readAlias(alias: Alias): Reading {
    const target = this.#anchors.get(alias.source);
    if (!target)
      throw refuse(
        'unknown-alias',
        `The alias *${quoted(alias.source)} names no anchor above it; write &${quoted(alias.source)} before the value it stands for.`,
        alias,
      );
    const reading = this.#anchored.get(target);
    if (!reading)
      throw refuse('recursive-alias', `The alias *${quoted(alias.source)} stands inside the value it names, which would never end.`, alias);
    this.aliased.set(alias, target);
    this.#count(reading.size, alias);
    if (this.#path.length + reading.height > DEEPEST) throw new Refusal(tooDeep(rangeOf(alias)));
    return reading;
  }

  #readScalar(node: Scalar): JsonValue {
    const value = scalarValue(node);
    if (typeof value === 'string') refuseHalfCharacters(value, node);
    const source = node.type === 'PLAIN' && node.tag === undefined ? node.source : undefined;
    const old = source === undefined ? undefined : readAsYaml11(source);
    if (source !== undefined && old) this.ambiguous.push({ ...old, path: [...this.#path], source, value });
    return value;
  }

  #readList(node: YAMLSeq): Reading {
    const items = node.items.map((item, i) => this.#within(i, item as Node | null));
    return { value: items.map((item) => item.value), ...measure(items) };
  }

  #readMap(node: YAMLMap): Reading {
    const own = new Map<string, Pair>();
    const value: Record<string, JsonValue> = Object.create(null);
    this.pairs.set(node, own);
    this.#mappings.set(node, value);
    const inner: Reading[] = [];
    const merges: Pair[] = [];
    for (const pair of node.items) {
      if (isMergeKey(pair.key)) {
        merges.push(pair);
        inner.push(this.read(pair.value as Node | null));
        continue;
      }
      const key = this.#readKey(pair);
      const reading = this.#within(key, pair.value as Node | null);
      inner.push(reading);
      this.#noteDuplicate(own.get(key), pair, key);
      own.set(key, pair);
      value[key] = reading.value;
    }
    for (const pair of merges) this.#merge(pair, value, own);
    return { value, ...measure(inner) };
  }

  #readKey(pair: Pair): string {
    const written = pair.key as Node | null;
    if (isAlias(written)) this.#readAlias(written);
    else this.#openAnchor(written);
    const node = isAlias(written) ? this.aliased.get(written) : written;
    if (!isScalar(node))
      throw refuse('non-text-key', 'A key must be text; here it is a list, a mapping or nothing.', node ?? (pair.value as Node | null));
    if (hasAnchor(node)) this.#anchored.set(node, { value: scalarValue(node), size: 1, height: 0 });
    const key = typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
    refuseHalfCharacters(key, node);
    if (typeof node.value !== 'string') this.oddKeys.push([...this.#path, key]);
    return key;
  }

  #noteDuplicate(earlier: Pair | undefined, pair: Pair, key: string): void {
    if (!earlier) return;
    const range = rangeOf(pair.key as Node);
    const lines = `on line ${this.#lineOf(rangeOf(earlier.key as Node)[0])} and again on line ${this.#lineOf(range[0])}`;
    const message = `The key ${shown(key)} is given twice in one mapping, ${lines}; keep one of the two.`;
    this.duplicates.push({ code: 'duplicate-key', path: [...this.#path, key], range, message });
  }

  /** What the mapping has itself, or got from an earlier source, stands. */
  #merge(pair: Pair, value: Record<string, JsonValue>, own: Map<string, Pair>): void {
    const merged = this.#resolve(pair.value as Node | null);
    for (const source of isSeq(merged) ? merged.items.map((item) => this.#resolve(item as Node | null)) : [merged]) {
      if (!isMap(source))
        throw refuse(
          'bad-merge',
          'The merge key << takes a mapping or a list of mappings, usually an alias such as *defaults.',
          pair.key as Node,
        );
      for (const [key, origin] of this.pairs.get(source) ?? []) {
        if (own.has(key)) continue;
        own.set(key, origin);
        value[key] = this.#mappings.get(source)?.[key] ?? null;
      }
    }
  }

  #resolve(node: Node | null): Node | null {
    return isAlias(node) ? (this.aliased.get(node) ?? null) : node;
  }

  #within(key: string | number, node: Node | null): Reading {
    this.#path.push(key);
    const reading = this.read(node);
    this.#path.pop();
    return reading;
  }

  #count(values: number, node: Node | null): void {
    this.#total += values;
    if (this.#total <= MOST_VALUES) return;
    const what = isAlias(node) ? `With the alias *${quoted(node.source)} written out the file` : 'The file';
    throw refuse('too-many-values', `${what} holds more than ${MOST_VALUES} values, which is more than is read.`, node);
  }
}

/** Thrown inside the walk when a tree must not be read on. */
class Refusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

function refuse(code: FaultCode, message: string, node: Node | null): Refusal {
  return new Refusal({ code, message, range: rangeOf(node) });
}

function refuseHalfCharacters(text: string, node: Scalar): void {
  if (!text.isWellFormed())
    throw refuse('not-text', 'This text holds half of a surrogate pair, which is no character; write the whole character.', node);
}

function rangeOf(node: Node | null): Range {
  return node?.range ? [node.range[0], node.range[1]] : [0, 0];
}

function hasAnchor<T extends Node>(node: T | null | undefined): node is T & { anchor: string } {
  return node != null && 'anchor' in node && typeof node.anchor === 'string';
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<';
}

function measure(inner: readonly Reading[]): { size: number; height: number } {
  let size = 1;
  let height = 0;
  for (const reading of inner) {
    size += reading.size;
    height = Math.max(height, reading.height + 1);
  }
  return { size, height: Math.max(1, height) };
}

/** JSON has neither NaN nor infinity: they stay the text they were written as, and fail wherever a number is wanted. */
function scalarValue(node: Scalar): JsonValue {
  const { value } = node;
  if (typeof value === 'number') return Number.isFinite(value) ? value : (node.source ?? String(value));
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

import {
  type Alias,
  isAlias,
  isCollection,
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
import { isJsonObject, type JsonValue } from '../host/json.ts';
import type { Span } from '../host/spans.ts';
import { type FaultCode, type Path, quoted, shown } from './fault.ts';
import type { Problem, Range } from './source-text.ts';
import { type OldReading, readAsYaml11 } from './yaml-scalars.ts';
import { DEEPEST, tooDeep } from './yaml-syntax.ts';

/** The values of a document, and where they are written. */
export interface YamlValues {
  readonly root: JsonValue;
  readonly span: Span;
  readonly duplicates: readonly (Problem & { readonly path: Path })[];
  /** Keys that YAML reads as a number, a boolean or null. */
  readonly oddKeys: readonly Path[];
  readonly ambiguous: readonly AmbiguousScalar[];
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
    const { value, span } = walk.read(contents);
    return { root: value, span, duplicates: walk.duplicates, oddKeys: walk.oddKeys, ambiguous: walk.ambiguous };
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.problem };
    throw error;
  }
}

/** A value, how many values it holds when written out, and how deep it is. Aliased values are shared, so that an alias bomb costs no more than its counting. */
interface Reading {
  readonly value: JsonValue;
  readonly span: Span;
  readonly size: number;
  readonly height: number;
}

class ValueWalk {
  readonly duplicates: (Problem & { path: Path })[] = [];
  readonly oddKeys: Path[] = [];
  readonly ambiguous: AmbiguousScalar[] = [];
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
    return { value: isScalar(node) ? this.#readScalar(node) : null, span: spanOf(node), size: 1, height: 0 };
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
    this.#count(reading.size, alias);
    if (this.#path.length + reading.height > DEEPEST) throw new Refusal(tooDeep(rangeOf(alias)));
    return { ...reading, span: spanOf(alias, reading.span.children) };
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
    const children = new Map<string | number, Span>(items.map(({ span }, i) => [i, span]));
    return { value: items.map((item) => item.value), span: spanOf(node, children), ...measure(items) };
  }

  #readMap(node: YAMLMap): Reading {
    const children = new Map<string | number, Span>();
    const value: Record<string, JsonValue> = Object.create(null);
    const inner: Reading[] = [];
    const merges: [Pair, Reading][] = [];
    for (const pair of node.items) {
      if (isMergeKey(pair.key)) {
        const reading = this.read(pair.value as Node | null);
        merges.push([pair, reading]);
        inner.push(reading);
        continue;
      }
      const key = this.#readKey(pair);
      const reading = this.#within(key, pair.value as Node | null);
      inner.push(reading);
      this.#noteDuplicate(children.get(key), pair, key);
      const [start, end] = rangeOf(pair.key as Node);
      children.set(key, { ...reading.span, key: start, keyEnd: end });
      value[key] = reading.value;
    }
    for (const [pair, reading] of merges) merge(pair, reading, value, children);
    return { value, span: spanOf(node, children), ...measure(inner) };
  }

  #readKey(pair: Pair): string {
    const written = pair.key as Node | null;
    if (isAlias(written)) this.#readAlias(written);
    else this.#openAnchor(written);
    const node = isAlias(written) ? this.#anchors.get(written.source) : written;
    if (!isScalar(node))
      throw refuse('non-text-key', 'A key must be text; here it is a list, a mapping or nothing.', node ?? (pair.value as Node | null));
    if (hasAnchor(node)) this.#anchored.set(node, { value: scalarValue(node), span: spanOf(node), size: 1, height: 0 });
    const key = typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
    refuseHalfCharacters(key, node);
    if (typeof node.value !== 'string') this.oddKeys.push([...this.#path, key]);
    return key;
  }

  #noteDuplicate(earlier: Span | undefined, pair: Pair, key: string): void {
    if (earlier?.key === undefined) return;
    const range = rangeOf(pair.key as Node);
    const lines = `on line ${this.#lineOf(earlier.key)} and again on line ${this.#lineOf(range[0])}`;
    const message = `The key ${shown(key)} is given twice in one mapping, ${lines}; keep one of the two.`;
    this.duplicates.push({ code: 'duplicate-key', path: [...this.#path, key], range, message });
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

/** What the mapping has itself, or got from an earlier source, stands. */
function merge(pair: Pair, { value: merged, span }: Reading, value: Record<string, JsonValue>, children: Map<string | number, Span>): void {
  const sources = Array.isArray(merged) ? merged.map((item, i) => [item, span.children?.get(i)] as const) : [[merged, span] as const];
  for (const [source, within] of sources) {
    if (!isJsonObject(source))
      throw refuse(
        'bad-merge',
        'The merge key << takes a mapping or a list of mappings, usually an alias such as *defaults.',
        pair.key as Node,
      );
    for (const [key, origin] of within?.children ?? []) {
      if (children.has(key)) continue;
      children.set(key, origin);
      value[key] = source[key] ?? null;
    }
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

function spanOf(node: Node | null, children?: Map<string | number, Span>): Span {
  const [start, end] = rangeOf(node);
  return children ? { start, end, children, inline: isAlias(node) || (isCollection(node) && node.flow === true) } : { start, end };
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

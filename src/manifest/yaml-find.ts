import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Path, Side } from './fault.ts';
import type { Range } from './source-text.ts';
import type { YamlValues } from './yaml-values.ts';

export interface FoundNode {
  /** The path in the spelling of the file, as far as it is there. */
  readonly written: Path;
  readonly key: Node | null;
  readonly node: Node | null;
  /** False when only an ancestor of the path was found. */
  readonly exact: boolean;
}

/** Finds the node of a path, or its nearest existing ancestor. A camelCase name also finds the key spelt in snake_case, and names with dots are tried joined. */
export function findNode(values: YamlValues, root: Node, path: Path): FoundNode {
  let node: Node | null = root;
  let key: Node | null = null;
  const written: (string | number)[] = [];
  for (let i = 0; i < path.length; ) {
    const step = stepInto(values, resolveAlias(values, node), path, i);
    if (!step) return { written: [...written, ...path.slice(i)], key, node, exact: false };
    written.push(step.name);
    key = step.key;
    node = step.node;
    i += step.used;
  }
  return { written, key, node, exact: true };
}

/** What to point at: the value where it is one piece of text; the key where the value is a block below it, or is missing. */
export function rangeOf({ key, node, exact }: FoundNode, side: Side): Range {
  const own = node?.range;
  const isShort =
    own && own[1] > own[0] && !(isBlock(node) || (isScalar(node) && (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL')));
  if (isShort && side === 'value' && exact) return [own[0], own[1]];
  if (key?.range) return [key.range[0], key.range[1]];
  return own ? [own[0], isBlock(node) ? own[0] + 1 : own[1]] : [0, 1];
}

interface Step {
  readonly name: string | number;
  readonly key: Node | null;
  readonly node: Node | null;
  /** How many names of the path it took. */
  readonly used: number;
}

function stepInto(values: YamlValues, node: Node | null, path: Path, from: number): Step | undefined {
  if (isSeq(node)) {
    const at = Number(path[from]);
    return at in node.items ? { name: at, key: null, node: node.items[at] as Node | null, used: 1 } : undefined;
  }
  const pairs = isMap(node) ? values.pairs.get(node) : undefined;
  for (let used = 1; pairs && from + used <= path.length && used <= MOST_JOINED; used++) {
    const joined = path.slice(from, from + used).join('.');
    const name = [joined, snakeCase(joined), ...(joined === 'targetOperator' ? ['operator'] : [])].find((spelling) => pairs.has(spelling));
    const pair = name === undefined ? undefined : pairs.get(name);
    if (name !== undefined && pair) return { name, key: pair.key as Node | null, node: pair.value as Node | null, used };
  }
  return undefined;
}

/** A key may hold dots itself, as host names and labels do. */
const MOST_JOINED = 8;

function resolveAlias(values: YamlValues, node: Node | null): Node | null {
  return isAlias(node) ? (values.aliased.get(node) ?? null) : node;
}

function isBlock(node: Node | null): boolean {
  return (isMap(node) || isSeq(node)) && node.flow !== true;
}

/** `latencyP50` → `latency_p50` (spec/manifest.md §4). */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

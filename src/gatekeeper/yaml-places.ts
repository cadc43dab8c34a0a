import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Position } from './json-places.ts';

/** Finds the line of a dotted path in a YAML text, a list's member also by its name: `spec.targets[name=checkout-api]`. */
export type FindInYaml = (path: string) => Position;

/** Reads a YAML text for its places: the key at a path, else its nearest ancestor, else line 1, also of a text that is no YAML. */
export function placesInYaml(text: string): FindInYaml {
  const lines = new LineCounter();
  const contents = contentsOf(text, lines);
  const byName = new Map<Node, ReadonlyMap<string, Node>>();
  return (path) => {
    let node: Node | null = contents;
    let offset = 0;
    for (const step of stepsOf(path)) {
      node = isAlias(node) ? null : node;
      const found: { key: Node | null; value: Node | null } | undefined =
        'name' in step ? named(node, step.name, byName) : inside(node, step.key);
      if (!found) break;
      offset = (found.key ?? found.value)?.range?.[0] ?? offset;
      node = found.value;
    }
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
}

type Step = { readonly key: string } | { readonly name: string };

/** A target's name may hold dots and brackets itself, so what stands in the last brackets is one step. */
export function stepsOf(path: string): readonly Step[] {
  const match = /^([^[]*)\[name=(.*)\]$/s.exec(path);
  const keys = (match ? match[1]! : path)
    .split('.')
    .filter((key) => key !== '')
    .map((key) => ({ key }));
  return match ? [...keys, { name: match[2]! }] : keys;
}

function contentsOf(text: string, lines: LineCounter): Node | null {
  try {
    return parseDocument(text, { lineCounter: lines, logLevel: 'silent', uniqueKeys: false }).contents as Node | null;
  } catch {
    return null;
  }
}

function inside(node: Node | null, key: string) {
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    return pair ? { key: pair.key as Node | null, value: pair.value as Node | null } : undefined;
  }
  const item = isSeq(node) ? node.items[Number(key)] : undefined;
  return item ? { key: null, value: item as Node } : undefined;
}

function named(node: Node | null, name: string, byName: Map<Node, ReadonlyMap<string, Node>>) {
  if (!isSeq(node)) return undefined;
  let members = byName.get(node);
  if (!members) {
    members = new Map(
      [...node.items].reverse().flatMap((item) => {
        const own = inside(item as Node, 'name')?.value;
        return isScalar(own) ? [[String(own.value), own as Node] as const] : [];
      }),
    );
    byName.set(node, members);
  }
  const value = members.get(name);
  return value ? { key: null, value } : undefined;
}

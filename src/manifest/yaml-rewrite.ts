import {
  type Document,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { readAsYaml11 } from './yaml-scalars.ts';

/** A YAML text as a tree whose comments and layout survive a change. */
export interface YamlTree {
  readonly document: Document.Parsed;
  readonly root: YAMLMap;
  /** The text of the tree as it now is, in the layout of the original as far as that can be told. */
  readonly text: () => string;
}

/** The tree of a text whose root is a mapping; undefined for any other text. */
export function openYamlTree(original: string): YamlTree | undefined {
  const document = parseDocument(original, { schema: 'core', uniqueKeys: false, prettyErrors: false });
  const { contents } = document;
  if (document.errors.length > 0 || !isMap(contents)) return undefined;
  return { document, root: contents, text: () => asWritten(document, original) };
}

/** The pair of a key; the first of these spellings that is there. */
export function pairOf(map: YAMLMap, ...keys: readonly string[]): Pair<Node, Node | null> | undefined {
  for (const key of keys) {
    const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
    if (pair) return pair as Pair<Node, Node | null>;
  }
  return undefined;
}

/** The list under a key, when there is one. */
export function listOf(map: YAMLMap, ...keys: readonly string[]): YAMLSeq | undefined {
  const value = pairOf(map, ...keys)?.value;
  return isSeq(value) ? value : undefined;
}

/** The mapping under a key, when there is one. */
export function mapOf(map: YAMLMap, ...keys: readonly string[]): YAMLMap | undefined {
  const value = pairOf(map, ...keys)?.value;
  return isMap(value) ? value : undefined;
}

export function mapsOf(list: YAMLSeq | undefined): readonly YAMLMap[] {
  return list?.items.filter((item) => isMap(item)) ?? [];
}

/** Sets a key. Its comments stay where it was there already, and a new one comes last. */
export function setValue(document: Document, map: YAMLMap, key: string, value: unknown): void {
  const pair = pairOf(map, key);
  if (pair) {
    const { value: before } = pair;
    const node = nodeOf(document, value);
    if (before) keepComments(before, node);
    pair.value = node;
  } else map.items.push(newPair(document, key, value));
}

export function newPair(document: Document, key: string, value: unknown): Pair<Node, Node> {
  const pair = document.createPair(key, null) as unknown as Pair<Node, Node>;
  pair.value = nodeOf(document, value);
  return pair;
}

/** A value as a node; text in quotes where YAML 1.1 would read something else. */
export function nodeOf(document: Document, value: unknown): Node {
  const node = document.createNode(value) as Node;
  visit(node, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && readAsYaml11(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return node;
}

/** Every comment of a tree, in the order of the text. */
export function commentsOf(document: Document): readonly string[] {
  const comments: string[] = [];
  const note = (comment: string | null | undefined) => comment != null && comments.push(comment);
  note(document.commentBefore);
  visit(document, {
    Node: (_, node) => {
      note(node.commentBefore);
      note(node.comment);
    },
  });
  note(document.comment);
  return comments;
}

export function removeKey(map: YAMLMap, key: string): void {
  map.items = map.items.filter((item) => !(isPair(item) && isScalar(item.key) && item.key.value === key));
}

function keepComments(from: Node, to: Node): void {
  if (from.comment != null) to.comment = from.comment;
  if (from.commentBefore != null) to.commentBefore = from.commentBefore;
}

function asWritten(document: Document.Parsed, original: string): string {
  const indent = /^( +)(?![ #-])\S/m.exec(original)?.[1]?.length ?? 2;
  // A dash that stands as far left as the key above it.
  const flushLists = /^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*\1- /m.test(original);
  const text = document.toString({
    lineWidth: 0,
    indentSeq: !flushLists,
    indent: Math.min(8, Math.max(2, indent)),
    flowCollectionPadding: /[[{] /.test(original),
  });
  return /\r\n/.test(original) ? text.replaceAll(/\r?\n/g, '\r\n') : text;
}

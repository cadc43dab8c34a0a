import { type Document, isMap, isScalar, isSeq, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Waiver } from './policy.ts';
import { nodeOf, openYamlTree, pairOf, setValue } from './yaml-rewrite.ts';

/** The policy with one waiver more, or with an earlier one for the same finding reworded; comments and layout stay. */
export interface AddedWaiver {
  readonly text: string;
  readonly renewed: boolean;
}

type Entry = Omit<Waiver, 'place'>;

/** Writes a waiver into the text of a policy; undefined where the text is no mapping, or its waivers are no list. */
export function addWaiver(original: string, { gate, artifact, reason, owner, expires }: Entry): AddedWaiver | undefined {
  const entry = { gate, artifact, reason, owner, expires };
  if (isBlank(original)) return { text: appended(original, entry), renewed: false };
  const tree = openYamlTree(original);
  if (tree === undefined) return undefined;
  const { document, root } = tree;
  const written = pairOf(root, 'waivers');
  if (written === undefined)
    return { text: isClosed(root, original) ? withList(document, root, entry) : appended(original, entry), renewed: false };
  const list = written.value;
  if (!isSeq(list)) return isScalar(list) && list.value !== null ? undefined : { text: withList(document, root, entry), renewed: false };
  const earlier = list.items.find((item): item is YAMLMap => isMap(item) && item.get('gate') === gate && item.get('artifact') === artifact);
  if (earlier !== undefined) {
    for (const [key, value] of Object.entries(entry)) setValue(document, earlier, key, value);
    return { text: tree.text(), renewed: true };
  }
  if (list.items.length === 0) return { text: withList(document, root, entry), renewed: false };
  const inserted = insertedAfter(original, list, entry);
  if (inserted !== undefined) return { text: inserted, renewed: false };
  list.add(nodeOf(document, entry));
  return { text: tree.text(), renewed: false };
}

/** Nothing but comments. */
function isBlank(text: string): boolean {
  return text.split('\n').every((line) => line.trim() === '' || line.trimStart().startsWith('#'));
}

/** Nothing more of the mapping can stand at the end of the text. */
function isClosed(root: YAMLMap, text: string): boolean {
  return root.flow === true || /^\.\.\.\s*$/m.test(text);
}

/** What stands in the file is not touched at all. */
function appended(original: string, entry: Entry): string {
  const feed = original.includes('\r\n') ? '\r\n' : '\n';
  const before = original === '' || original.endsWith('\n') ? original : original + feed;
  return `${before}waivers:${feed}${block(entry, '  ', feed)}`;
}

/** Below the last entry of a block list, as far in as that; undefined where lines cannot simply be put between. */
function insertedAfter(original: string, list: YAMLSeq, entry: Entry): string | undefined {
  const [first, last] = [list.items[0], list.items.at(-1)];
  if (list.flow || !isMap(first) || !isMap(last) || last.flow || !first.range || !last.range) return undefined;
  const dash = /^( *)- +$/.exec(original.slice(original.lastIndexOf('\n', first.range[0] - 1) + 1, first.range[0]))?.[1];
  const end = original.trimEnd().length <= last.range[1] ? original.length : original.indexOf('\n', Math.max(0, last.range[1] - 1)) + 1;
  if (dash === undefined || end <= 0) return undefined;
  const feed = original.includes('\r\n') ? '\r\n' : '\n';
  const before = original.slice(0, end);
  return `${before}${before.endsWith('\n') ? '' : feed}${block(entry, dash, feed)}${original.slice(end)}`;
}

function block(entry: Entry, indent: string, feed: string): string {
  const lines = stringify([entry], { lineWidth: 0, indentSeq: false, schema: 'core', compat: 'yaml-1.1' }).trimEnd().split('\n');
  return lines.map((line) => `${indent}${line}${feed}`).join('');
}

function withList(document: Document.Parsed, root: YAMLMap, entry: Entry): string {
  setValue(document, root, 'waivers', [entry]);
  return document.toString({ lineWidth: 0 });
}

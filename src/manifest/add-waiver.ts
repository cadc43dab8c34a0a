import { isMap, isScalar, isSeq, YAMLSeq, type YAMLMap } from 'yaml';
import type { Waiver } from './policy.ts';
import { openYamlTree, pairOf, setValue } from './yaml-rewrite.ts';

/** The policy with one waiver more, or with an earlier one for the same finding reworded; comments and layout stay. */
export interface AddedWaiver {
  readonly text: string;
  readonly renewed: boolean;
}

/** Writes a waiver into the text of a policy; undefined where the text is no mapping, or its waivers are no list. */
export function addWaiver(original: string, { gate, artifact, reason, owner, expires }: Omit<Waiver, 'place'>): AddedWaiver | undefined {
  const entry = { gate, artifact, reason, owner, expires };
  const tree = openYamlTree(isBlank(original) ? `${original}waivers: []\n` : original);
  if (tree === undefined) return undefined;
  const { document, root } = tree;
  const written = pairOf(root, 'waivers');
  const list = written?.value ?? undefined;
  if (list !== undefined && !isSeq(list) && !(isScalar(list) && list.value === null)) return undefined;
  const earlier = isSeq(list) ? list.items.find((item): item is YAMLMap => isMap(item) && item.get('gate') === gate && item.get('artifact') === artifact) : undefined;
  if (earlier !== undefined) {
    for (const [key, value] of Object.entries(entry)) setValue(document, earlier, key, value);
    return { text: tree.text(), renewed: true };
  }
  const block = new YAMLSeq(document.schema);
  if (isSeq(list) && list.items.length > 0) list.add(document.createNode(entry));
  else {
    block.add(document.createNode(entry));
    root.set('waivers', block);
  }
  return { text: tree.text(), renewed: false };
}

/** Nothing but comments. */
function isBlank(text: string): boolean {
  return text.split('\n').every((line) => line.trim() === '' || line.trimStart().startsWith('#'));
}

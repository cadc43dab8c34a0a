import { type Document, isScalar, isSeq, type Node, type Pair, visit, YAMLMap } from 'yaml';
import { isJsonObject, type JsonObject } from '../host/json.ts';
import type { Manifest } from './manifest.ts';
import { manifestV1 } from './manifest-schema.ts';
import { type MigrationNote, migrateDocument } from './migrate.ts';
import { readFields } from './read-fields.ts';
import { upgradeLegacy } from './version.ts';
import { readYaml } from './yaml-document.ts';
import {
  commentsOf,
  listOf,
  mapOf,
  mapsOf,
  newPair,
  nodeOf,
  openYamlTree,
  pairOf,
  removeKey,
  setValue,
  type YamlTree,
} from './yaml-rewrite.ts';

/** The v2 document of a v1.1 manifest that is known to be valid, with everything that its text says (spec/manifest.md §12, I2). */
export function migratedDocument(bytes: Uint8Array, path: string, note: MigrationNote): JsonObject | undefined {
  const yaml = readYaml(bytes, path);
  if (!yaml.ok || !isJsonObject(yaml.document.root)) return undefined;
  const { document: root } = upgradeLegacy(yaml.document.root);
  const read = readFields({ root, book: yaml.document.openBook(), written: () => undefined, unknownKey: () => undefined }, manifestV1);
  if (!read) return undefined;
  const { document } = migrateDocument(read, note);
  const spec = isJsonObject(root['spec']) ? root['spec'] : {};
  // The graph is read as written, by whoever needs it.
  const graph = spec['service_communication_graph'];
  const { state: _, ...rest } = document;
  return {
    ...rest,
    spec: { ...document.spec, ...(isJsonObject(graph) && { service_communication_graph: graph }) },
    state: null,
  } as unknown as JsonObject;
}

/**
 * The text of a v1.1 manifest rewritten as v2, its comments kept. Undefined where the text cannot be moved about: with anchors and aliases, whose order matters,
 * and in the layout from before 1.1. `migrated` is the document it must come to; whether it does is for the caller to check.
 */
export function rewriteAsV2(text: string, migrated: JsonObject): string | undefined {
  const tree = openYamlTree(text);
  if (!tree || hasAnchors(tree) || !pairOf(tree.root, 'metadata') || !pairOf(tree.root, 'spec')) return undefined;
  const { root, document } = tree;
  const manifest = migrated as unknown as Manifest;
  const comments = commentsOf(document);
  const header = firstKey(root);
  const others = root.items.filter(({ key }) => !(isScalar(key) && KNOWN.has(key.value)));
  addChangelog(tree, manifest);
  nameInsights(tree, manifest);
  // Unread in v1.1, these two would come to life.
  for (const key of ['guidance', 'state']) removeKey(root, key);
  for (const key of ['apiVersion', 'kind', 'guidance', 'state']) setValue(document, root, key, migrated[key]);
  const strategy = document.createPair('strategy', strategyNode(tree, manifest));
  root.items = [...ORDER.map((key) => (key === 'strategy' ? strategy : pairOf(root, key)!)), ...others];
  keepHeader(header, firstKey(root));
  keepComments(comments, document);
  return tree.text();
}

const ORDER = ['apiVersion', 'kind', 'metadata', 'spec', 'strategy', 'guidance', 'insights', 'state'] as const;
const KNOWN: ReadonlySet<unknown> = new Set([...ORDER, 'api_version', 'version', 'objectives', 'strategies']);

function strategyNode(tree: YamlTree, { strategy: { strategyGroups } }: Manifest): YAMLMap {
  const { root, document } = tree;
  const strategies = mapsOf(listOf(root, 'strategies'));
  const tactics = newPair(document, 'tactics', []);
  const tacticItems = strategies.flatMap((item, index) => tacticNodes(tree, item, strategyGroups[index]));
  const groupItems = strategies.map((item, index) => groupNode(tree, item, strategyGroups[index]));
  // The pair itself moves, with what is said above it.
  const groups = pairOf(root, 'strategies') ?? newPair(document, 'strategyGroups', []);
  if (isScalar(groups.key)) groups.key.value = 'strategyGroups';
  fill(tactics.value, tacticItems);
  fill(groups.value, groupItems);
  const made = new YAMLMap();
  made.items.push(pairOf(root, 'objectives') ?? newPair(document, 'objectives', []), tactics, groups);
  return made;
}

function fill(list: Node | null, items: readonly YAMLMap[]): void {
  if (!isSeq(list)) return;
  list.items = [...items];
  if (items.length > 0 && items.every((item) => !item.flow)) list.flow = false;
}

function hasAnchors({ document }: YamlTree): boolean {
  let found = false;
  visit(document, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
    Node: (_, node) => {
      if (!('anchor' in node) || node.anchor === undefined) return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function addChangelog({ document, root }: YamlTree, { metadata }: Manifest): void {
  const map = mapOf(root, 'metadata')!;
  const entry = metadata.changelog.at(-1);
  const list = listOf(map, 'changelog');
  if (list && list.items.length > 0) list.items.push(nodeOf(document, entry));
  else setValue(document, map, 'changelog', [entry]);
}

function nameInsights({ document, root }: YamlTree, { insights }: Manifest): void {
  const list = listOf(root, 'insights');
  if (!list) setValue(document, root, 'insights', []);
  mapsOf(list).forEach((item, index) => {
    const id = pairOf(item, 'id');
    if (id) id.value = nodeOf(document, insights[index]?.['id']);
    else item.items.unshift(newPair(document, 'id', insights[index]?.['id']));
  });
}

function tacticNodes({ document }: YamlTree, strategy: YAMLMap, group: JsonObject | undefined): readonly YAMLMap[] {
  return mapsOf(listOf(strategy, 'tactics')).map((tactic) => {
    setValue(document, tactic, 'linkedObjectives', group?.['objective_refs'] ?? []);
    setValue(document, tactic, 'satisfies', []);
    return tactic;
  });
}

/** A strategy as a group: its own texts with their comments, then what it refers to. */
function groupNode({ document }: YamlTree, strategy: YAMLMap, group: JsonObject | undefined): YAMLMap {
  const made = new YAMLMap();
  for (const [key, value] of Object.entries(group ?? {})) {
    const kept = ['id', 'description', 'horizon', 'rationale'].includes(key) ? pairOf(strategy, key) : undefined;
    made.items.push((kept ?? newPair(document, key, value)) as Pair);
  }
  if (strategy.commentBefore != null) made.commentBefore = strategy.commentBefore;
  if (strategy.comment != null) made.comment = strategy.comment;
  return made;
}

/** What stands above the first key speaks of the file, whichever key that is. */
function keepHeader(before: Node | undefined, now: Node | undefined): void {
  if (!before || !now || before === now || before.commentBefore == null) return;
  now.commentBefore = before.commentBefore;
  before.commentBefore = null;
}

/** Comments whose place is gone stand at the end: a person decides what becomes of them. */
function keepComments(comments: readonly string[], document: Document): void {
  const kept = new Set(commentsOf(document));
  const homeless = comments.filter((comment) => !kept.has(comment));
  if (homeless.length > 0) document.comment = [...(document.comment == null ? [] : [document.comment]), ...homeless].join('\n');
}

function firstKey(map: YAMLMap): Node | undefined {
  const key = map.items[0]?.key;
  return isScalar(key) ? key : undefined;
}

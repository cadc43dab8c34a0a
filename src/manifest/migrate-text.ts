import { isMap, type Node, type Pair, visit, YAMLMap, YAMLSeq } from 'yaml';
import { isJsonObject, type JsonObject } from '../host/json.ts';
import type { Manifest } from './manifest.ts';
import { manifestV1 } from './manifest-schema.ts';
import { type MigrationNote, migrateDocument } from './migrate.ts';
import { readFields } from './read-fields.ts';
import { upgradeLegacy } from './version.ts';
import { readYaml } from './yaml-document.ts';
import { listOf, mapOf, mapsOf, openYamlTree, pairOf, removeKey, setValue, type YamlTree } from './yaml-rewrite.ts';

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
  const strategies = mapsOf(listOf(root, 'strategies'));
  const header = root.items[0]?.key as Node | undefined;
  addChangelog(tree, manifest);
  const known = [
    'apiVersion',
    'kind',
    'metadata',
    'spec',
    'objectives',
    'strategies',
    'insights',
    'version',
    'strategy',
    'guidance',
    'state',
    'api_version',
  ];
  const others = root.items.filter((item) => !known.some((key) => item === pairOf(root, key)));
  setValue(document, root, 'apiVersion', manifest.apiVersion);
  setValue(document, root, 'kind', manifest.kind);
  removeKey(root, 'guidance');
  removeKey(root, 'state');
  setValue(document, root, 'guidance', manifest.guidance);
  setValue(document, root, 'state', null);
  nameInsights(tree, manifest);
  const strategy = new YAMLMap();
  strategy.items.push(
    pairOf(root, 'objectives') ?? document.createPair('objectives', []),
    document.createPair(
      'tactics',
      listNode(strategies.flatMap((item, index) => tacticNodes(tree, item, manifest.strategy.strategyGroups[index]))),
    ),
    document.createPair(
      'strategyGroups',
      listNode(strategies.map((item, index) => groupNode(tree, item, manifest.strategy.strategyGroups[index]))),
    ),
  );
  root.items = [
    ...['apiVersion', 'kind', 'metadata', 'spec'].map((key) => pairOf(root, key)!),
    document.createPair('strategy', strategy),
    ...['guidance', 'insights', 'state'].map((key) => pairOf(root, key)!),
    ...others,
  ];
  keepHeader(header, root.items[0]?.key as Node | undefined);
  return tree.text();
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
  if (list && list.items.length > 0) list.items.push(document.createNode(entry));
  else setValue(document, map, 'changelog', [entry]);
}

function nameInsights({ document, root }: YamlTree, { insights }: Manifest): void {
  const list = listOf(root, 'insights');
  if (!list) setValue(document, root, 'insights', []);
  mapsOf(list).forEach((item, index) => {
    const id = pairOf(item, 'id');
    if (id) id.value = document.createNode(insights[index]?.['id']) as Node;
    else item.items.unshift(document.createPair('id', insights[index]?.['id']));
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
    made.items.push((kept ?? document.createPair(key, value)) as Pair);
  }
  if (strategy.commentBefore != null) made.commentBefore = strategy.commentBefore;
  return made;
}

function listNode(items: readonly YAMLMap[]): YAMLSeq {
  const list = new YAMLSeq();
  list.items = items.filter(isMap);
  list.flow = items.length === 0;
  return list;
}

/** What stands above the first key speaks of the file, whichever key that is. */
function keepHeader(before: Node | undefined, now: Node | undefined): void {
  if (!before || !now || before === now || before.commentBefore == null) return;
  now.commentBefore = before.commentBefore;
  before.commentBefore = null;
}

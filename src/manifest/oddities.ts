import type { JsonObject, JsonValue } from '../host/json.ts';
import { isJsonObject } from '../host/json.ts';
import { nearest } from '../host/nearest.ts';
import { type FaultBook, type Path, shown } from './fault.ts';
import { hasIdForm, type IdPrefix } from './fields.ts';
import type { ManifestV1, ManifestV2 } from './manifest-schema.ts';
import { idsOf, mitigationTargets } from './references.ts';
import type { AmbiguousScalar } from './yaml-values.ts';

type LineOf = (path: Path) => number;

/** Warns of what is allowed in a v2 manifest but seldom meant (spec/manifest.md §16 I10, §11). */
export function warnOfOddities(manifest: ManifestV2, lineOf: LineOf, book: FaultBook): void {
  const { strategy, guidance, insights, spec } = manifest;
  const families = {
    'strategy.objectives': strategy.objectives,
    'strategy.tactics': strategy.tactics,
    'strategy.strategyGroups': strategy.strategyGroups,
    'guidance.constraints': guidance.constraints,
    'guidance.preferences': guidance.preferences,
    'guidance.questions': guidance.questions,
    insights,
    'spec.security.dataStores': spec.security?.dataStores ?? [],
  };
  for (const [path, items] of Object.entries(families)) warnOfRepeatedIds(placed(items, path.split('.')), lineOf, book);
  warnOfUnusualIds(strategy.objectives, 'OBJ', ['strategy', 'objectives'], book);
  warnOfUnusualIds(strategy.tactics, 'TAC', ['strategy', 'tactics'], book);
  warnOfUnusualIds(strategy.strategyGroups, 'STRAT', ['strategy', 'strategyGroups'], book);
  warnOfUnusualIds(insights, 'INS', ['insights'], book);
  warnOfDanglingReferences(manifest, book);
  warnOfOpenQuestions(manifest, book);
}

/** The same of a v1.1 manifest, where forms of ids and references are faults already. */
export function warnOfV1Oddities({ objectives, strategies, insights, spec }: ManifestV1, lineOf: LineOf, book: FaultBook): void {
  warnOfRepeatedIds(placed(objectives, ['objectives']), lineOf, book);
  warnOfRepeatedIds(placed(strategies, ['strategies']), lineOf, book);
  const tactics = strategies.flatMap((strategy, s) => placed(strategy.tactics, ['strategies', s, 'tactics']));
  warnOfRepeatedIds(tactics, lineOf, book);
  warnOfRepeatedIds(
    placed(insights, ['insights']).filter(({ id }) => id !== ''),
    lineOf,
    book,
  );
  warnOfRepeatedIds(placed(spec.security?.dataStores ?? [], ['spec', 'security', 'dataStores']), lineOf, book);
}

type Identified = readonly { readonly id?: JsonValue | undefined }[];
interface PlacedId {
  readonly id: string;
  readonly path: Path;
}

function placed(items: Identified, path: Path): readonly PlacedId[] {
  return items.flatMap(({ id }, i) => (typeof id === 'string' ? [{ id, path: [...path, i, 'id'] }] : []));
}

function warnOfRepeatedIds(ids: readonly PlacedId[], lineOf: LineOf, book: FaultBook): void {
  const first = new Map<string, Path>();
  for (const { id, path } of ids) {
    const earlier = first.get(id);
    if (!earlier) first.set(id, path);
    else
      book.warn(
        'repeated-id',
        path,
        (name) => `${name} is ${shown(id)}, as on line ${lineOf(earlier)}; what refers to this id cannot tell the two apart.`,
      );
  }
}

function warnOfUnusualIds(items: Identified, prefix: IdPrefix, path: Path, book: FaultBook): void {
  items.forEach(({ id }, i) => {
    if (typeof id !== 'string' || hasIdForm(prefix, id)) return;
    const at = [...path, i, 'id'];
    book.warn('unusual-id', at, (name) => `${name} is ${shown(id)}; the usual form is ${prefix}-…, with capitals, digits and dashes.`);
  });
}

function warnOfDanglingReferences({ spec, strategy, guidance, insights }: ManifestV2, book: FaultBook): void {
  const tactics = idsOf(strategy.tactics);
  const strategies = idsOf(strategy.strategyGroups);
  const all = idsOf([
    ...strategy.objectives,
    ...strategy.tactics,
    ...strategy.strategyGroups,
    ...guidance.constraints,
    ...guidance.preferences,
    ...guidance.questions,
    ...insights,
  ]);
  spec.risks.forEach(({ mitigation }, r) => {
    const declared = mitigationTargets(mitigation, strategies, tactics);
    if (declared) warnOfDangling(mitigation, declared.ids, declared.noun, ['spec', 'risks', r, 'mitigation'], book);
  });
  strategy.tactics.forEach(({ dependsOn, satisfies }, t) => {
    warnOfDangling(dependsOn, tactics, 'tactic', ['strategy', 'tactics', t, 'dependsOn'], book);
    satisfies.forEach((id, i) => {
      warnOfDangling(id, all, 'thing', ['strategy', 'tactics', t, 'satisfies', i], book);
    });
  });
}

function warnOfDangling(reference: string | undefined, declared: ReadonlySet<string>, noun: string, path: Path, book: FaultBook): void {
  if (reference === undefined || declared.has(reference)) return;
  book.warn('dangling-reference', path, (name) => `${name} is ${shown(reference)}, which is the id of no ${noun} in this manifest.`, {
    suggestion: nearest(reference, declared),
  });
}

/** Exactly one warning, however many questions are open. */
function warnOfOpenQuestions({ guidance }: ManifestV2, book: FaultBook): void {
  const open = guidance.questions.flatMap(({ status }, i) => (status === 'open' ? [i] : []));
  const [first] = open;
  if (first === undefined) return;
  const questions = open.length === 1 ? '1 question is' : `${open.length} questions are`;
  book.warn(
    'open-questions',
    ['guidance', 'questions'],
    `${questions} open; answer or defer ${open.length === 1 ? 'it' : 'them'} under guidance.questions.`,
    { at: ['guidance', 'questions', first, 'question'] },
  );
}

/** E37: a null in a data store leaks into the security contract. */
export function warnOfSecurityNulls(document: JsonObject, book: FaultBook): void {
  const spec = document['spec'];
  const security = isJsonObject(spec) ? spec['security'] : undefined;
  if (!isJsonObject(security)) return;
  for (const list of ['dataStores', 'data_stores']) {
    const stores: unknown = security[list];
    if (Array.isArray(stores)) for (const [i, store] of stores.entries()) warnOfNulls(store, ['spec', 'security', list, i], book);
  }
}

function warnOfNulls(store: JsonValue, path: Path, book: FaultBook): void {
  if (!isJsonObject(store)) return;
  for (const [key, value] of Object.entries(store)) {
    const at = [...path, key];
    if (value === null)
      book.warn(
        'explicit-null',
        at,
        (name) => `${name} is empty, and the security contract would carry the null on; give it a value or remove the key.`,
      );
    else if (isJsonObject(value)) warnOfNulls(value, at, book);
  }
}

const DATE_FIELDS: ReadonlySet<string> = new Set(
  ['lastUpdated', 'startDate', 'dueDate', 'completedDate', 'answeredAt', 'observedAt', 'expiresAt', 'lastSyncTime'].map(plain),
);

/** Warns of plain scalars that YAML 1.1 tools read otherwise; a date where a date is wanted means the same to both. */
export function warnOfAmbiguousScalars(scalars: readonly AmbiguousScalar[], book: FaultBook): void {
  for (const { path, source, kind, reading, value } of scalars) {
    if (kind === 'date' && DATE_FIELDS.has(plain(String(path.at(-1))))) continue;
    const same = typeof value === 'string' ? `"${source}"` : String(value);
    const here = typeof value === 'string' ? 'text' : `the number ${value}`;
    const sentence = (name: string): string =>
      `${name} is written ${source}, which is ${here} here (YAML 1.2) and ${reading} to YAML 1.1 tools; write ${same}, which is the same to both.`;
    book.warn('ambiguous-scalar', path, sentence, { suggestion: same });
  }
}

function plain(key: string): string {
  return key.replaceAll('_', '').toLowerCase();
}

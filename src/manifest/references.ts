import { nearest } from '../host/nearest.ts';
import { type FaultBook, type Path, shown } from './fault.ts';
import { epochOf } from './fields.ts';
import type { ManifestV1, ManifestV2 } from './manifest-schema.ts';

/** X1: every objective that a v2 tactic links to exists. */
export function checkLinkedObjectives({ strategy }: ManifestV2, book: FaultBook): void {
  const objectives = idsOf(strategy.objectives);
  strategy.tactics.forEach((tactic, t) => {
    checkAll(tactic.linkedObjectives, objectives, 'objective', ['strategy', 'tactics', t, 'linkedObjectives'], book);
  });
}

/** X2 and X3: what v1.1 strategies and mitigations refer to exists; X5: no tactic is completed before it starts. */
export function checkV1References({ objectives, strategies, spec }: ManifestV1, book: FaultBook): void {
  const objectiveIds = idsOf(objectives);
  const tactics = idsOf(strategies.flatMap((strategy) => strategy.tactics));
  strategies.forEach((strategy, s) => {
    checkAll(strategy.objectiveRefs, objectiveIds, 'objective', ['strategies', s, 'objectiveRefs'], book);
    strategy.tactics.forEach((tactic, t) => {
      checkDates(tactic, ['strategies', s, 'tactics', t], book);
    });
  });
  spec.risks.forEach(({ mitigation }, r) => {
    const declared = mitigationTargets(mitigation, idsOf(strategies), tactics);
    if (mitigation !== undefined && declared) checkAll([mitigation], declared.ids, declared.noun, ['spec', 'risks', r, 'mitigation'], book);
  });
}

/** The ids among which a mitigation must be found, when it is a reference at all. */
export function mitigationTargets(
  mitigation: string | undefined,
  strategies: ReadonlySet<string>,
  tactics: ReadonlySet<string>,
): { readonly ids: ReadonlySet<string>; readonly noun: string } | undefined {
  if (mitigation?.startsWith('STRAT-')) return { ids: strategies, noun: 'strategy' };
  return mitigation?.startsWith('TAC-') ? { ids: tactics, noun: 'tactic' } : undefined;
}

export function idsOf(items: readonly { readonly id?: unknown }[]): ReadonlySet<string> {
  return new Set(items.flatMap(({ id }) => (typeof id === 'string' ? [id] : [])));
}

function checkAll(references: readonly string[], declared: ReadonlySet<string>, noun: string, path: Path, book: FaultBook): void {
  references.forEach((reference, i) => {
    if (declared.has(reference)) return;
    const at = path.at(-1) === 'mitigation' ? path : [...path, i];
    const sentence = (name: string): string =>
      `${name} refers to the ${noun} ${shown(reference)}, which this manifest does not declare; declare it, or correct the id.`;
    book.error('broken-reference', at, sentence, { suggestion: nearest(reference, declared) });
  });
}

function checkDates(
  { startDate, completedDate }: { readonly startDate?: string; readonly completedDate?: string },
  path: Path,
  book: FaultBook,
): void {
  if (startDate === undefined || completedDate === undefined) return;
  const [start, end] = [epochOf(startDate), epochOf(completedDate)];
  if (start === undefined || end === undefined || end >= start) return;
  const at = [...path, 'completedDate'];
  book.error(
    'date-order',
    at,
    (name) => `${name} is ${shown(completedDate)}, before the start on ${shown(startDate)}; it must be the same time or later.`,
  );
}

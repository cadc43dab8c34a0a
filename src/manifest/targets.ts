import type { FaultBook, Path } from './fault.ts';
import { shown } from './fault.ts';
import type { Target } from './manifest.ts';

/** A target, and its index in the document. */
export interface IndexedTarget<T extends Target = Target> {
  readonly target: T;
  readonly index: number;
}

/**
 * The services that a list of targets declares. Targets of one name and namespace but different kinds are one service, of which the first stands, with a warning.
 * Targets that would own the same artifact ids otherwise (`-` and `_` are one there, and the namespace is no part of them) are faults.
 */
export function settleTargets<T extends Target>(
  targets: readonly T[],
  lineOf: (path: Path) => number,
  book: FaultBook,
): readonly IndexedTarget<T>[] {
  const services = new Map<string, IndexedTarget<T>>();
  const kinds = new Set<string>();
  targets.forEach((target, index) => {
    const id = target.name.replaceAll('-', '_');
    const first = services.get(id);
    const kind = JSON.stringify([id, target.kind]);
    const isNewKind = !kinds.has(kind);
    kinds.add(kind);
    if (!first) services.set(id, { target, index });
    else if (isNewKind && isSameService(first.target, target)) warnMerged(first, target, index, lineOf, book);
    else faultCollision(first, target, index, lineOf, book);
  });
  return [...services.values()];
}

function isSameService(a: Target, b: Target): boolean {
  return a.name === b.name && (a.namespace ?? 'default') === (b.namespace ?? 'default');
}

function warnMerged(first: IndexedTarget, target: Target, index: number, lineOf: (path: Path) => number, book: FaultBook): void {
  const line = lineOf(nameOf(first.index));
  const message = `The ${target.kind} ${shown(target.name)} and the ${first.target.kind} of that name on line ${line} are one service; its artifacts are derived once, for the ${first.target.kind}.`;
  book.warn('merged-targets', nameOf(index), message);
}

function faultCollision(first: IndexedTarget, target: Target, index: number, lineOf: (path: Path) => number, book: FaultBook): void {
  const lines = `lines ${lineOf(nameOf(first.index))} and ${lineOf(nameOf(index))}`;
  const names = first.target.name === target.name ? `${shown(target.name)} twice` : `${shown(first.target.name)} and ${shown(target.name)}`;
  const why =
    first.target.name === target.name ? 'the namespace is no part of an artifact id' : '"-" and "_" are the same in an artifact id';
  book.error(
    'colliding-targets',
    nameOf(index),
    `The targets name ${names} (${lines}), which would give the same artifact ids, since ${why}; rename or remove one.`,
  );
}

function nameOf(index: number): Path {
  return ['spec', 'targets', index, 'name'];
}

import type { Gate } from '../gatekeeper/gate.ts';
import type { Shelves } from '../shelves.ts';

/** The gates of a run, in the order in which they are asked. */
export function gatesOf({ gate1, questions, ours }: Pick<Shelves, 'gate1' | 'questions' | 'ours'>): readonly Gate[] {
  return [...gate1, ...questions, ...ours];
}

/** What a policy may name. */
export function knownNames(shelves: Shelves): { readonly gates: readonly string[]; readonly artifactTypes: readonly string[] } {
  return { gates: gatesOf(shelves).map(({ key }) => key), artifactTypes: shelves.types.map(({ type }) => type) };
}

/** How much a rung of the ladder tells. */
export interface Detail {
  readonly findings: number;
  /** Rows of a table. */
  readonly rows: number;
  /** Characters of a name and of a sentence. */
  readonly name: number;
  readonly sentence: number;
  /** Excerpts, the plan, folded lists. */
  readonly extras: boolean;
}

/** All of it, as far as a person reads: lists beyond these lengths are counted and left to the JSON report. */
export const FULL: Detail = { findings: 200, rows: 300, name: 200, sentence: 2_000, extras: true };
export const LESS: Detail = { findings: 50, rows: 50, name: 80, sentence: 300, extras: false };
export const BARE: Detail = { findings: 10, rows: 0, name: 60, sentence: 160, extras: false };

/** What is wrong with a query, at an offset of its text. */
export interface QueryFault {
  readonly offset: number;
  readonly message: string;
  /** Wrong whatever a variable in the query may stand for: a bracket without its partner, a function that there is not. */
  readonly isCertain?: boolean;
}

/** One comparison that decides whether an alert fires: `SIDE > 0.2`. */
export interface Comparison {
  /** As if the constant stood on the right. */
  readonly operator: string;
  /** The text of the side that is measured. */
  readonly measured: string;
  readonly measuredAt: number;
  readonly constant: number;
  /** The text of the constant side, `14.4 * (1 - 0.999)`. */
  readonly bound: string;
  readonly offset: number;
}

/** What became of reading a query. */
export interface QueryReading {
  readonly faults: readonly QueryFault[];
  /** Accepted only with a feature switched on, or by one major version. */
  readonly advice: readonly QueryFault[];
  /** Why the query was not judged: it is written in a dialect, or is larger than anything written by hand. */
  readonly unread?: string;
  /** Written for another program, which alone can judge it. */
  readonly foreign?: boolean;
  readonly yields?: 'scalar' | 'vector' | 'matrix' | 'string' | 'log';
  readonly comparisons: readonly Comparison[];
}

export type ReadQuery = (query: string) => QueryReading;

export const LONGEST_QUERY = 100_000;
export const DEEPEST_QUERY = 250;

export function unreadQuery(unread: string, foreign = false): QueryReading {
  return { faults: [], advice: [], unread, comparisons: [], foreign };
}

import type { Comparison, QueryReading, ReadQuery } from './query.ts';
import type { Soon } from './soon.ts';

/** Loads a judge when it is first asked for, and from then on has it there. */
export function loadOnce(load: () => Promise<ReadQuery>): () => Soon<ReadQuery> {
  let judge: Soon<ReadQuery> | undefined;
  return () => {
    judge ??= load().then((read) => {
      judge = rememberQueries(read);
      return judge;
    });
    return judge;
  };
}

/**
 * The same judge, asked once for queries that differ in nothing but plain values of matchers, as those of many services do: `{job="ledger"}` and `{job="tally"}`
 * are right together. Where it finds anything to say, it sees each query as it is.
 */
export function rememberQueries(read: ReadQuery): ReadQuery {
  const known = new Map<string, QueryReading | undefined>();
  return (query) => {
    const shape = shapeOf(query);
    if (shape === undefined) return read(query);
    if (!known.has(shape.query) && known.size < MOST_SHAPES) known.set(shape.query, cleanReading(read(shape.query)));
    const reading = known.get(shape.query);
    return reading === undefined ? read(query) : restored(reading, query, shape);
  };
}

const MOST_SHAPES = 2000;
const LONGEST_SHAPED = 4000;

/** A query whose plain values are one letter long, and how much was taken out where. */
interface Shape {
  readonly query: string;
  readonly cuts: readonly { readonly at: number; readonly length: number }[];
}

/** Has no meaning in a pattern but itself, does not match the empty text and needs no escape. */
const PLAIN = /^[A-Za-z0-9][\w.:/ -]*$/;

/** Undefined for a query in which it is not plain where texts start and end. */
function shapeOf(query: string): Shape | undefined {
  if (query.length > LONGEST_SHAPED || /['`#\\]/.test(query)) return undefined;
  const cuts: { at: number; length: number }[] = [];
  let shaped = '';
  let from = 0;
  for (let open = query.indexOf('"'), close = -1; open !== -1; open = query.indexOf('"', close + 1)) {
    const before = query.slice(close + 1, open);
    close = query.indexOf('"', open + 1);
    if (close === -1) return undefined;
    const text = query.slice(open + 1, close);
    if (text.includes('\n')) return undefined;
    if (!PLAIN.test(text) || !endsInMatch(before)) continue;
    shaped += query.slice(from, open + 1);
    cuts.push({ at: shaped.length, length: text.length - 1 });
    shaped += 'x';
    from = close;
  }
  return { query: shaped + query.slice(from), cuts };
}

/** `=`, `!=`, `=~` and `!~` stand before a matcher's value. */
function endsInMatch(before: string): boolean {
  const text = before.trimEnd();
  return text.endsWith('=') || text.endsWith('=~') || text.endsWith('!~');
}

function cleanReading(reading: QueryReading): QueryReading | undefined {
  return reading.faults.length === 0 && reading.advice.length === 0 && reading.unread === undefined ? reading : undefined;
}

function restored(reading: QueryReading, query: string, { cuts }: Shape): QueryReading {
  if (cuts.length === 0 || reading.comparisons.length === 0) return reading;
  const original = (offset: number) => cuts.reduce((sum, { at, length }) => (at < offset ? sum + length : sum), offset);
  const comparisons = reading.comparisons.map((one): Comparison => {
    const measuredAt = original(one.measuredAt);
    return {
      ...one,
      measuredAt,
      measured: query.slice(measuredAt, original(one.measuredAt + one.measured.length)),
      offset: original(one.offset),
    };
  });
  return { ...reading, comparisons };
}

/** Nanoseconds since the epoch. */
export function nanos(date: Date): bigint {
  return BigInt(date.getTime()) * 1_000_000n;
}

/** The shortest a span may be, in nanoseconds. Jaeger takes a span without length for a fault: it moves the end and warns on the span. */
export const SHORTEST = 1_000n;

/** A duration in milliseconds as nanoseconds; what is no duration is none. */
export function nanosOfMillis(millis: number): bigint {
  return Number.isFinite(millis) && millis > 0 ? BigInt(Math.round(millis * 1e6)) : 0n;
}

export function earliest(first: bigint, others: readonly bigint[]): bigint {
  let found = first;
  for (const time of others) if (time < found) found = time;
  return found;
}

export function latest(first: bigint, others: readonly bigint[]): bigint {
  let found = first;
  for (const time of others) if (time > found) found = time;
  return found;
}

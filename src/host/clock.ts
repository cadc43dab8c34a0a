import type { Clock } from './world.ts';

/** A variable of the environment that means nothing: told like a wrong flag. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** The system's clock, or one that stands still at SOURCE_DATE_EPOCH, so that two runs write the same bytes. */
export function systemClock(env: Readonly<Record<string, string | undefined>>): Clock {
  const fixed = sourceDateEpoch(env);
  if (fixed === undefined) return { now: () => new Date(), elapsed: monotonic };
  return { now: () => new Date(fixed * 1000), elapsed: () => 0 };
}

/** Milliseconds since some moment, whatever is done to the clock. `performance` tells the same and loads ten modules of the engine first. */
export function monotonic(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Seconds since 1970 that SOURCE_DATE_EPOCH states; undefined when it is unset or empty (https://reproducible-builds.org/specs/source-date-epoch/). */
export function sourceDateEpoch(env: Readonly<Record<string, string | undefined>>): number | undefined {
  const text = env['SOURCE_DATE_EPOCH'];
  if (text === undefined || text === '') return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= LAST_SECOND) return seconds;
  throw new EnvironmentError(
    `SOURCE_DATE_EPOCH is "${text}"; write a whole number of seconds since 1970, such as 1767225600, or unset it.`,
  );
}

/** The end of the year 9999: what four digits can tell. */
const LAST_SECOND = 253402300799;

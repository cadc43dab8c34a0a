import { setTimeout as wait } from 'node:timers/promises';
import { monotonic } from './clock.ts';

/** One limit for everything that is waited for. Real time, also under a fixed clock. */
export interface Deadline extends Disposable {
  /** Fires when the time is up or the caller gave up. */
  readonly signal: AbortSignal;
  /** Milliseconds left, never negative. */
  readonly left: () => number;
  /** Waits, or less when the time is up first. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

export function startDeadline(milliseconds: number, cancel?: AbortSignal): Deadline {
  const controller = new AbortController();
  const end = monotonic() + milliseconds;
  const timer = setTimeout(() => controller.abort(), milliseconds);
  const signal = cancel ? AbortSignal.any([controller.signal, cancel]) : controller.signal;
  return {
    signal,
    left: () => (signal.aborted ? 0 : Math.max(0, end - monotonic())),
    pause: (duration) => wait(duration, undefined, { signal }).catch(() => undefined),
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}

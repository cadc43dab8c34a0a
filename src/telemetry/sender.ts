import type { Deadline } from '../host/deadline.ts';
import { chance } from '../host/runtime.ts';
import { type Carrier, LANES } from './carrier.ts';
import type { Judgement } from './judge-answer.ts';
import type { OtlpLine } from './otlp-json.ts';

/** How a failed request is tried again. The times are for people; tests hand in shorter ones. */
export interface Patience {
  /** Tries after the first. */
  readonly retries: number;
  /** Milliseconds before the first retry; each further one waits half as long again. Never 0, whatever the receiver asks for. */
  readonly firstWait: number;
  /** The longest wait, also when the receiver asks for a longer one. */
  readonly longestWait: number;
}

export const PATIENCE: Patience = { retries: 5, firstWait: 1_000, longestWait: 10_000 };

/** What became of the lines that were offered. */
export interface Delivery {
  /** Lines the receiver took, by the number given with them: how many of their spans it refused for good. */
  readonly accepted: ReadonlyMap<number, number>;
  /** What went wrong, each once, in order. */
  readonly reasons: readonly string[];
}

export interface Sender {
  /**
   * Sends a line once `ready` resolves. Resolves itself when there is room for the next: who writes faster than the receiver reads waits here.
   */
  readonly offer: (line: OtlpLine, number: number, ready?: Promise<void>) => Promise<void>;
  /** Waits for what is under way and tells what became of everything. */
  readonly finish: () => Promise<Delivery>;
  /** False when nothing more will be sent. */
  readonly isOpen: () => boolean;
}

/**
 * Sends lines, few at a time, and stops asking a receiver that does not answer: the first line goes alone, the others follow once it was accepted; when
 * retries end in nothing, or an answer would be the same for all, the breaker opens and the rest is kept.
 */
export function startSender(carrier: Carrier, deadline: Deadline, patience: Patience = PATIENCE): Sender {
  const accepted = new Map<number, number>();
  const reasons = new Set<string>();
  const underWay = new Set<Promise<void>>();
  let lanes = 1;
  let open = true;
  let pause: Promise<void> = Promise.resolve();

  async function deliver(line: OtlpLine, number: number, ready: Promise<void> | undefined): Promise<void> {
    await ready;
    const judgement = await insist(line);
    if (judgement.reason) reasons.add(judgement.reason);
    if (judgement.kind === 'accepted') {
      lanes = LANES;
      accepted.set(number, judgement.rejected);
    } else if (judgement.kind === 'retry' || judgement.always) {
      open = false;
    }
  }

  async function insist(line: OtlpLine): Promise<Judgement> {
    for (let tried = 0; ; tried++) {
      await pause;
      if (!open) return { kind: 'kept', always: false, reason: '' };
      if (deadline.left() === 0) return { kind: 'kept', always: true, reason: OUT_OF_TIME };
      const judgement = await carrier.carry(line);
      if (judgement.kind !== 'retry' || tried >= patience.retries || !open) return judgement;
      const wait = waitFor(judgement, tried, patience);
      if (wait >= deadline.left()) return { ...judgement, reason: `${judgement.reason}, and the next try would come after the time is up` };
      pause = deadline.pause(wait);
    }
  }

  return {
    isOpen: () => open && deadline.left() > 0,
    offer: async (line, number, ready) => {
      while (underWay.size >= lanes) await Promise.race(underWay);
      const delivery: Promise<void> = deliver(line, number, ready).finally(() => underWay.delete(delivery));
      underWay.add(delivery);
      // With one lane the first answer decides whether there is a second request at all.
      while (underWay.size >= lanes) await Promise.race(underWay);
    },
    finish: async () => {
      await Promise.all(underWay);
      return { accepted, reasons: [...reasons] };
    },
  };
}

const OUT_OF_TIME = 'had not taken everything when the time was up';

function waitFor(judgement: Extract<Judgement, { kind: 'retry' }>, tried: number, patience: Patience): number {
  const grown = patience.firstWait * 1.5 ** tried * (0.8 + 0.4 * chance());
  return Math.min(patience.longestWait, Math.max(judgement.after ?? grown, patience.firstWait));
}

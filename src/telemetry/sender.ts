import type { Deadline } from '../host/deadline.ts';
import { chance } from '../host/runtime.ts';
import type { Carrier } from './carrier.ts';
import type { Judgement } from './judge-answer.ts';
import type { OtlpLine } from './otlp-json.ts';
import { splitLine } from './otlp-split.ts';
import { gatherTroubles } from './troubles.ts';

/** Requests under way at a time; more gains nothing and costs memory (otel.md §4.2). */
export const LANES = 4;
/** Lines that may wait for a lane, so that one flush of the spool serves several. */
const AHEAD = 8;

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
  /** Lines it took in parts, because the whole was too large for it, and of which parts are left. */
  readonly partly?: ReadonlyMap<number, Shares>;
  /** What went wrong, each once, in order. */
  readonly reasons: readonly string[];
}

/** How the spans of one line are divided. */
export interface Shares {
  readonly sent: number;
  /** Refused for good. */
  readonly lost: number;
  /** Not taken: the line itself, or what remains of it. */
  readonly left: readonly OtlpLine[];
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
 * retries end in nothing, or an answer would be the same for all, the breaker opens and the rest is kept. A line that is too large for the receiver goes in
 * halves, down to single spans; its size is remembered, so that later ones are not tried whole.
 */
export function startSender(carrier: Carrier, deadline: Deadline, patience: Patience = PATIENCE): Sender {
  const accepted = new Map<number, number>();
  const partly = new Map<number, Shares>();
  const troubles = gatherTroubles();
  const underWay = new Set<Promise<void>>();
  const waiting: (() => void)[] = [];
  let busy = 0;
  let offered = 0;
  let tooLarge = Number.POSITIVE_INFINITY;
  let lanes = 1;
  let open = true;
  let pause: Promise<void> = Promise.resolve();

  async function deliver(line: OtlpLine, number: number, ready: Promise<void> | undefined): Promise<void> {
    await ready;
    const shares = await inLane(() => divide(line));
    if (shares.left.length === 0) {
      accepted.set(number, shares.lost);
      line.release?.();
    } else if (shares.sent + shares.lost > 0) partly.set(number, shares);
  }

  async function inLane<T>(act: () => Promise<T>): Promise<T> {
    while (busy >= lanes) await new Promise<void>((wake) => waiting.push(wake));
    busy += 1;
    try {
      return await act();
    } finally {
      busy -= 1;
      for (const wake of waiting.splice(0)) wake();
    }
  }

  async function divide(line: OtlpLine): Promise<Shares> {
    if (line.body.byteLength < tooLarge || line.spans === 1) {
      const judgement = await insist(line);
      if (!isTooLarge(judgement)) return settle(line, judgement);
      tooLarge = Math.min(tooLarge, line.body.byteLength);
      if (line.spans === 1 && troubles.addTooLarge(judgement, line) >= ALONE_TOO_LARGE && lanes === 1) open = false;
    }
    const halves = open ? splitLine(line) : undefined;
    if (!halves) return { sent: 0, lost: 0, left: [line] };
    const [one, other] = [await divide(halves[0]), await divide(halves[1])];
    const shares = { sent: one.sent + other.sent, lost: one.lost + other.lost, left: [...one.left, ...other.left] };
    return shares.sent + shares.lost > 0 ? shares : { ...shares, left: [line] };
  }

  function settle(line: OtlpLine, judgement: Judgement): Shares {
    troubles.add(judgement, line);
    if (judgement.kind !== 'accepted') {
      if (judgement.kind === 'retry' || judgement.always) open = false;
      return { sent: 0, lost: 0, left: [line] };
    }
    lanes = LANES;
    return { sent: line.spans - judgement.rejected, lost: judgement.rejected, left: [] };
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
      offered += line.spans;
      while (underWay.size >= LANES + AHEAD) await Promise.race(underWay);
      const delivery: Promise<void> = deliver(line, number, ready).finally(() => underWay.delete(delivery));
      underWay.add(delivery);
    },
    finish: async () => {
      await Promise.all(underWay);
      return { accepted, partly, reasons: troubles.clauses(offered) };
    },
  };
}

/** What became of one line of a delivery, counted. */
export function countShares({ accepted, partly }: Delivery, number: number, spans: number) {
  const rejected = accepted.get(number);
  const { sent, lost } = rejected === undefined ? (partly?.get(number) ?? NO_SHARE) : { sent: spans - rejected, lost: rejected };
  return { sent, lost, left: spans - sent - lost };
}

/** What a spool is to hold in place of the lines of which something was taken. */
export function remainsOf({ accepted, partly }: Delivery): ReadonlyMap<number, readonly Uint8Array[]> {
  const remains = new Map<number, readonly Uint8Array[]>();
  for (const number of accepted.keys()) remains.set(number, []);
  for (const [number, { left }] of partly ?? []) {
    remains.set(
      number,
      left.map(({ body }) => body),
    );
  }
  return remains;
}

const NO_SHARE = { sent: 0, lost: 0 };

/** So many single spans too large for a receiver that has taken nothing, and it is not the spans. */
const ALONE_TOO_LARGE = 3;

function isTooLarge(judgement: Judgement): boolean {
  return judgement.kind === 'kept' && judgement.status === 413;
}

const OUT_OF_TIME = 'had not taken everything when the time was up';

function waitFor(judgement: Extract<Judgement, { kind: 'retry' }>, tried: number, patience: Patience): number {
  const grown = patience.firstWait * 1.5 ** tried * (0.8 + 0.4 * chance());
  return Math.min(patience.longestWait, Math.max(judgement.after ?? grown, patience.firstWait));
}

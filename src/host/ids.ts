import { createHash, randomFillSync, randomUUID } from 'node:crypto';
import { sourceDateEpoch } from './clock.ts';
import type { Ids } from './world.ts';

/** Random ids; or, under SOURCE_DATE_EPOCH, the same sequence for the same epoch and seed, so that a run can be repeated to the byte. */
export function systemIds(env: Readonly<Record<string, string | undefined>>, seed: string): Ids {
  const epoch = sourceDateEpoch(env);
  if (epoch === undefined)
    return { traceId: () => nonZero(() => randomHex(16)), spanId: () => nonZero(() => randomHex(8)), uuid: () => randomUUID() };
  let count = 0;
  const next = (digits: number) => createHash('sha256').update(`${epoch}\n${seed}\n${count++}`).digest('hex').slice(0, digits);
  return { traceId: () => nonZero(() => next(32)), spanId: () => nonZero(() => next(16)), uuid: () => uuidOf(next(32)) };
}

/** The world's ids; under SOURCE_DATE_EPOCH a sequence of this subject's own, lest two projects exported at the same moment share theirs. */
export function idsOf(world: { readonly env: Readonly<Record<string, string | undefined>>; readonly ids: Ids }, subject: string): Ids {
  return sourceDateEpoch(world.env) === undefined ? world.ids : systemIds(world.env, subject);
}

function nonZero(make: () => string): string {
  for (;;) {
    const id = make();
    if (!/^0*$/.test(id)) return id;
  }
}

/** A call to the system's generator for every id would cost more than the id. */
const pool = Buffer.alloc(8192);
let used = pool.length;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}

/** RFC 9562 §5.8: version 8 is for ids made in a way of one's own. */
function uuidOf(hex: string): string {
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

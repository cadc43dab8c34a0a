import type { Bounded } from '../gatekeeper/custom-gates.ts';
import { ranOutOfTime, withinTime } from '../host/time-limit.ts';

/** For one answer of one expression. */
const MILLISECONDS = 1000;

/** The time that a policy's expression may take. */
export const bounded: Bounded = (work) => {
  const outcome = withinTime(MILLISECONDS, work);
  if (outcome.ok) return outcome;
  const { error } = outcome;
  if (ranOutOfTime(error)) return { ok: false, reason: `it took longer than ${MILLISECONDS} ms` };
  const said = error !== null && typeof error === 'object' && 'message' in error ? String(error.message) : String(error);
  return { ok: false, reason: said.split('\n', 1)[0] ?? said };
};

import { defineGate } from '../gatekeeper/define-gate.ts';
import { advice, confirmation, count, finding, named, passes } from '../gatekeeper/evidence.ts';
import type { Evidence } from '../gatekeeper/gate.ts';
import type { KnownWaiver, WorkFacts } from '../gatekeeper/work.ts';

export const waivers = defineGate({
  key: 'waivers',
  title: 'Waivers',
  phase: 'REVIEW_CALIBRATE',
  stage: 'EXPORT_CONTRACT',
  group: 'ours',
  fails: { severity: 'critical', blocking: true },
  asks: 'Is every waiver alive and explained?',
  why: 'An exception that nobody ends becomes the rule.',
  reads: ['waivers of the policy file', 'the day'],
  judge: ({ work }) => {
    if (work === undefined)
      return { outcome: 'skipped', code: 'input_absent', reason: 'No policy is known here: an export is judged by itself.' };
    if (work.waivers.length === 0) return passes('There is no waiver.', []);
    const items = work.waivers.flatMap((waiver) => itemsOf(waiver, work));
    const expired = items.filter((item) => item.finding);
    const alive = work.waivers.length - expired.length;
    if (expired.length === 0) {
      const all = confirmation('waivers_alive', 'waivers', `${count(alive, 'waiver')}, none expired.`);
      return { outcome: 'pass', reason: `${alive === 1 ? 'The waiver is' : `All ${alive} waivers are`} alive.`, evidence: [all, ...items] };
    }
    return {
      outcome: 'fail',
      reason: `${count(expired.length, 'waiver')} expired: ${named(expired.map(({ ref }) => ref))}.`,
      nextAction: 'Settle what was waived and take the waiver out of the policy, or agree on a new day.',
      evidence: items,
    };
  },
});

/** From here on an end is near enough to speak of it. */
const SOON_DAYS = 14;

function itemsOf(waiver: KnownWaiver, { today, base }: WorkFacts): readonly Evidence[] {
  const { gate, artifact, reason, owner, expires, place, added, counts } = waiver;
  const ref = `${gate}/${artifact}`;
  const whose = `of ${gate} for "${artifact}" (${owner}: ${reason})`;
  const left = daysBetween(today, expires);
  if (left < 0) {
    const message = `The waiver ${whose} expired on ${expires}; it counts no more.`;
    return [
      finding('expired_waiver', ref, message, {
        place,
        values: { expires },
        ...(base && { state: added ? ('new' as const) : ('known' as const) }),
      }),
    ];
  }
  const told: Evidence[] = [];
  if (added) {
    const consequence = counts ? 'Accept it with the change, or not' : 'It comes from another repository and counts from the merge on';
    told.push(
      advice('new_waiver', ref, `This change adds the waiver ${whose} until ${expires}. ${consequence}.`, {
        place,
        state: 'new',
        first: true,
        values: { expires },
      }),
    );
  }
  if (left <= SOON_DAYS) {
    const when = left === 0 ? 'today' : left === 1 ? 'tomorrow' : `in ${left} days`;
    told.push(advice('waiver_expires_soon', ref, `The waiver ${whose} expires ${when}, on ${expires}.`, { place, values: { expires } }));
  }
  return told;
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

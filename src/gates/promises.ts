import { defineGate } from '../gatekeeper/define-gate.ts';
import { count, finding } from '../gatekeeper/evidence.ts';

export const promises = defineGate({
  key: 'promises',
  title: 'Promises kept',
  phase: 'REVIEW_CALIBRATE',
  stage: 'EXPORT_CONTRACT',
  group: 'ours',
  fails: { severity: 'warning', blocking: false },
  asks: 'Does this change promise as much as before?',
  why: 'A looser objective or a dropped target makes every other number look better; a person should decide it knowingly.',
  reads: ['the manifest', 'the manifest before this change'],
  judge: ({ work }) => {
    if (work?.base === undefined)
      return { outcome: 'skipped', code: 'input_absent', reason: 'There is no base to compare the promises with.' };
    const { weakened } = work.base;
    if (weakened.length === 0) return { outcome: 'pass', reason: 'This change promises no less than before.', evidence: [] };
    return {
      outcome: 'fail',
      reason: `This change weakens ${count(weakened.length, 'promise')}.`,
      nextAction: 'Ask whoever relies on it; if it is meant, nothing has to be done.',
      evidence: weakened.map(({ code, ref, message, before, after, place }) =>
        finding(code, ref, message, { place, state: 'new', level: 'warning', values: { before, after } }),
      ),
    };
  },
});

import { defineGate } from '../gatekeeper/define-gate.ts';
import { capped, confirmation, count, fails, finding, kindOf, malformed, onboardingSpot, passes, pointer } from '../gatekeeper/evidence.ts';
import type { Evidence } from '../gatekeeper/gate.ts';
import { own, sectionOf } from '../gatekeeper/read-subject.ts';
import { isJsonObject, type JsonValue } from '../host/json.ts';

const KEY = 'expected_output_contracts';
const SHOWN = 10;

export const editFirstCoverage = defineGate({
  key: 'edit-first-coverage',
  title: 'Edit-first coverage',
  phase: 'ARTISAN_DESIGN',
  stage: 'ARTISAN_DESIGN',
  group: 'gate-1',
  fails: { severity: 'warning', blocking: false },
  asks: 'Does every output contract say how much of an existing file has to survive an edit?',
  why: 'Without that share a generator rewrites a file that people had already tended.',
  reads: [KEY],
  judge: (subject) => {
    const section = sectionOf(subject, KEY);
    if (section.state === 'absent') return { outcome: 'skipped', code: 'input_absent', reason: 'The export has no output contracts.' };
    if (section.state === 'malformed') {
      return fails('The output contracts cannot be read.', NEXT, [
        malformed('onboarding', `/${KEY}`, `"${KEY}" is ${kindOf(section.value)}; it must be an object of contracts by type.`),
      ]);
    }
    const contracts = Object.entries(section.value);
    const evidence = contracts.flatMap(([type, contract]) => faults(type, contract));
    if (evidence.length === 0) {
      return passes(`${count(contracts.length, 'contract')} with a share to keep.`, [
        confirmation('edit_first_verified', KEY, `${count(contracts.length, 'contract')}, each with edit_min_pct.`),
      ]);
    }
    const shown = evidence.slice(0, 5).map((item) => item.description);
    const more = evidence.length > 5 ? ` And ${evidence.length - 5} more.` : '';
    return fails(
      `${count(evidence.length, 'output contract')} of ${contracts.length} ${evidence.length === 1 ? 'is' : 'are'} incomplete. ${shown.join(' ')}${more}`,
      NEXT,
      capped(evidence, SHOWN),
    );
  },
});

const NEXT = 'Give each contract an "edit_min_pct" between 0 and 100, or write the export again.';

function faults(type: string, contract: JsonValue | undefined): readonly Evidence[] {
  if (!isJsonObject(contract))
    return [malformed('onboarding', pointer(KEY, type), `The output contract of "${type}" is ${kindOf(contract)}; it must be an object.`)];
  const share = own(contract, 'edit_min_pct');
  const at = [onboardingSpot(KEY, type, 'edit_min_pct')];
  if (share === undefined || share === null)
    return [finding('missing_edit_min_pct', type, `The output contract of "${type}" has no edit_min_pct.`, { at })];
  if (typeof share === 'number' && Number.isFinite(share) && share >= 0 && share <= 100) return [];
  return [
    finding('invalid_edit_min_pct', type, `edit_min_pct of "${type}" is ${kindOf(share)}; it must be a number from 0 to 100.`, { at }),
  ];
}

import { defineGate } from '../gatekeeper/define-gate.ts';
import { fails, finding, kindOf, malformed, onboardingSpot, passes } from '../gatekeeper/evidence.ts';
import { coverageOf, own } from '../gatekeeper/read-subject.ts';

export const minCoverage = defineGate({
  key: 'min-coverage',
  title: 'Minimum coverage',
  phase: 'EXPORT_CONTRACT',
  stage: 'EXPORT_CONTRACT',
  group: 'gate-1',
  fails: { severity: 'error', blocking: true },
  asks: 'Does at least the demanded percentage of the required artifacts exist?',
  why: 'A team that agreed on a number wants to be stopped when it is missed.',
  reads: ['coverage.overallCoverage', 'the option --min-coverage'],
  judge: (subject) => {
    const minimum = subject.minCoverage;
    if (minimum === undefined) return { outcome: 'skipped', code: 'option_absent', reason: 'No minimum was demanded (--min-coverage).' };
    const found = own(coverageOf(subject), 'overallCoverage');
    if (found !== undefined && typeof found !== 'number') {
      const path = '/coverage/overallCoverage';
      return fails(`The coverage cannot be compared with the minimum of ${minimum} %.`, NEXT, [
        malformed('onboarding', path, `"coverage.overallCoverage" is ${kindOf(found)}; it must be a percentage.`),
      ]);
    }
    const percent = found ?? 0;
    if (percent >= minimum) return passes(`${percent} % of the required artifacts exist; at least ${minimum} % are demanded.`, []);
    const description = `${percent} % of the required artifacts exist, ${minimum} % are demanded.`;
    const at = [{ file: 'manifest', path: 'spec.targets' }, onboardingSpot('coverage', 'overallCoverage')] as const;
    return fails(`The coverage of ${percent} % is below the minimum of ${minimum} %.`, NEXT, [
      finding('coverage_below_threshold', 'coverage.overallCoverage', description, { at, values: { expected: minimum, actual: percent } }),
    ]);
  },
});

const NEXT = 'Make the artifacts listed under coverage.gaps, or lower --min-coverage if the number is not meant for this project.';

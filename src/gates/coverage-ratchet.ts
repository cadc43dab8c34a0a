import { defineGate } from '../gatekeeper/define-gate.ts';
import { confirmation, count, finding, named, passes } from '../gatekeeper/evidence.ts';
import type { Evidence, Judgement } from '../gatekeeper/gate.ts';
import type { BaseFacts, WorkFacts } from '../gatekeeper/work.ts';

export const coverageRatchet = defineGate({
  key: 'coverage-ratchet',
  title: 'Coverage ratchet',
  phase: 'EXPORT_CONTRACT',
  stage: 'EXPORT_CONTRACT',
  group: 'ours',
  fails: { severity: 'critical', blocking: true },
  asks: 'Is as much of what is required there as before this change?',
  why: 'A legacy service may stand at a fifth, but it must not slip from there unseen.',
  reads: ['coverage', 'coverage before this change', 'coverage-policy and min-coverage'],
  judge: ({ work }) => {
    if (work === undefined)
      return {
        outcome: 'skipped',
        code: 'input_absent',
        reason: 'An export is judged by itself; there is nothing to compare its coverage with.',
      };
    if (work.coveragePolicy === 'off') return { outcome: 'skipped', code: 'off', reason: 'The coverage policy is off.' };
    return work.coveragePolicy === 'absolute' ? compareWithNumber(work) : compareWithBase(work);
  },
});

function compareWithNumber({ coverage, minCoverage, artifacts }: WorkFacts): Judgement {
  if (minCoverage === undefined)
    return {
      outcome: 'skipped',
      code: 'option_absent',
      reason: 'The coverage policy is absolute, and no min-coverage says what is demanded.',
    };
  const percent = coverage.overallCoverage;
  if (percent >= minCoverage) return passes(`${percent} % of the required artifacts exist; at least ${minCoverage} % are demanded.`, []);
  const description = `${percent} % of the required artifacts exist, ${minCoverage} % are demanded.`;
  const place = artifacts[0]?.place;
  return {
    outcome: 'fail',
    reason: `The coverage of ${percent} % is below the ${minCoverage} % that are demanded.`,
    nextAction: `Make ${named(coverage.requiredGaps)}, or lower min-coverage if the number is not meant for this project.`,
    evidence: [
      finding('coverage_below_minimum', 'coverage.overallCoverage', description, {
        values: { expected: minCoverage, actual: percent },
        ...(place && { place: { file: place.file, line: 1 } }),
      }),
    ],
  };
}

function compareWithBase(work: WorkFacts): Judgement {
  const { coverage, base } = work;
  if (base === undefined) return { outcome: 'skipped', code: 'input_absent', reason: 'There is no base to compare the coverage with.' };
  const [now, before] = [coverage.overallCoverage, base.coverage.overallCoverage];
  // Compared as fractions: a percentage with one decimal hides one artifact in two thousand.
  const excused = excusedIn(work).length;
  const owed = { ...coverage, totalRequired: coverage.totalRequired - excused };
  const fell = shareOf(owed) < shareOf(base.coverage);
  const values = { before, after: now };
  if (!fell && shareOf(coverage) < shareOf(base.coverage))
    return passes(`The coverage falls from ${before} % to ${now} %, and waivers of required-artifacts account for it.`, []);
  if (!fell) {
    const word = shareOf(coverage) > shareOf(base.coverage) ? `rose from ${before} % to` : 'stays at';
    return passes(`The coverage ${word} ${now} %.`, [
      confirmation(
        'coverage_kept',
        'coverage.overallCoverage',
        `${count(coverage.totalExisting, 'required artifact')} of ${coverage.totalRequired} exist.`,
        { values },
      ),
    ]);
  }
  return {
    outcome: 'fail',
    reason: `The coverage falls from ${before} % to ${now} %.`,
    nextAction: 'Make what this change leaves missing, or agree on another policy (coverage-policy) in a change of its own.',
    evidence: [fallen(work, base, values)],
  };
}

function fallen(
  { coverage, artifacts }: WorkFacts,
  base: BaseFacts,
  values: { readonly before: number; readonly after: number },
): Evidence {
  const causes = artifacts.filter(({ id, priority, status }) => {
    const earlier = base.artifacts.get(id);
    return priority === 'required' && status === 'needed' && !(earlier?.priority === 'required' && earlier.status === 'needed');
  });
  const because =
    causes.length === 0 ? 'what existed is required no more' : `missing since this change: ${named(causes.map(({ id }) => id))}`;
  const of = (sides: { readonly totalExisting: number; readonly totalRequired: number }) =>
    `${sides.totalExisting} of ${sides.totalRequired}`;
  const description = `The coverage falls from ${values.before} % (${of(base.coverage)} required artifacts) to ${values.after} % (${of(coverage)}); ${because}.`;
  const place = causes[0]?.place ?? artifacts[0]?.place;
  return finding('coverage_fell', 'coverage.overallCoverage', description, { values, state: 'new', ...(place && { place }) });
}

/** What is missing and waived for the gate that asks for it is not asked for here. */
function excusedIn({ artifacts, waivers, today }: WorkFacts): readonly string[] {
  const waived = new Set(
    waivers
      .filter(({ gate, counts, expires }) => gate === 'required-artifacts' && counts && expires >= today)
      .map(({ artifact }) => artifact),
  );
  return artifacts
    .filter(({ id, priority, status }) => priority === 'required' && status === 'needed' && waived.has(id))
    .map(({ id }) => id);
}

function shareOf({ totalExisting, totalRequired }: { readonly totalExisting: number; readonly totalRequired: number }): number {
  return totalRequired === 0 ? 1 : totalExisting / totalRequired;
}

import type { ValidationError } from '../contract/contract.ts';
import { defineGate } from '../gatekeeper/define-gate.ts';
import { advice, confirmation, count, finding, named, passes } from '../gatekeeper/evidence.ts';
import type { Evidence } from '../gatekeeper/gate.ts';
import type { FindingState, WorkArtifact, WorkFacts } from '../gatekeeper/work.ts';

export const artifactValidity = defineGate({
  key: 'artifact-validity',
  title: 'Artifact validity',
  phase: 'REVIEW_CALIBRATE',
  stage: 'EXPORT_CONTRACT',
  group: 'ours',
  fails: { severity: 'error', blocking: false },
  asks: 'Is every artifact that exists valid, and does it still say what the manifest says?',
  why: 'A rule whose query does not parse never fires, and an objective that two files state differently is nobody’s.',
  reads: ['the files of the artifacts', 'the contract derived from the manifest', 'both before this change'],
  judge: ({ work }) => {
    if (work === undefined)
      return {
        outcome: 'skipped',
        code: 'input_absent',
        reason: 'The files of the artifacts were not looked into: an export is judged by itself.',
      };
    const closed = closedItems(work);
    const items = [...work.artifacts.flatMap((artifact) => itemsOf(artifact, work)), ...closed];
    const wrong = items.filter((item) => item.finding);
    const mended = [...items.filter((item) => !item.finding), ...remarksOf(work)];
    const existing = work.artifacts.filter(({ path }) => path !== undefined);
    if (wrong.length === 0) {
      if (existing.length === 0) return { outcome: 'skipped', code: 'input_absent', reason: 'No artifact exists yet.' };
      const all = confirmation('artifacts_valid', 'artifacts', `${count(existing.length, 'artifact')} looked into, nothing wrong found.`);
      return passes(
        existing.length === 1 ? 'The artifact that exists is valid.' : `All ${existing.length} artifacts that exist are valid.`,
        [all, ...mended],
      );
    }
    const caused = wrong.filter(({ state }) => state === 'new');
    const broken = existing.filter(({ faults }) => faults.length > 0);
    const outdated = existing.filter(({ status }) => status === 'outdated');
    const reason = [
      ...(broken.length > 0 ? [`${count(broken.length, 'artifact')} broken: ${named(broken.map(({ id }) => id))}`] : []),
      ...(outdated.length > 0 ? [`${outdated.length} outdated: ${named(outdated.map(({ id }) => id))}`] : []),
      ...(closed.length > 0 ? [`${count(closed.length, 'file')} that cannot be read: ${named(closed.map(({ ref }) => ref))}`] : []),
    ].join('; ');
    const because = caused.length > 0 ? ` (${caused.length} of ${count(wrong.length, 'finding')} caused by this change)` : '';
    const grave =
      caused.length > 0
        ? ({ severity: 'critical', blocking: true } as const)
        : broken.length > 0 || closed.length > 0
          ? ({ severity: 'error', blocking: false } as const)
          : ({ severity: 'warning', blocking: false } as const);
    return { outcome: 'fail', reason: `${reason}${because}.`, nextAction: NEXT, evidence: [...wrong, ...mended], ...grave };
  },
});

const NEXT = 'Repair the files on the lines told; where the manifest and a file differ, change the one that is wrong.';

/** Nobody reads more of one file. */
const MOST = 20;

function itemsOf(artifact: WorkArtifact, work: WorkFacts): readonly Evidence[] {
  const before = work.base?.artifacts.get(artifact.id);
  const hasBase = work.base !== undefined;
  const earlierFaults = tally((before?.faults ?? []).map(keyOfFault));
  const earlierValues = tally((before?.contradictions ?? []).map(keyOfContradiction));
  const state = (isKnown: boolean): { readonly state?: FindingState } => (hasBase ? { state: isKnown ? 'known' : 'new' } : {});
  const broken = artifact.faults.slice(0, MOST).map((fault) => {
    const told = state(take(earlierFaults, keyOfFault(fault)));
    const level = told.state === 'new' ? 'critical' : 'error';
    const { place, message } = fault;
    return finding('invalid_artifact', artifact.id, message, {
      artifact: artifact.id,
      place,
      level,
      values: { type: artifact.type },
      ...told,
    });
  });
  const outdated = artifact.contradictions.slice(0, MOST).map((one) => {
    const told = state(take(earlierValues, keyOfContradiction(one)));
    return differing(artifact, one, told);
  });
  return [...broken, ...outdated, ...mendedOf(artifact, before)];
}

/** What is worth a notice beside the findings: of one artifact, and of all. */
const MOST_ADVICE = 3;
const MOST_NOTICES = 20;

/** Advice that was there before this change is nobody's business now; what was not judged is kept as evidence of how far the gate looked. */
function remarksOf({ artifacts, base }: WorkFacts): readonly Evidence[] {
  let notices = 0;
  return artifacts.flatMap(({ id, remarks = [] }) => {
    const earlier = tally((base?.artifacts.get(id)?.remarks ?? []).map(keyOfFault));
    const fresh = remarks.filter((one) => one.kind === 'advice' && !take(earlier, keyOfFault(one)));
    const told = fresh.slice(0, Math.min(MOST_ADVICE, MOST_NOTICES - notices));
    notices += told.length;
    const state = base && { state: 'new' as const };
    return [
      ...told.map(({ message, place }) => advice('remark', id, message, { artifact: id, ...(place && { place }), ...state })),
      ...remarks
        .filter(({ kind }) => kind !== 'advice')
        .slice(0, MOST_ADVICE)
        .map(({ message, place }) => confirmation('not_judged', id, message, { artifact: id, ...(place && { place }) })),
    ];
  });
}

/** Whose artifacts such a file holds nobody knows, so they are missed where they were looked for, and the cause stands here. */
function closedItems({ closed = [], base }: WorkFacts): readonly Evidence[] {
  return closed.map(({ type, path, place, message }) => {
    const state = base && (base.closed?.has(path) ? ('known' as const) : ('new' as const));
    const level = state === 'new' ? 'critical' : 'error';
    return finding('unreadable_artifact_file', path, message, { place, level, values: { type }, ...(state && { state }) });
  });
}

function differing(artifact: WorkArtifact, one: WorkArtifact['contradictions'][number], told: { readonly state?: FindingState }): Evidence {
  const { property, derived, found, manifest, edit } = one;
  const message = `"${artifact.id}" says ${found.value}; the manifest makes ${property} ${derived.value} (${derived.field}, ${manifest.file}:${manifest.line}).`;
  return finding('outdated_artifact', artifact.id, message, {
    artifact: artifact.id,
    place: found.place,
    level: told.state === 'new' ? 'critical' : 'warning',
    values: { property, expected: derived.value, actual: found.value, manifest_line: manifest.line },
    nextAction: edit,
    ...told,
  });
}

function mendedOf(artifact: WorkArtifact, before: WorkArtifact | undefined): readonly Evidence[] {
  const { id, path, place } = artifact;
  if (before === undefined || path === undefined || artifact.faults.length + artifact.contradictions.length > 0) return [];
  const was = before.faults.length > 0 ? 'broken' : before.contradictions.length > 0 ? 'outdated' : undefined;
  if (was === undefined) return [];
  return [
    confirmation('mended_artifact', id, `"${id}" was ${was} and is valid now.`, {
      artifact: id,
      place: { ...place, file: path, line: 1 },
      state: 'mended',
    }),
  ];
}

/** A fault that only moved is the same fault. */
function keyOfFault({ message }: Pick<ValidationError, 'message'>): string {
  return message.replaceAll(/\bline \d+\b/g, 'line');
}

function keyOfContradiction({ property, derived, found }: WorkArtifact['contradictions'][number]): string {
  return JSON.stringify([property, derived.value, found.value]);
}

function tally(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function take(counts: Map<string, number>, key: string): boolean {
  const left = counts.get(key) ?? 0;
  counts.set(key, left - 1);
  return left > 0;
}

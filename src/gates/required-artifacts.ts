import { artifactListOf, type ListedArtifact } from '../gatekeeper/artifact-list.ts';
import { defineGate } from '../gatekeeper/define-gate.ts';
import { confirmation, count, entrySpot, fails, finding, named, passes, targetSpot } from '../gatekeeper/evidence.ts';
import type { Evidence, Judgement } from '../gatekeeper/gate.ts';
import type { Subject } from '../gatekeeper/subject.ts';
import type { BaseFacts, WorkArtifact, WorkFacts } from '../gatekeeper/work.ts';

export const requiredArtifacts = defineGate({
  key: 'required-artifacts',
  title: 'Required artifacts',
  phase: 'EXPORT_CONTRACT',
  stage: 'EXPORT_CONTRACT',
  group: 'ours',
  fails: { severity: 'warning', blocking: false },
  asks: 'Does every artifact exist that the manifest makes required?',
  why: 'A service in production without its alerts or its runbook is found out during an incident.',
  reads: ['priority and status of every artifact', 'the same before this change'],
  judge: (subject) => (subject.work ? judgeWork(subject.work) : judgeExport(subject)),
});

/** What this change made missing is critical; what was missing before is a warning. */
function judgeWork(work: WorkFacts): Judgement {
  const required = work.artifacts.filter(({ priority }) => priority === 'required');
  const missing = required.filter(({ status }) => status === 'needed');
  const mended = mendedGaps(work);
  if (missing.length === 0) return allThere(required.length, mended);
  const evidence = missing.map((artifact) => missingInWork(artifact, work.base));
  const caused = evidence.filter(({ state }) => state === 'new');
  const grave = caused.length > 0 ? ({ severity: 'critical', blocking: true } as const) : {};
  const ids = (items: readonly Evidence[]) => named(items.map(({ ref }) => ref));
  const known = missing.length - caused.length;
  const causing = `This change leaves ${count(caused.length, 'required artifact')} missing: ${ids(caused)}`;
  const reason =
    caused.length === 0
      ? `${missing.length} of ${count(required.length, 'required artifact')} ${missing.length === 1 ? 'does' : 'do'} not exist yet: ${ids(evidence)}.`
      : `${causing}${known > 0 ? `; ${known} more ${known === 1 ? 'was' : 'were'} missing before` : ''}.`;
  return {
    outcome: 'fail',
    reason,
    nextAction: NEXT,
    evidence: [...caused, ...evidence.filter(({ state }) => state !== 'new'), ...mended],
    ...grave,
  };
}

function missingInWork(artifact: WorkArtifact, base: BaseFacts | undefined): Evidence {
  const { id, name, type, target, place } = artifact;
  const { isNew, why } =
    base === undefined ? { isNew: false, why: `is required for "${target}" and ${absence(artifact)}` } : causeOf(artifact, base);
  return finding('missing_required_artifact', id, `"${id}" (${name}) ${why}.`, {
    artifact: id,
    place,
    values: { type, target },
    level: isNew ? 'critical' : 'warning',
    ...(base && { state: isNew ? ('new' as const) : ('known' as const) }),
  });
}

/** Why it is missing now, and whether that is this change's doing. */
function causeOf(artifact: WorkArtifact, base: BaseFacts): { readonly isNew: boolean; readonly why: string } {
  const { id, target, priority } = artifact;
  const before = base.artifacts.get(id);
  const missing = absence(artifact);
  if (before === undefined && !base.targets.has(target))
    return { isNew: true, why: `is required for "${target}", which this change adds, and ${missing}` };
  if (before === undefined) return { isNew: true, why: `is required for "${target}" since this change, and ${missing}` };
  if (before.status !== 'needed' && artifact.path === undefined)
    return {
      isNew: true,
      why: `is required for "${target}"; ${before.path ?? 'its file'} stood for it before this change, and nothing does now`,
    };
  if (before.status !== 'needed')
    return { isNew: true, why: `is required for "${target}", and this change breaks its file ${artifact.path}` };
  if (before.priority !== priority)
    return { isNew: true, why: `is required for "${target}" since this change raises what the project asks of itself, and ${missing}` };
  return { isNew: false, why: `is required for "${target}" and ${missing}, as before this change` };
}

function absence({ path }: WorkArtifact): string {
  return path === undefined ? 'does not exist' : `its file ${path} is broken`;
}

function mendedGaps({ artifacts, base }: WorkFacts): readonly Evidence[] {
  return artifacts
    .filter(({ id, status }) => {
      const before = base?.artifacts.get(id);
      return status !== 'needed' && before?.status === 'needed' && before.priority === 'required' && before.faults.length === 0;
    })
    .map(({ id, name, place, path }) =>
      confirmation(
        'mended_required_artifact',
        id,
        `"${id}" (${name}) was missing and exists now${path === undefined ? '' : ` (${path})`}.`,
        {
          artifact: id,
          place,
          state: 'mended',
        },
      ),
    );
}

function allThere(required: number, mended: readonly Evidence[] = []): Judgement {
  const all = confirmation('required_artifacts_present', 'artifacts', `${count(required, 'required artifact')}, none missing.`);
  const reason =
    required === 0
      ? 'No artifact is required.'
      : `${required === 1 ? 'The required artifact exists' : `All ${required} required artifacts exist`}.`;
  return passes(reason, [all, ...mended]);
}

const NEXT =
  'Make the artifacts; where one exists already, name it with --existing ID:PATH or with a rule under "artifacts" in the policy.';

function judgeExport(subject: Subject): Judgement {
  const list = artifactListOf(subject);
  if (list.state === 'absent')
    return { outcome: 'skipped', code: 'input_absent', reason: 'The export has no artifact manifest that could be read.' };
  if (list.state === 'malformed')
    return { outcome: 'skipped', code: 'not_verifiable', reason: `The artifact manifest ${list.reason} (see structural-integrity).` };
  const required = [...list.artifacts.values()].filter((artifact) => artifact.priority === 'required');
  const missing = required.filter((artifact) => artifact.status === 'needed');
  if (missing.length === 0) return allThere(required.length);
  return fails(
    `${missing.length} of ${count(required.length, 'required artifact')} ${missing.length === 1 ? 'does' : 'do'} not exist yet: ${named(missing.map((artifact) => artifact.id))}.`,
    NEXT,
    missing.map(missingArtifact),
  );
}

function missingArtifact({ id, name, type, target }: ListedArtifact): Evidence {
  const description = `"${id}"${name ? ` (${name})` : ''} is required for the target "${target}" and does not exist.`;
  return finding('missing_required_artifact', id, description, {
    artifact: id,
    at: [targetSpot(target), entrySpot(id)],
    values: { type, target },
  });
}

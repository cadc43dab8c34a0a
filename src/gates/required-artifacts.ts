import { artifactListOf, type ListedArtifact } from '../gatekeeper/artifact-list.ts';
import { defineGate } from '../gatekeeper/define-gate.ts';
import { confirmation, count, entrySpot, fails, finding, named, passes, targetSpot } from '../gatekeeper/evidence.ts';
import type { Evidence } from '../gatekeeper/gate.ts';

export const requiredArtifacts = defineGate({
  key: 'required-artifacts',
  title: 'Required artifacts',
  phase: 'EXPORT_CONTRACT',
  stage: 'EXPORT_CONTRACT',
  group: 'ours',
  fails: { severity: 'warning', blocking: false },
  asks: 'Does every artifact exist that the manifest makes required?',
  why: 'A service in production without its alerts or its runbook is found out during an incident.',
  reads: ['priority and status of every artifact in the artifact manifest'],
  judge: (subject) => {
    const list = artifactListOf(subject);
    if (list.state === 'absent')
      return { outcome: 'skipped', code: 'input_absent', reason: 'The export has no artifact manifest that could be read.' };
    if (list.state === 'malformed')
      return { outcome: 'skipped', code: 'not_verifiable', reason: `The artifact manifest ${list.reason} (see structural-integrity).` };
    const required = [...list.artifacts.values()].filter((artifact) => artifact.priority === 'required');
    const missing = required.filter((artifact) => artifact.status === 'needed');
    if (missing.length === 0) {
      const all = confirmation('required_artifacts_present', 'artifacts', `${count(required.length, 'required artifact')}, none missing.`);
      return passes(
        required.length === 0
          ? 'No artifact is required.'
          : `${required.length === 1 ? 'The required artifact exists' : `All ${required.length} required artifacts exist`}.`,
        [all],
      );
    }
    return fails(
      `${missing.length} of ${count(required.length, 'required artifact')} ${missing.length === 1 ? 'does' : 'do'} not exist yet: ${named(missing.map((artifact) => artifact.id))}.`,
      'Make the artifacts; where one exists already, name it with --existing ID:PATH or let --scan-existing find it.',
      missing.map(missingArtifact),
    );
  },
});

function missingArtifact({ id, name, type, target }: ListedArtifact): Evidence {
  const description = `"${id}"${name ? ` (${name})` : ''} is required for the target "${target}" and does not exist.`;
  return finding('missing_required_artifact', id, description, {
    artifact: id,
    at: [targetSpot(target), entrySpot(id)],
    values: { type, target },
  });
}

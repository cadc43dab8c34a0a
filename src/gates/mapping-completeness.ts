import { defineGate } from '../gatekeeper/define-gate.ts';
import {
  confirmation,
  count,
  entrySpot,
  fails,
  finding,
  kindOf,
  malformed,
  named,
  onboardingSpot,
  passes,
} from '../gatekeeper/evidence.ts';
import { gapsOf, own, sectionOf } from '../gatekeeper/read-subject.ts';
import type { JsonObject } from '../host/json.ts';

const KEY = 'artifact_task_mapping';

export const mappingCompleteness = defineGate({
  key: 'mapping-completeness',
  title: 'Mapping completeness',
  phase: 'CONTRACT_INTEGRITY',
  stage: 'CONTRACT_INTEGRITY',
  group: 'gate-1',
  fails: { severity: 'error', blocking: true },
  asks: 'Does every gap have a task in the task mapping?',
  why: 'An artifact without a task is one that nobody will make.',
  reads: [KEY, 'coverage.gaps'],
  judge: (subject) => {
    const mapping = sectionOf(subject, KEY);
    const gaps = gapsOf(subject);
    if (mapping.state === 'absent') return { outcome: 'skipped', code: 'input_absent', reason: 'The export has no task mapping.' };
    if (mapping.state === 'malformed') {
      const evidence = [
        malformed('onboarding', `/${KEY}`, `"${KEY}" is ${kindOf(mapping.value)}; it must be an object of task ids by artifact id.`),
      ];
      return fails(
        'The task mapping cannot be read.',
        'Give --task-mapping a JSON object such as {"checkout_api-slo": "TASK-7"} and export again.',
        evidence,
      );
    }
    if (!gaps.readable)
      return {
        outcome: 'skipped',
        code: 'not_verifiable',
        reason: 'coverage.gaps cannot be read (see gap-parity), so no mapping was looked up.',
      };
    if (gaps.ids.length === 0) return { outcome: 'skipped', code: 'no_gaps', reason: 'The mapping is there, but no artifact is missing.' };
    const unmapped = gaps.ids.filter((id) => !hasTask(mapping.value, id));
    if (unmapped.length === 0) {
      const all = confirmation('mapping_complete', KEY, `Each of the ${count(gaps.ids.length, 'gap')} has a task.`);
      return passes(`The task mapping names a task for ${count(gaps.ids.length, 'gap')}.`, [all]);
    }
    return fails(
      `${unmapped.length} of ${count(gaps.ids.length, 'gap')} ${unmapped.length === 1 ? 'has' : 'have'} no task: ${named(unmapped)}.`,
      'Add the ids to the task mapping file, each with the id of its task, and export again with --task-mapping.',
      unmapped.map((id) => unmappedArtifact(id, mapping.value)),
    );
  },
});

function hasTask(mapping: JsonObject, id: string): boolean {
  const task = own(mapping, id);
  return typeof task === 'string' && task.trim() !== '';
}

function unmappedArtifact(id: string, mapping: JsonObject) {
  const task = own(mapping, id);
  const description =
    task === undefined
      ? `"${id}" is a gap, but the task mapping does not name it.`
      : `The task mapping names "${id}", but its task is ${kindOf(task)}; it must be the id of a task.`;
  const at = [{ file: 'task-mapping', path: '' }, entrySpot(id), onboardingSpot(KEY)] as const;
  return finding('unmapped_artifact', id, description, { artifact: id, at });
}

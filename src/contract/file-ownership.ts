import { dictionary, type JsonObject, type JsonValue } from '../host/json.ts';
import type { Artifact, ArtifactType, Contract } from './contract.ts';

/** Onboarding `file_ownership`: each file to be written, whose it is, and the tasks that write it. */
export function fileOwnership(contract: Contract, types: readonly ArtifactType[], taskMapping: JsonObject = {}): JsonObject | undefined {
  if (contract.artifacts.length === 0) return undefined;
  const templates = new Map(types.map((type) => [type.type, type.output.path.split('{target}')]));
  const owners = Map.groupBy(contract.artifacts, ({ type, target }) => (templates.get(type) ?? []).join(target));
  return dictionary([...owners].map(([path, artifacts]) => [path, ownership(artifacts, taskMapping)] as const));
}

function ownership(artifacts: readonly Artifact[], taskMapping: JsonObject): JsonObject {
  const [only] = artifacts;
  if (only !== undefined && artifacts.length === 1)
    return { artifact_ids: [only.id], artifact_types: [only.type], scope: 'primary', task_ids: taskIdsOf(only.id, taskMapping) };
  return {
    artifact_ids: artifacts.map(({ id }) => id),
    artifact_types: [...new Set(artifacts.map(({ type }) => type))],
    scope: 'shared',
    task_ids: [...new Set(artifacts.flatMap(({ id }) => taskIdsOf(id, taskMapping)))],
  };
}

function taskIdsOf(id: string, taskMapping: JsonObject): readonly JsonValue[] {
  const taskId = Object.hasOwn(taskMapping, id) ? taskMapping[id] : undefined;
  return taskId === undefined || taskId === null || taskId === '' ? [] : [taskId];
}

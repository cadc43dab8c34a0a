import type { JsonObject } from '../host/json.ts';
import type { Artifact, ArtifactType, Contract, ParameterSpec } from './contract.ts';
import { includesSection } from './profiles.ts';

type Status = 'resolved' | 'defaulted' | 'unresolved';

/**
 * Onboarding `parameter_resolvability` with its summary: whether the manifest gives each parameter a value (`resolved`; an empty list is one), the
 * product assumes one (`defaulted`), or nobody does (`unresolved`).
 */
export function parameterResolvability(
  contract: Contract,
  types: readonly ArtifactType[],
): { readonly parameters: JsonObject; readonly summary: JsonObject } | undefined {
  if (contract.artifacts.length === 0 || !includesSection(contract.profile, 'parameter_resolvability')) return undefined;
  const entries = new Map(types.map((type) => [type.type, type.parameters.map((spec) => ({ key: spec.key, byStatus: entriesOf(spec) }))]));
  const counts: Record<Status, number> = { resolved: 0, defaulted: 0, unresolved: 0 };
  const parameters = contract.artifacts.map((artifact) => {
    const answers = (entries.get(artifact.type) ?? []).map(({ key, byStatus }) => {
      const status = statusOf(artifact, key);
      counts[status]++;
      return [key, byStatus[status]] as const;
    });
    return [artifact.id, Object.fromEntries(answers)] as const;
  });
  const { resolved, defaulted, unresolved } = counts;
  return {
    parameters: Object.fromEntries(parameters),
    summary: { resolved, unresolved, total: resolved + defaulted + unresolved, defaulted },
  };
}

function statusOf(artifact: Artifact, key: string): Status {
  if (artifact.defaulted.includes(key)) return 'defaulted';
  return (artifact.parameters[key] ?? null) === null ? 'unresolved' : 'resolved';
}

/** One entry per status, shared by all artifacts of the type. */
function entriesOf({ source, field }: ParameterSpec): Record<Status, JsonObject> {
  return {
    resolved: { status: 'resolved', source_path: source },
    defaulted: { status: 'defaulted', source_path: source },
    unresolved: {
      status: 'unresolved',
      source_path: source,
      reason_code: 'value_not_materialized',
      reason: `The manifest states no ${field ?? source}, and there is no default to fall back on`,
    },
  };
}

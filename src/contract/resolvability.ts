import { dictionary, type JsonObject } from '../host/json.ts';
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
  // Artifacts of one type mostly have the same answers, and then share them.
  const shared = new Map<string, JsonObject>();
  const parameters = contract.artifacts.map((artifact) => {
    const specs = entries.get(artifact.type) ?? [];
    const statuses = specs.map(({ key }) => statusOf(artifact, key));
    for (const status of statuses) counts[status]++;
    const kind = `${artifact.type} ${statuses.join(' ')}`;
    const answers = shared.get(kind) ?? Object.fromEntries(specs.map(({ key, byStatus }, index) => [key, byStatus[statuses[index]!]]));
    shared.set(kind, answers);
    return [artifact.id, answers] as const;
  });
  const { resolved, defaulted, unresolved } = counts;
  return {
    parameters: dictionary(parameters),
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

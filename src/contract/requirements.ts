import type { JsonObject } from '../host/json.ts';
import { rulesByType } from './artifact-sections.ts';
import type { ArtifactType, Contract } from './contract.ts';

/**
 * Onboarding `requirements_hints`: one for each requirement of the manifest that an artifact is derived from, then those innate to the pipeline
 * (export.md §15.5), in every profile.
 */
export function requirementsHints(contract: Contract, types: readonly ArtifactType[]): readonly JsonObject[] {
  const hints = new Map<string, JsonObject>();
  for (const hint of [...derivedHints(contract), ...innateHints(types)]) if (!hints.has(hint.id)) hints.set(hint.id, hint);
  return [...hints.values()];
}

type Hint = JsonObject & { readonly id: string };

function derivedHints(contract: Contract): readonly Hint[] {
  return [...rulesByType(contract).values()]
    .flat()
    .map(({ sourceField }) => sourceField)
    .filter((sourceField) => sourceField.startsWith(REQUIREMENTS))
    .map((sourceField) => ({
      id: `REQ-${sourceField.slice(REQUIREMENTS.length).toUpperCase().replaceAll(/[._]/g, '-')}`,
      labels: ['nfr', 'contextcore-export'],
      priority: 'medium',
      acceptance_anchors: [sourceField],
    }));
}

const REQUIREMENTS = 'spec.requirements.';

/** Family by family, as the types first name them (`REQ-CDP-OBS`, `-ONB`, `-INT`), numbered within. */
function innateHints(types: readonly ArtifactType[]): readonly Hint[] {
  const hints = types.flatMap(({ type, requirement }) =>
    requirement === undefined
      ? []
      : {
          id: requirement.id,
          labels: requirement.labels,
          priority: requirement.priority,
          acceptance_anchors: requirement.anchors,
          satisfied_by_artifact: type,
        },
  );
  const families = Map.groupBy(hints, ({ id }) => id.slice(0, id.lastIndexOf('-')));
  return [...families.values()].flatMap((family) => family.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
}

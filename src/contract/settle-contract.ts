import type { Artifact, Contract } from './contract.ts';
import { measureCoverage } from './coverage.ts';
import type { Found, Inspection } from './inspection.ts';

/** Enters what was found into the contract: statuses, paths, faults of the files, and coverage anew. */
export function settleContract(contract: Contract, inspection: Inspection): Contract {
  const artifacts = contract.artifacts.map((artifact) => settleArtifact(artifact, inspection.found.get(artifact.id)));
  return {
    ...contract,
    artifacts,
    coverage: measureCoverage(artifacts, inGenerationOrder(artifacts, contract.generation), contract.manifest.spec.targets),
    notices: [...contract.notices, ...inspection.notices],
  };
}

function settleArtifact(before: Artifact, found: Found | undefined): Artifact {
  if (found === undefined && isUntouched(before)) return before;
  const { existingPath: _, ...artifact } = before;
  if (found === undefined) return { ...artifact, status: 'needed', validationErrors: [] };
  const validationErrors = found.validationErrors ?? [];
  const status = validationErrors.length > 0 ? 'needed' : found.outdated ? 'outdated' : 'exists';
  return { ...artifact, status, existingPath: found.path, validationErrors };
}

/** As it was derived. */
function isUntouched({ status, existingPath, validationErrors }: Artifact): boolean {
  return status === 'needed' && existingPath === undefined && validationErrors.length === 0;
}

function inGenerationOrder(artifacts: readonly Artifact[], generation: readonly string[] | undefined): readonly Artifact[] {
  if (generation === undefined) return artifacts;
  const byId = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
  return generation.map((id) => byId.get(id)).filter((artifact) => artifact !== undefined);
}

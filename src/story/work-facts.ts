import { comparePromises } from '../contract/compare-promises.ts';
import type { Contract } from '../contract/contract.ts';
import type { Inspection } from '../contract/inspection.ts';
import type { GateResult } from '../gatekeeper/gate.ts';
import type { BaseFacts, KnownWaiver, WorkArtifact, WorkFacts } from '../gatekeeper/work.ts';
import { given } from '../host/given.ts';
import type { Locate } from '../manifest/manifest.ts';
import type { Policy } from '../manifest/policy.ts';
import type { ContractBefore } from './before.ts';

export interface WorkInput {
  readonly contract: Contract;
  readonly inspection: Inspection;
  readonly locate: Locate;
  readonly before?: ContractBefore;
  readonly policy: Policy;
  readonly waivers: readonly KnownWaiver[];
  readonly coveragePolicy?: WorkFacts['coveragePolicy'];
  readonly minCoverage?: number;
  readonly now: Date;
}

/** What the gates may know of the user's own artifacts, now and before. */
export function workFacts(input: WorkInput): WorkFacts {
  const { contract, inspection, locate, before, policy, waivers } = input;
  return {
    manifest: contract.manifest,
    artifacts: artifactsOf(contract, inspection, locate),
    coverage: contract.coverage,
    coveragePolicy: input.coveragePolicy ?? policy.coveragePolicy ?? 'ratchet',
    waivers,
    today: input.now.toISOString().slice(0, 10),
    ...given({
      minCoverage: input.minCoverage ?? policy.minCoverage,
      base: before && baseFacts(before, contract, locate),
      closed: inspection.closed,
    }),
  };
}

function artifactsOf(contract: Contract, { found }: Inspection, locate: Locate): readonly WorkArtifact[] {
  return contract.artifacts.map((artifact) => {
    const { id, name, type, target, priority, status, place, existingPath, validationErrors } = artifact;
    const contradictions = (found.get(id)?.contradictions ?? []).map((one) => ({
      ...one,
      manifest: manifestPlace(one.derived.field, artifact.place, locate),
    }));
    const { remarks } = found.get(id) ?? {};
    return {
      id,
      name,
      type,
      target,
      priority,
      status,
      place,
      faults: validationErrors,
      contradictions,
      ...given({ path: existingPath, remarks }),
    };
  });
}

/** A field of a target stands with the target. */
function manifestPlace(field: string, own: WorkArtifact['place'], locate: Locate): WorkArtifact['place'] {
  return field.startsWith('spec.targets') || !field.startsWith('spec.') ? own : locate(field);
}

function baseFacts({ commit, contract, inspection, manifest }: ContractBefore, now: Contract, locate: Locate): BaseFacts {
  return {
    commit,
    manifest: contract.manifest,
    targets: new Set([contract.projectId, ...contract.manifest.spec.targets.map(({ name }) => name)]),
    artifacts: new Map(artifactsOf(contract, inspection, manifest.locate).map((artifact) => [artifact.id, artifact])),
    coverage: contract.coverage,
    closed: new Set(inspection.closed?.map(({ path }) => path)),
    weakened: comparePromises(contract.manifest, now.manifest, locate),
  };
}

/**
 * Says of findings that no gate dated whether they were there before: of an artifact that is owed just the same, and of a manifest that did not change at all, they
 * were. Where that cannot be told nothing is said.
 */
export function dateResults(
  results: readonly GateResult[],
  now: Contract,
  isSameManifest: boolean,
  before: Contract,
): readonly GateResult[] {
  const earlier = new Map(before.artifacts.map((artifact) => [artifact.id, artifact]));
  const owed = new Map(now.artifacts.map((artifact) => [artifact.id, artifact]));
  const terms = (contract: ReadonlyMap<string, Contract['artifacts'][number]>, id: string) => {
    const artifact = contract.get(id);
    return artifact && JSON.stringify([artifact.type, artifact.priority, artifact.parameters, artifact.dependsOn]);
  };
  const isNewGap = (id: string) => owed.get(id)?.status === 'needed' && earlier.get(id)?.status === 'exists';
  const stateOf = (gate: string, id: string | undefined): 'new' | 'known' | undefined => {
    // A gap may come without any change of the manifest: the file went.
    if (gate === 'mapping-completeness' && id !== undefined && isNewGap(id)) return 'new';
    if (isSameManifest) return 'known';
    if (id === undefined || !owed.has(id)) return undefined;
    return terms(owed, id) === terms(earlier, id) ? 'known' : 'new';
  };
  return results.map((result) =>
    result.group === 'ours'
      ? result
      : {
          ...result,
          evidence: result.evidence.map((item) => {
            const state = item.state === undefined && (item.finding || item.advice) ? stateOf(result.gate, item.artifact) : undefined;
            return state === undefined ? item : { ...item, state };
          }),
        },
  );
}

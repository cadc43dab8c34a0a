import { dirname, join, posix } from 'node:path';
import type { Contract } from '../contract/contract.ts';
import { deriveContract } from '../contract/derive-contract.ts';
import type { Inspection } from '../contract/inspection.ts';
import { settleContract } from '../contract/settle-contract.ts';
import { findPolicy, POLICY_NAME } from '../host/find-policy.ts';
import { ApiError } from '../host/github/api.ts';
import { given } from '../host/given.ts';
import { blobIdOf, textOf } from '../host/texts.ts';
import type { World } from '../host/world.ts';
import { examineArtifacts, type Readings } from '../inspect/examine-artifacts.ts';
import { declaredPaths } from '../inspect/inspect-artifacts.ts';
import type { Programs } from '../inspect/valid/second-opinion.ts';
import type { Fault, ParsedManifest } from '../manifest/manifest.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { DEFAULT_POLICY, type KnownNames, type Policy, parsePolicy } from '../manifest/policy.ts';
import type { Shelves } from '../shelves.ts';
import type { Baseline, BaseOutcome, Snapshot } from './base-side.ts';
import type { Gathered } from './gather.ts';
import type { ManifestOrder } from './prepare.ts';

type ReadManifest = Extract<ParsedManifest, { ok: true }>;

/** How a manifest and its policy were before this change. */
export interface Before {
  /** Absent where there is nothing to compare with. */
  readonly snapshot?: Snapshot;
  /** Absent where no policy is known from before; the default where there was none. */
  readonly policy?: Policy;
  /** Absent where there was no such manifest, or one that cannot be read. */
  readonly manifest?: ReadManifest;
  /** Faults and warnings of both files, as `code path message`; they were there already. */
  readonly faults: ReadonlySet<string>;
  readonly losses: readonly string[];
}

export const NOTHING_BEFORE: Before = { faults: new Set(), losses: [] };

/** Reads manifest and policy as the base has them. What stands in the way is told, and then there is no base. */
export async function readBefore(order: ManifestOrder, baseline: Baseline, known: KnownNames, world: World): Promise<Before> {
  const outcome = await baseline.of(order.manifest);
  try {
    return await readSnapshot(order, outcome, known, world);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { ...NOTHING_BEFORE, losses: [`${error.message}. Nothing was compared, so nothing counts as caused by this change.`] };
  }
}

async function readSnapshot(order: ManifestOrder, outcome: BaseOutcome, known: KnownNames, world: World): Promise<Before> {
  const { snapshot } = outcome;
  if (snapshot === undefined) return { ...NOTHING_BEFORE, losses: outcome.loss === undefined ? [] : [outcome.loss] };
  const policy = await policyBefore(order, snapshot, known, world);
  const bytes = await snapshot.read(order.manifest);
  const parsed = bytes && parseManifest(bytes, order.manifest);
  const losses =
    parsed?.ok === false
      ? [`The manifest ${order.manifest} was not valid in the base (${snapshot.commit.slice(0, 9)}), so nothing of it could be compared.`]
      : [];
  const faults = parsed === undefined ? [] : [...(parsed.ok ? [] : parsed.faults), ...parsed.warnings];
  return {
    snapshot,
    faults: new Set([...faults, ...policy.faults].map(keyOfFault)),
    losses: [...losses, ...policy.losses],
    ...given({ policy: policy.value, manifest: parsed?.ok ? parsed : undefined }),
  };
}

/** A fault that only moved is the same fault. */
function keyOfFault({ code, path, message }: { readonly code: string; readonly path: string; readonly message: string }): string {
  return `${code} ${path} ${message.replaceAll(/\bline \d+\b/g, 'line')}`;
}

/** Which faults this change made; nothing is said where there is no base. */
export function dateFaults(faults: readonly Fault[], { snapshot, faults: earlier }: Before): ReadonlyMap<Fault, 'new' | 'known'> {
  if (snapshot === undefined) return new Map();
  return new Map(faults.map((fault) => [fault, earlier.has(keyOfFault(fault)) ? 'known' : 'new']));
}

interface PolicyBefore {
  readonly value?: Policy;
  readonly faults: readonly Fault[];
  readonly losses: readonly string[];
}

async function policyBefore(order: ManifestOrder, snapshot: Snapshot, known: KnownNames, world: World): Promise<PolicyBefore> {
  const none = { faults: [], losses: [] };
  const path = await policyPath(order, snapshot, world);
  if (path === undefined) return none;
  const bytes = path === '' ? undefined : await snapshot.read(path);
  if (bytes === undefined) return { ...none, value: DEFAULT_POLICY };
  const parsed = parsePolicy(bytes, path, known);
  if (parsed.ok) return { ...none, value: parsed.policy, faults: parsed.warnings };
  const loss = `The policy ${path} was not valid in the base (${snapshot.commit.slice(0, 9)}); the default levels were used.`;
  return { value: DEFAULT_POLICY, faults: [...parsed.faults, ...parsed.warnings], losses: [loss] };
}

/** By the same search as now, in the base; empty where there was none, undefined for a policy that no change of the repository reaches. */
async function policyPath(order: ManifestOrder, snapshot: Snapshot, world: World): Promise<string | undefined> {
  const named = order.config ?? (world.env['CONTEXTCORE_QUALITY_POLICY'] || undefined);
  if (named !== undefined) {
    if (!snapshot.holds(named)) return undefined;
    if (order.config !== undefined || snapshot.idOf(named) !== undefined) return named;
  }
  for (let folder = posix.normalize(dirname(order.manifest)); ; folder = posix.dirname(folder)) {
    const path = join(folder, POLICY_NAME);
    if (snapshot.holds(path) && snapshot.idOf(path) !== undefined) return path;
    if (folder === '.' || folder === '/' || folder === posix.dirname(folder) || !snapshot.holds(folder)) break;
  }
  const now = await findPolicy(world.root, order.manifest, {});
  return now !== undefined && !snapshot.holds(now) ? undefined : '';
}

/** What the manifest obliged to before, and what stood of it. */
export interface ContractBefore {
  readonly commit: string;
  readonly manifest: ReadManifest;
  /** Statuses settled. */
  readonly contract: Contract;
  readonly inspection: Inspection;
}

/** Derives and examines the base as the head was; files that both have are not read again. */
export async function contractBefore(
  order: ManifestOrder,
  before: Before,
  now: { readonly gathered: Gathered; readonly deterministic: boolean; readonly readings?: Readings; readonly programs?: Programs },
  shelves: Shelves,
): Promise<{ readonly value?: ContractBefore; readonly losses: readonly string[] }> {
  const { snapshot, manifest } = before;
  if (snapshot === undefined || manifest === undefined) return { losses: [] };
  const options = { profile: order.profile, deterministic: now.deterministic, ...given({ semantic: now.gathered.capabilityIndex }) };
  const derived = deriveContract(manifest, shelves.types, options);
  try {
    const inspection = await examineArtifacts(derived, shelves.types, {
      existing: order.existing,
      declared: order.declared,
      present: new Set(declaredPaths(order.existing).filter((path) => snapshot.idOf(path) !== undefined)),
      rules: (before.policy ?? DEFAULT_POLICY).artifacts,
      files: { read: (path) => readSnapshotText(snapshot, path), exists: snapshot.has, mark: snapshot.idOf },
      ...given({ readings: now.readings, programs: now.programs, tree: now.gathered.tree && snapshot.tree(now.gathered.tree.dir) }),
    });
    return { value: { commit: snapshot.commit, manifest, contract: settleContract(derived, inspection), inspection }, losses: [] };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { losses: [`${error.message}. The artifacts were not compared, so nothing counts as caused by this change.`] };
  }
}

async function readSnapshotText(snapshot: Snapshot, path: string) {
  const bytes = await snapshot.read(path);
  return bytes === undefined ? ({ ok: false, message: `${path} was not in the base.` } as const) : textOf(bytes, path);
}

/** Readings of the head, kept for the base. */
export function openReadings(): Readings {
  return { known: new Map(), markOf: blobIdOf };
}

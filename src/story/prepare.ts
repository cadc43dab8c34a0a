import type { Contract, Profile } from '../contract/contract.ts';
import { deriveContract } from '../contract/derive-contract.ts';
import type { Inspection } from '../contract/inspection.ts';
import { settleContract } from '../contract/settle-contract.ts';
import type { ExportInput, ExportSettings } from '../export/export-input.ts';
import { portableDeclaration } from '../export/paths.ts';
import { type ForcedSetting, judgeStrictness, type Refusal, type StrictRules, strictSettings } from '../export/strictness.ts';
import type { KnownWaiver, WorkFacts } from '../gatekeeper/work.ts';
import { sourceDateEpoch } from '../host/clock.ts';
import { gitFacts } from '../host/git.ts';
import { given } from '../host/given.ts';
import { idsOf } from '../host/ids.ts';
import { nodeVersion } from '../host/runtime.ts';
import { isThereIn, readText } from '../host/texts.ts';
import type { Ids, World } from '../host/world.ts';
import { type ExamineOptions, examineArtifacts } from '../inspect/examine-artifacts.ts';
import { DEFAULT_POLICY, type Policy } from '../manifest/policy.ts';
import { readStrictly } from '../manifest/strict.ts';
import { buildPlan } from '../plan/build-plan.ts';
import type { Plan } from '../plan/plan.ts';
import type { Shelves } from '../shelves.ts';
import type { Baseline } from './base-side.ts';
import { type Before, type ContractBefore, contractBefore, NOTHING_BEFORE, openReadings, readBefore } from './before.ts';
import { effectivePolicy } from './effective-policy.ts';
import { openPrograms } from './field-programs.ts';
import { type Gathered, type GatherOutcome, gather } from './gather.ts';
import { knownNames } from './known-names.ts';
import { workFacts } from './work-facts.ts';

/** What one manifest's export is asked to be. Paths as given; a toggle that is absent is the policy's to decide. */
export interface ManifestOrder {
  readonly manifest: string;
  readonly outputDir: string;
  readonly namespace: string;
  readonly profile: Profile;
  readonly format: 'yaml' | 'json';
  readonly existing: readonly string[];
  /** The tree to look in; absent for none. */
  readonly scan?: string;
  /** Whether a declared file that is not there still counts (`export`, like the reference) or not (`run`, `audit`). */
  readonly declared: 'trusted' | 'checked';
  readonly taskMapping?: string;
  readonly serviceMetadata?: string;
  readonly projectId?: string;
  readonly config?: string;
  readonly minCoverage?: number;
  readonly strict?: boolean;
  readonly deterministic?: boolean;
  readonly emitQualityReport?: boolean;
  readonly emitRunProvenance?: boolean;
  readonly emitProvenance: boolean;
  readonly embedProvenance: boolean;
  readonly emitOnboarding: boolean;
  /** Absent: the policy's. */
  readonly writeStrategy?: 'update_existing' | 'new_output';
  readonly dryRun: boolean;
  /** The arguments as typed. */
  readonly argv: readonly string[];
  /** The files found are also read: are they valid and true, and were they before? Absent where found is enough. */
  readonly judged?: {
    readonly baseline: Baseline;
    /** A change is judged, and not the state of a branch. */
    readonly proposed: boolean;
    readonly fork: boolean;
    /** Absent: the policy's. */
    readonly coveragePolicy?: WorkFacts['coveragePolicy'];
  };
}

/** A manifest understood, its contract derived and settled with what exists, the work planned; nothing written. */
export interface Prepared {
  readonly state: 'prepared';
  readonly gathered: Gathered;
  readonly contract: Contract;
  readonly plan: Plan;
  readonly input: ExportInput;
  /** Empty unless strict quality will not have this export. */
  readonly refusals: readonly Refusal[];
  /** What strict quality turned on that was off, one sentence each. */
  readonly forced: readonly string[];
  /** As it counts here, its parts from before and after a change put together. */
  readonly policy: Policy;
  /** Of this manifest's run and trace. */
  readonly ids: Ids;
  readonly inspection: Inspection;
  /** Absent where found was enough. */
  readonly work?: WorkFacts;
  readonly before: Before;
  /** Absent where there is nothing to compare with. */
  readonly contractBefore?: ContractBefore;
  readonly waivers: readonly KnownWaiver[];
  /** What could not be compared, one sentence each. */
  readonly losses: readonly string[];
}

export type PrepareOutcome =
  | Prepared
  | Exclude<GatherOutcome, { state: 'gathered' | 'faulty' }>
  | (Extract<GatherOutcome, { state: 'faulty' }> & { readonly before?: Before });

/** manifest → contract → what exists → plan, and everything the files of the export are made of. */
export async function prepare(asked: ManifestOrder, world: World, shelves: Shelves): Promise<PrepareOutcome> {
  const startedAt = world.clock.now();
  const order = { ...asked, existing: asked.existing.map((declaration) => portableDeclaration(world.root, declaration)) };
  const known = knownNames(shelves);
  const outcome = await gather({ ...order, known, wantsOnboarding: order.profile === 'observability' }, world);
  if (outcome.state === 'unreadable') return outcome;
  const { judged } = order;
  const before = judged ? await readBefore(order, judged.baseline, known, world) : NOTHING_BEFORE;
  if (outcome.state === 'faulty') return { ...outcome, before };
  const { gathered } = outcome;
  world.expect?.(gathered.parsed.manifest.spec.targets.length);
  const ids = idsOf(world, gathered.parsed.source.sha256);
  const now = gathered.policy?.value ?? DEFAULT_POLICY;
  const { policy, waivers, notices } = effectivePolicy({
    now,
    proposed: judged?.proposed ?? false,
    fork: judged?.fork ?? false,
    ...given({ before: before.policy }),
  });
  const settled = settle(order, policy, gathered, world);
  const { settings } = settled;
  const read = settings.strict ? readStrictly(gathered.parsed) : gathered.parsed;
  if (!read.ok) return { state: 'faulty', parsed: read, policyFaults: gathered.policyWarnings, before };
  const shared = given({ readings: before.snapshot && openReadings(), programs: judged && openPrograms(world) });
  const { contract, inspection } = await owed(order, settings, gathered, now, shared, world, shelves);
  const earlier = await contractBefore(order, before, { gathered, deterministic: settings.deterministic, ...shared }, shelves);
  const refusals = [
    ...settled.refusals,
    ...(settings.strict
      ? judgeStrictness(
          { ...settings, ...given({ minCoverage: order.minCoverage }) },
          settled.rules,
          contract,
          gathered.auxiliary.taskMapping,
        )
      : []),
  ];
  const git = settings.emitProvenance || settings.embedProvenance ? await gitFacts(world.root) : undefined;
  const input: ExportInput = {
    contract,
    parsed: gathered.parsed,
    types: shelves.types,
    auxiliary: gathered.auxiliary,
    settings,
    refusals,
    previous: gathered.previous,
    inputs: gathered.inputs,
    startedAt,
    now: world.clock.now(),
    zone: sourceDateEpoch(world.env) === undefined ? 'local' : 'utc',
    runId: ids.uuid(),
    nodeVersion,
    ...given({ git }),
  };
  const work =
    judged &&
    workFacts({
      contract,
      inspection,
      locate: gathered.parsed.locate,
      policy,
      waivers,
      now: world.clock.now(),
      ...given({ before: earlier.value, coveragePolicy: judged.coveragePolicy, minCoverage: settings.minCoverage }),
    });
  return {
    state: 'prepared',
    ids,
    gathered: { ...gathered, notices: [...gathered.notices, ...notices] },
    contract,
    plan: buildPlan(contract, order.projectId),
    input,
    refusals,
    forced: settled.forced,
    policy,
    inspection,
    before,
    waivers,
    losses: [...before.losses, ...earlier.losses],
    ...given({ work, contractBefore: earlier.value }),
  };
}

async function owed(
  order: ManifestOrder,
  settings: ExportSettings,
  gathered: Gathered,
  policy: Policy,
  shared: Pick<ExamineOptions, 'readings' | 'programs'>,
  world: World,
  shelves: Shelves,
): Promise<{ readonly contract: Contract; readonly inspection: Inspection }> {
  const { parsed, capabilityIndex, tree, present } = gathered;
  const options = { profile: order.profile, deterministic: settings.deterministic, ...given({ semantic: capabilityIndex }) };
  const derived = deriveContract(parsed, shelves.types, options);
  const inspection = await examineArtifacts(derived, shelves.types, {
    existing: order.existing,
    declared: order.declared,
    present,
    rules: policy.artifacts,
    unjudged: order.judged === undefined,
    files: { read: (path) => readText(world.root, path, ARTIFACT_BYTES), exists: isThereIn(world.root) },
    ...shared,
    ...given({ tree }),
  });
  return { contract: settleContract(derived, inspection), inspection };
}

/** The longest artifact that is looked into. */
export const ARTIFACT_BYTES = 10 * 1024 * 1024;

interface Settled {
  readonly settings: ExportSettings;
  readonly rules: StrictRules;
  readonly refusals: readonly Refusal[];
  readonly forced: readonly string[];
}

/** Flag beats policy beats default (spec/manifest.md §15.3); strict quality forces what it must. */
function settle(order: ManifestOrder, policy: Policy, gathered: Gathered, world: World): Settled {
  const environment = (world.env['CONTEXTCORE_ENV'] ?? policy.defaultEnvironment).toLowerCase();
  const rules: StrictRules = {
    environment,
    thresholds: Object.fromEntries(policy.coverageThresholdsByEnv),
    scanPathAllowlist: policy.scanPathAllowlist,
    workspaceAllowed: order.judged !== undefined,
    pins: policy.schemaPins,
  };
  const strict = order.strict ?? policy.strictQualityDefault ?? false;
  const plain: ExportSettings = {
    root: world.root,
    path: order.manifest,
    outputDir: order.outputDir,
    namespace: order.namespace,
    format: order.format,
    existing: order.existing,
    strict,
    deterministic: order.deterministic ?? policy.deterministicOutputDefault,
    dryRun: order.dryRun,
    emitProvenance: order.emitProvenance,
    embedProvenance: order.embedProvenance,
    emitOnboarding: order.emitOnboarding,
    emitQualityReport: order.emitQualityReport ?? policy.emitQualityReportDefault,
    emitRunProvenance: order.emitRunProvenance ?? policy.emitRunProvenanceDefault,
    writeStrategy: order.writeStrategy ?? policy.documentWriteStrategyDefault,
    cliArgs: order.argv,
    policy: { environment, scanPathAllowlist: policy.scanPathAllowlist, ...given({ path: gathered.policy?.path }) },
    ...given({
      minCoverage: order.minCoverage ?? policy.minCoverage,
      scanExisting: order.scan,
      taskMapping: order.taskMapping,
      serviceMetadata: order.serviceMetadata,
    }),
  };
  if (!strict) return { settings: plain, rules, refusals: ciRefusal(policy, world), forced: [] };
  const held = strictSettings(plain, rules);
  return { settings: held.settings, rules, refusals: [], forced: held.forced.map((key) => FORCED[key]) };
}

const FORCED: Readonly<Record<ForcedSetting, string>> = {
  emitProvenance: 'Strict quality writes provenance.json too (--emit-provenance).',
  embedProvenance: 'Strict quality puts the provenance into the artifact manifest (--embed-provenance).',
  emitRunProvenance: 'Strict quality writes run-provenance.json, which was turned off.',
};

/** Only where the policy asks for it does a CI environment forbid relaxed quality (spec/manifest.md §15.4; design.md, Strict quality). */
function ciRefusal(policy: Policy, { env }: World): readonly Refusal[] {
  const isOn = (name: string) => /^(1|true|yes)$/i.test(env[name] ?? '');
  if (!policy.forbidNoStrictQualityInCi || !isOn('CI') || isOn(policy.ciBootstrapEnvVar)) return [];
  const message = `The policy forbids an export without strict quality in CI (forbid_no_strict_quality_in_ci); turn strict quality on, or set ${policy.ciBootstrapEnvVar}=1 for a bootstrap job.`;
  return [{ code: 'relaxed-in-ci', message }];
}

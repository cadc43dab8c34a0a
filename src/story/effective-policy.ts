import type { KnownWaiver } from '../gatekeeper/work.ts';
import { DEFAULT_POLICY, type Policy, type Waiver } from '../manifest/policy.ts';

export interface PolicySides {
  readonly now: Policy;
  /** Absent where it is not known. */
  readonly before?: Policy;
  /** A change is judged, and not the state of a branch. */
  readonly proposed: boolean;
  /** The change comes from another repository. */
  readonly fork: boolean;
}

export interface EffectivePolicy {
  readonly policy: Policy;
  readonly waivers: readonly KnownWaiver[];
  /** What the change says about judging and what does not count yet, a sentence. */
  readonly notices: readonly string[];
}

/**
 * Which part of the policy counts from which side (design.md, Policy): what judges comes from before the change, so that a change cannot judge itself; path
 * rules come from now, since they can only find; a waiver that the change adds counts unless it comes from another repository.
 */
export function effectivePolicy({ now, before, proposed, fork }: PolicySides): EffectivePolicy {
  if (before !== undefined)
    return { policy: judgedBy(before, now), waivers: datedWaivers(now, before, fork), notices: deferredParts(now, before) };
  // A stranger's policy judges nothing while the base's is unknown.
  const isStrange = proposed && fork;
  return {
    policy: isStrange ? judgedBy(DEFAULT_POLICY, now) : now,
    waivers: now.waivers.map((waiver) => ({ ...waiver, added: false, counts: !isStrange })),
    notices: [],
  };
}

/** The parts that judge, in the spelling of the file. */
const JUDGING = {
  gates: 'gates',
  customGates: 'custom-gates',
  coveragePolicy: 'coverage-policy',
  minCoverage: 'min-coverage',
  strictQualityDefault: 'strict_quality_default',
  forbidNoStrictQualityInCi: 'forbid_no_strict_quality_in_ci',
  ciBootstrapEnvVar: 'ci_bootstrap_env_var',
  coverageThresholdsByEnv: 'coverage_thresholds_by_env',
  defaultEnvironment: 'default_environment',
  scanPathAllowlist: 'scan_path_allowlist',
  schemaPins: 'schema_pins',
} as const satisfies Partial<Record<keyof Policy, string>>;

/** Whoever writes a gate wants to know why it was not asked. */
function deferredParts(now: Policy, before: Policy): readonly string[] {
  const keys = Object.keys(JUDGING) as (keyof typeof JUDGING)[];
  const changed = keys.filter((key) => wordsOf(now[key]) !== wordsOf(before[key])).map((key) => JUDGING[key]);
  if (changed.length === 0) return [];
  return [
    `This change also changes what the policy says under ${changed.join(', ')}; it is judged by the policy as it was before, and the new words count from the merge on.`,
  ];
}

/** A value without its places, which move with every line. */
function wordsOf(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => (key === 'place' ? undefined : part instanceof Map ? [...part] : part)) ?? '';
}

/** Everything that says what is wrong and how grave; what only says how files are written stays the change's own. */
function judgedBy(judge: Policy, own: Policy): Policy {
  const parts = (policy: Policy, judging: boolean) => Object.entries(policy).filter(([key]) => Object.hasOwn(JUDGING, key) === judging);
  return Object.fromEntries([...parts(own, false), ...parts(judge, true)]) as unknown as Policy;
}

/** A waiver that says anything else than before is a new one; of a stranger's change the earlier wording goes on counting. */
function datedWaivers(now: Policy, before: Policy, fork: boolean): readonly KnownWaiver[] {
  const earlier = new Set(before.waivers.map(wordingOf));
  const added = now.waivers.filter((waiver) => !earlier.has(wordingOf(waiver)));
  const kept = now.waivers.filter((waiver) => earlier.has(wordingOf(waiver)));
  const reworded = new Set(added.map(subjectOf));
  const withdrawn = fork
    ? before.waivers.filter((waiver) => reworded.has(subjectOf(waiver)) && !kept.some((one) => wordingOf(one) === wordingOf(waiver)))
    : [];
  return [
    ...[...kept, ...withdrawn].map((waiver) => ({ ...waiver, added: false, counts: true })),
    ...added.map((waiver) => ({ ...waiver, added: true, counts: !fork })),
  ];
}

function wordingOf({ gate, artifact, reason, owner, expires }: Waiver): string {
  return JSON.stringify([gate, artifact, reason, owner, expires]);
}

function subjectOf({ gate, artifact }: Waiver): string {
  return JSON.stringify([gate, artifact]);
}

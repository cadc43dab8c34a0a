import type { Place } from '../host/place.ts';
import type { Criticality, Locate, Manifest } from '../manifest/manifest.ts';

/** Something that a project promised before a change and promises less of after it. */
export interface WeakenedPromise {
  readonly code: 'objective_loosened' | 'criticality_lowered' | 'target_dropped' | 'risk_dropped' | 'channel_dropped';
  /** Dotted path of the field, or the target's name. */
  readonly ref: string;
  readonly before: string;
  /** Empty when it is gone. */
  readonly after: string;
  /** One sentence for a reviewer. */
  readonly message: string;
  /** In the manifest as it is now. */
  readonly place: Place;
}

/** What a manifest promises less than its earlier version did: looser objectives, a lower criticality, targets, risks and channels that are gone. */
export function comparePromises(before: Manifest, after: Manifest, locate: Locate): readonly WeakenedPromise[] {
  return [
    ...loosenedRequirements(before, after, locate),
    ...loosenedKeyResults(before, after, locate),
    ...loweredCriticality(before, after, locate),
    ...droppedTargets(before, after, locate),
    ...dropped('risk_dropped', 'risk', 'spec.risks', risksOf(before), risksOf(after), locate),
    ...dropped('channel_dropped', 'alert channel', 'spec.observability.alertChannels', channelsOf(before), channelsOf(after), locate),
  ];
}

interface Objective {
  readonly key: 'availability' | 'latencyP50' | 'latencyP99' | 'errorBudget' | 'throughput';
  readonly noun: string;
  /** A number that is larger the more is promised; undefined for what cannot be compared. */
  readonly strength: (text: string) => number | undefined;
}

const OBJECTIVES: readonly Objective[] = [
  { key: 'availability', noun: 'availability', strength: (text) => numberOf(text) },
  { key: 'latencyP50', noun: 'median latency', strength: (text) => negative(milliseconds(text)) },
  { key: 'latencyP99', noun: 'latency of the 99th percentile', strength: (text) => negative(milliseconds(text)) },
  { key: 'errorBudget', noun: 'error budget', strength: (text) => negative(numberOf(text)) },
  { key: 'throughput', noun: 'throughput', strength: perSecond },
];

function loosenedRequirements(before: Manifest, after: Manifest, locate: Locate): readonly WeakenedPromise[] {
  return OBJECTIVES.flatMap(({ key, noun, strength }) => {
    const [was, is] = [before.spec.requirements?.[key], after.spec.requirements?.[key]];
    if (was === undefined || was === is) return [];
    const [strong, weak] = [strength(was), is === undefined ? undefined : strength(is)];
    if (is !== undefined && (strong === undefined || weak === undefined || weak >= strong)) return [];
    const ref = `spec.requirements.${key}`;
    const message =
      is === undefined
        ? `This change takes the objective for ${noun} away; it was ${was}.`
        : `This change loosens the objective for ${noun} from ${was} to ${is}.`;
    return [{ code: 'objective_loosened', ref, before: was, after: is ?? '', message, place: locate(ref) }];
  });
}

function loosenedKeyResults(before: Manifest, after: Manifest, locate: Locate): readonly WeakenedPromise[] {
  const earlier = new Map(keyResults(before).map((result) => [result.name, result]));
  return keyResults(after).flatMap(({ name, target, operator, path }) => {
    const was = earlier.get(name);
    const sense = directionOf(operator);
    if (was === undefined || sense === 0 || operator !== was.operator) return [];
    // Of two infinities the difference is no number.
    if (Object.is(target, was.target) || (target - was.target) * sense >= 0) return [];
    const message = `This change loosens the key result ${name} from ${was.operator} ${was.target} to ${operator} ${target}.`;
    return [{ code: 'objective_loosened', ref: path, before: String(was.target), after: String(target), message, place: locate(path) }];
  });
}

interface NamedResult {
  readonly name: string;
  readonly target: number;
  readonly operator: string;
  readonly path: string;
}

function keyResults({ strategy }: Manifest): readonly NamedResult[] {
  return strategy.objectives.flatMap(({ id, keyResults }, i) =>
    keyResults.map(({ metricKey, target, targetOperator = '' }, j) => ({
      name: `${id}/${metricKey}`,
      target,
      operator: targetOperator,
      path: `strategy.objectives.${i}.keyResults.${j}.target`,
    })),
  );
}

/** 1 where more is better, -1 where less is, 0 where it cannot be told. */
function directionOf(operator: string): number {
  if (/^(>|gt)/.test(operator)) return 1;
  return /^(<|lt)/.test(operator) ? -1 : 0;
}

const RANK: Readonly<Record<Criticality, number>> = { critical: 3, high: 2, medium: 1, low: 0 };

function loweredCriticality(before: Manifest, after: Manifest, locate: Locate): readonly WeakenedPromise[] {
  const [was, is] = [before.spec.business?.criticality, after.spec.business?.criticality];
  if (was === undefined || (is !== undefined && RANK[is] >= RANK[was])) return [];
  const ref = 'spec.business.criticality';
  const message =
    is === undefined
      ? `This change takes the criticality away; it was ${was}.`
      : `This change lowers the criticality from ${was} to ${is}, so that less is required.`;
  return [{ code: 'criticality_lowered', ref, before: was, after: is ?? '', message, place: locate(ref) }];
}

function droppedTargets(before: Manifest, after: Manifest, locate: Locate): readonly WeakenedPromise[] {
  const names = (manifest: Manifest) => manifest.spec.targets.map(({ name }) => name);
  return dropped('target_dropped', 'target', 'spec.targets', names(before), names(after), locate, ': nothing is owed for it any more');
}

function dropped(
  code: WeakenedPromise['code'],
  noun: string,
  path: string,
  before: readonly string[],
  after: readonly string[],
  locate: Locate,
  consequence = '',
): readonly WeakenedPromise[] {
  const still = new Set(after);
  return [...new Set(before)]
    .filter((name) => !still.has(name))
    .map((name) => ({
      code,
      ref: name,
      before: name,
      after: '',
      message: `This change drops the ${noun} "${name}"${consequence}.`,
      place: locate(path),
    }));
}

function risksOf({ spec }: Manifest): readonly string[] {
  return spec.risks.map(({ type, description }) => description ?? type);
}

function channelsOf({ spec }: Manifest): readonly string[] {
  return spec.observability?.alertChannels ?? [];
}

function numberOf(text: string): number | undefined {
  const number = Number.parseFloat(text);
  return Number.isFinite(number) ? number : undefined;
}

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function milliseconds(text: string): number | undefined {
  const [, number, unit] = /^([\d.]+)(ms|s|m|h)$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (MILLISECONDS[unit ?? ''] ?? Number.NaN);
}

function perSecond(text: string): number | undefined {
  const [, number, unit] = /^([\d.]+)([rq]p[sm])$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) / (unit?.endsWith('m') ? 60 : 1);
}

function negative(number: number | undefined): number | undefined {
  return number === undefined ? undefined : -number;
}

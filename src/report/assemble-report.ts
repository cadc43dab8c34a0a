import { percentOf } from '../contract/coverage.ts';
import type { Verdict } from '../gatekeeper/verdict.ts';
import type { Emission, EmissionState } from '../telemetry/emission.ts';
import type { Entry, Report } from './report.ts';
import { count, enumerate } from './words.ts';

export interface ReportInput {
  /** The product's own version. */
  readonly version: string;
  readonly mode: Report['mode'];
  /** UTC, RFC 3339. */
  readonly generatedAt: string;
  readonly entries: readonly Entry[];
  readonly verdict: Verdict;
  /** The coverage that was asked for, 0–100. */
  readonly minimum?: number;
  readonly losses: readonly string[];
}

/** Puts everything a run learned into the one value that reporters see, with the sums over its manifests. */
export function assembleReport(input: ReportInput): Report {
  const { version, mode, generatedAt, entries, verdict, minimum, losses } = input;
  const coverage = sumCoverage(entries, minimum);
  return {
    tool: { name: 'export-tasks', version },
    mode,
    generatedAt,
    verdict,
    entries,
    emission: sumEmission(entries.map((entry) => entry.emission)),
    ...(coverage === undefined ? {} : { coverage }),
    losses,
  };
}

function sumCoverage(entries: readonly Entry[], minimum: number | undefined): Report['coverage'] {
  const covered = entries.flatMap((entry) => entry.coverage ?? []);
  if (covered.length === 0) return undefined;
  const totalRequired = sum(covered, (coverage) => coverage.totalRequired);
  const totalExisting = sum(covered, (coverage) => coverage.totalExisting);
  return {
    totalRequired,
    totalExisting,
    overallCoverage: percentOf(totalExisting, totalRequired),
    gaps: sum(covered, (coverage) => coverage.gaps.length),
    ...(minimum === undefined ? {} : { minimum }),
    ...coverageBefore(entries),
  };
}

/** A sum over sides of which one is missing would compare nothing. */
function coverageBefore(entries: readonly Entry[]): { readonly before?: number } {
  const measured = entries.filter((entry) => entry.coverage !== undefined);
  const sides = measured.flatMap((entry) => entry.before ?? []);
  if (sides.length === 0 || sides.length < measured.length) return {};
  return {
    before: percentOf(
      sum(sides, (side) => side.totalExisting),
      sum(sides, (side) => side.totalRequired),
    ),
  };
}

function sumEmission(emissions: readonly Emission[]): Report['emission'] {
  return {
    state: commonState(emissions),
    reason: commonReason(emissions),
    drafted: sum(emissions, (emission) => emission.drafted),
    sent: sum(emissions, (emission) => emission.sent),
    spooled: sum(emissions, (emission) => emission.spooled),
    lost: sum(emissions, (emission) => emission.lost),
    traceIds: [...new Set(emissions.flatMap((emission) => emission.traceIds))],
  };
}

/** What is true of every trace that was drafted; `partial` as soon as they fared differently. */
function commonState(emissions: readonly Emission[]): EmissionState {
  const states = new Set(emissions.map((emission) => emission.state).filter((state) => state !== 'none'));
  const [only] = states;
  if (only === undefined) return 'none';
  return states.size === 1 ? only : 'partial';
}

const FATE: Readonly<Record<EmissionState, string>> = {
  sent: 'sent',
  partial: 'sent in part',
  spooled: 'kept in the spool',
  previewed: 'only previewed',
  lost: 'lost',
  none: 'not drafted',
};

function commonReason(emissions: readonly Emission[]): string {
  const reasons = new Set(emissions.map((emission) => emission.reason));
  const [only] = reasons;
  if (only === undefined) return 'There was no manifest, so no trace was drafted.';
  if (reasons.size === 1) return only;
  const byState = Map.groupBy(emissions, (emission) => emission.state);
  const fates = [...byState].map(([state, alike]) => `${alike.length} ${alike.length === 1 ? 'was' : 'were'} ${FATE[state]}`);
  return `Of ${count(emissions.length, 'trace')}, one for each manifest, ${enumerate(fates)}.`;
}

function sum<T>(values: readonly T[], amount: (value: T) => number): number {
  return values.reduce((total, value) => total + amount(value), 0);
}

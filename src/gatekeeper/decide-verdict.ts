import { compareCodePoints } from '../host/code-points.ts';
import type { Fault } from '../manifest/manifest.ts';
import type { Evidence, GateResult, Level } from './gate.ts';
import type { GateLevel } from './gate-result.ts';
import type { FailOn, Finding, Verdict } from './verdict.ts';

export interface VerdictInput {
  /** Faults and warnings of the manifest. */
  readonly manifest?: readonly Fault[];
  /** Faults and warnings of the policy file. */
  readonly policy?: readonly Fault[];
  readonly results: readonly GateResult[];
  readonly failOn: FailOn;
  /** Levels of the policy file by gate key; they replace a failed gate's own. */
  readonly levels?: ReadonlyMap<string, GateLevel>;
}

/**
 * Turns faults and gate results into ranked findings, and says what they come to (design.md, Levels). Errors in the manifest or the policy are critical; a
 * crashed gate blocks; a skipped one is no finding. Whether findings exist and whether the step fails are told apart.
 */
export function decideVerdict(input: VerdictInput): Verdict {
  const findings = [
    ...(input.manifest ?? []).map((fault) => faultFinding('manifest', fault)),
    ...(input.policy ?? []).map((fault) => faultFinding('policy', fault)),
    ...input.results.flatMap((result) => gateFindings(result, input.levels?.get(result.gate))),
  ].sort(byRank);
  const counts = { critical: 0, error: 0, warning: 0, notice: 0 };
  for (const finding of findings) counts[finding.level] += 1;
  const verdict = counts.critical > 0 ? 'block' : counts.error + counts.warning > 0 ? 'warn' : 'pass';
  return { verdict, failOn: input.failOn, fails: reaches(counts, input.failOn), counts, findings };
}

/** Critical when the failure stops the pipeline, error when it is one without stopping it, else a warning. */
export function levelOf(result: Pick<GateResult, 'outcome' | 'severity' | 'blocking'>): Level {
  if (result.outcome === 'crashed' || result.severity === 'critical') return 'critical';
  if (result.outcome === 'fail' && result.severity === 'error') return result.blocking ? 'critical' : 'error';
  return 'warning';
}

function faultFinding(source: 'manifest' | 'policy', fault: Fault): Finding {
  return {
    code: `${source}/${fault.code}`,
    source,
    level: fault.severity === 'error' ? 'critical' : 'warning',
    message: fault.message,
    ...(fault.suggestion !== undefined && { nextAction: `Perhaps "${fault.suggestion}" was meant.` }),
    ...(fault.excerpt !== undefined && { excerpt: fault.excerpt }),
    place: fault.place,
  };
}

function gateFindings(result: GateResult, policy: GateLevel | undefined): readonly Finding[] {
  if (result.outcome === 'skipped' || policy === 'off') return [];
  const failed = result.outcome === 'fail';
  const level = failed ? policy : undefined;
  const isTold = (item: Evidence) => (failed || result.severity !== 'info') && item.finding;
  const told = result.evidence.filter((item) => isTold(item) || item.advice);
  // A failure without any evidence is still one; a failure whose evidence only refers to other gates is theirs to tell.
  if (result.outcome === 'crashed' || (failed && result.evidence.length === 0)) return [wholeGate(result, level ?? levelOf(result))];
  return told.map((item) => evidenceFinding(result, item, item.finding ? (level ?? item.level ?? levelOf(result)) : 'notice'));
}

function wholeGate(result: GateResult, level: Level): Finding {
  const code = result.outcome === 'crashed' ? 'crashed' : 'failed';
  return { code: `${result.gate}/${code}`, source: 'gate', gate: result.gate, level, message: result.reason, ...nextAction(result) };
}

function evidenceFinding(result: GateResult, item: Evidence, level: Finding['level']): Finding {
  return {
    code: `${result.gate}/${item.type}`,
    source: 'gate',
    gate: result.gate,
    level,
    message: item.description || `${item.type}: ${item.ref}`,
    ...nextAction(result),
    ...(item.artifact !== undefined && { artifact: item.artifact }),
    ...(item.place && { place: item.place }),
  };
}

function nextAction(result: GateResult): { readonly nextAction?: string } {
  return result.outcome === 'pass' || !result.nextAction ? {} : { nextAction: result.nextAction };
}

const RANK: Readonly<Record<Finding['level'], number>> = { critical: 0, error: 1, warning: 2, notice: 3 };

function reaches(counts: Readonly<Record<Finding['level'], number>>, failOn: FailOn): boolean {
  if (failOn === 'never') return false;
  return counts.critical + (failOn === 'critical' ? 0 : counts.error) + (failOn === 'warning' ? counts.warning : 0) > 0;
}

/** Gravest first, then by file and line; what has no place comes last, in the order in which it was found. */
function byRank(a: Finding, b: Finding): number {
  return RANK[a.level] - RANK[b.level] || byPlace(a, b);
}

function byPlace(a: Finding, b: Finding): number {
  if (!a.place || !b.place) return Number(!a.place) - Number(!b.place);
  return compareCodePoints(a.place.file, b.place.file) || a.place.line - b.place.line || (a.place.column ?? 0) - (b.place.column ?? 0);
}

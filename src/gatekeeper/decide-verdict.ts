import { compareCodePoints } from '../host/code-points.ts';
import { given } from '../host/given.ts';
import { meant } from '../host/nearest.ts';
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
  /** Only what this change caused fails the step. A file that cannot be read and a gate that broke always do. */
  readonly onlyNew?: boolean;
  /** Which faults this change made and which were there before, as far as that is known. */
  readonly dated?: ReadonlyMap<Fault, 'new' | 'known'>;
}

/**
 * Turns faults and gate results into ranked findings, and says what they come to (design.md, Levels). Errors in the manifest or the policy are critical; a
 * crashed gate blocks; a skipped one is no finding. Whether findings exist and whether the step fails are told apart.
 */
export function decideVerdict(input: VerdictInput): Verdict {
  const findings = [
    ...(input.manifest ?? []).map((fault) => faultFinding('manifest', fault, input.dated)),
    ...(input.policy ?? []).map((fault) => faultFinding('policy', fault, input.dated)),
    ...input.results.flatMap((result) => gateFindings(result, input.levels?.get(result.gate))),
  ].sort(byRank);
  const counts = countLevels(findings);
  const waived = findings.filter((finding) => finding.waived !== undefined).length;
  const verdict = counts.critical > 0 ? 'block' : counts.error + counts.warning + waived > 0 ? 'warn' : 'pass';
  const counted = input.onlyNew ? countLevels(findings.filter(isCounted)) : counts;
  const mended = input.results.flatMap((result) => result.evidence.filter(isMended).map((item) => evidenceFinding(result, item, 'notice')));
  return {
    verdict,
    failOn: input.failOn,
    fails: reaches(counted, input.failOn),
    counts,
    findings,
    ...(mended.length > 0 && { mended: mended.sort(byRank) }),
    ...(waived > 0 && { waived }),
    ...(input.onlyNew && { onlyNew: true }),
  };
}

function countLevels(findings: readonly Finding[]): Record<Finding['level'], number> {
  const counts = { critical: 0, error: 0, warning: 0, notice: 0 };
  for (const finding of findings) counts[finding.level] += 1;
  return counts;
}

function isCounted({ state, source, level, code }: Finding): boolean {
  return state === 'new' || (source !== 'gate' && level === 'critical' && state !== 'known') || code.endsWith('/crashed');
}

function isMended(item: Evidence): boolean {
  return item.state === 'mended';
}

/** Critical when the failure stops the pipeline, error when it is one without stopping it, else a warning. */
export function levelOf(result: Pick<GateResult, 'outcome' | 'severity' | 'blocking'>): Level {
  if (result.outcome === 'crashed' || result.severity === 'critical') return 'critical';
  if (result.outcome === 'fail' && result.severity === 'error') return result.blocking ? 'critical' : 'error';
  return 'warning';
}

function faultFinding(source: 'manifest' | 'policy', fault: Fault, dated: VerdictInput['dated']): Finding {
  const state = dated?.get(fault);
  return {
    code: `${source}/${fault.code}`,
    source,
    level: fault.severity === 'error' ? 'critical' : 'warning',
    message: fault.message,
    ...given({ nextAction: meant(fault.suggestion, fault.message) }),
    ...(fault.excerpt !== undefined && { excerpt: fault.excerpt }),
    ...(state && { state }),
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
    level: item.waived && level !== 'notice' ? 'notice' : level,
    message: item.description || `${item.type}: ${item.ref}`,
    ...(item.nextAction === undefined ? nextAction(result, item) : { nextAction: item.nextAction }),
    ...((item.state === 'new' || item.state === 'known') && { state: item.state }),
    ...(item.waived && level !== 'notice' && { waived: { ...item.waived, level } }),
    ...(item.first && { first: true }),
    ...(item.artifact !== undefined && { artifact: item.artifact }),
    ...(item.place && { place: item.place }),
  };
}

function nextAction(result: GateResult, item?: Evidence): { readonly nextAction?: string } {
  const isSettled = result.outcome === 'pass' || item?.state === 'mended' || item?.waived !== undefined;
  return isSettled || !result.nextAction ? {} : { nextAction: result.nextAction };
}

const RANK: Readonly<Record<Finding['level'], number>> = { critical: 0, error: 1, warning: 2, notice: 3 };

function reaches(counts: Readonly<Record<Finding['level'], number>>, failOn: FailOn): boolean {
  if (failOn === 'never') return false;
  return counts.critical + (failOn === 'critical' ? 0 : counts.error) + (failOn === 'warning' ? counts.warning : 0) > 0;
}

/** What must be seen, then gravest first, then by file and line; what has no place comes last, in the order in which it was found. */
function byRank(a: Finding, b: Finding): number {
  return Number(b.first ?? false) - Number(a.first ?? false) || RANK[a.level] - RANK[b.level] || byPlace(a, b);
}

function byPlace(a: Finding, b: Finding): number {
  if (!a.place || !b.place) return Number(!a.place) - Number(!b.place);
  return compareCodePoints(a.place.file, b.place.file) || a.place.line - b.place.line || (a.place.column ?? 0) - (b.place.column ?? 0);
}

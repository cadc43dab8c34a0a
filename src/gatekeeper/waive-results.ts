import { levelOf } from './decide-verdict.ts';
import type { Evidence, GateResult, Level } from './gate.ts';
import type { KnownWaiver } from './work.ts';

/**
 * Marks what waivers accept; a finding about no artifact goes by what it refers to. Such findings stay where they are and are counted apart, and what is left
 * decides how grave the gate's failure is. A waiver counts to the end of its day.
 */
export function waiveResults(results: readonly GateResult[], waivers: readonly KnownWaiver[], today: string): readonly GateResult[] {
  const alive = waivers.filter(({ counts, expires, gate }) => counts && expires >= today && gate !== 'waivers');
  if (alive.length === 0) return results;
  const byKey = new Map(alive.map((waiver) => [keyOf(waiver.gate, waiver.artifact), waiver]));
  return results.map((result) => (result.outcome === 'fail' ? waiveResult(result, byKey) : result));
}

function waiveResult(result: GateResult, waivers: ReadonlyMap<string, KnownWaiver>): GateResult {
  const evidence = result.evidence.map((item) => waive(result, item, waivers));
  const findings = evidence.filter((item) => item.finding);
  const waived = findings.filter((item) => item.waived !== undefined);
  if (waived.length === 0) return result;
  const share = waived.length === findings.length ? 'All of it' : `${waived.length} of ${findings.length} findings`;
  const reason = `${result.reason} ${share} waived.`;
  if (waived.length === findings.length) return { ...result, severity: 'warning', blocking: false, reason, evidence };
  const left = findings.filter((item) => item.waived === undefined).map((item) => item.level ?? levelOf(result));
  return { ...result, ...gravest(left), reason, evidence };
}

function waive(result: GateResult, item: Evidence, waivers: ReadonlyMap<string, KnownWaiver>): Evidence {
  const waiver = item.finding ? waivers.get(keyOf(result.gate, item.artifact ?? item.ref)) : undefined;
  if (waiver === undefined) return item;
  const { reason, owner, expires } = waiver;
  return { ...item, waived: { reason, owner, expires } };
}

function gravest(levels: readonly Level[]): Pick<GateResult, 'severity' | 'blocking'> {
  if (levels.includes('critical')) return { severity: 'critical', blocking: true };
  return { severity: levels.includes('error') ? 'error' : 'warning', blocking: false };
}

function keyOf(gate: string, artifact: string): string {
  return `${gate}\0${artifact}`;
}

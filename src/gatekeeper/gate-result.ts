import type { Gate, GateResult, Judgement, Level, Severity } from './gate.ts';

/** Who asked, for whom and when: what the engine adds to a judgement. */
export interface Occasion {
  readonly taskId: string;
  readonly traceId?: string;
  readonly checkedAt: string;
  readonly durationMs: number;
}

/** What a policy file can make of a gate's failure. */
export type GateLevel = Level | 'off';

/**
 * The result of a judgement. Here and nowhere else it is decided that a pass never blocks, and that a failure blocks only with the severity `error` or
 * `critical` (gates.md §7).
 */
export function resultOf(gate: Gate, judgement: Judgement, occasion: Occasion, level?: Level): GateResult {
  if (judgement.outcome === 'skipped') {
    return {
      ...headOf(gate, occasion),
      outcome: 'skipped',
      severity: 'info',
      blocking: false,
      reason: judgement.reason,
      evidence: [],
      skipCode: judgement.code,
    };
  }
  const { reason, evidence } = judgement;
  if (judgement.outcome === 'pass') {
    const severity = judgement.advisory ? 'warning' : 'info';
    const nextAction =
      judgement.nextAction ?? (judgement.advisory ? 'Nothing has to be done; look at what is noted here.' : 'Nothing has to be done.');
    return { ...headOf(gate, occasion), outcome: 'pass', severity, blocking: false, reason, nextAction, evidence };
  }
  const grave = gravity(gate, judgement, level);
  const graded = level === undefined ? evidence : evidence.map((item) => (item.level === undefined ? item : { ...item, level }));
  return { ...headOf(gate, occasion), outcome: 'fail', ...grave, reason, nextAction: judgement.nextAction, evidence: graded };
}

/** The result of a gate that threw: it blocks, since its question has no answer. */
export function crashOf(gate: Gate, thrown: unknown, occasion: Occasion): GateResult {
  const said = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return {
    ...headOf(gate, occasion),
    outcome: 'crashed',
    severity: 'critical',
    blocking: true,
    reason: `The gate "${gate.key}" broke before it could answer (${said.slice(0, 300)}). The fault is in export-tasks, not in this export.`,
    nextAction: `Report it together with the export; until it is mended, "gates: {${gate.key}: off}" in .contextcore-quality.yaml leaves the question out.`,
    evidence: [],
  };
}

function gravity(
  gate: Gate,
  judgement: Extract<Judgement, { outcome: 'fail' }>,
  level: Level | undefined,
): { readonly severity: Severity; readonly blocking: boolean } {
  if (level !== undefined) return { severity: level, blocking: level === 'critical' };
  const severity = judgement.severity ?? gate.fails.severity;
  const canBlock = severity === 'error' || severity === 'critical';
  return { severity, blocking: canBlock && (judgement.blocking ?? gate.fails.blocking) };
}

function headOf(gate: Gate, occasion: Occasion) {
  return {
    gate: gate.key,
    gateId: `${occasion.taskId}-${gate.key}`,
    phase: gate.phase,
    stage: gate.stage,
    group: gate.group,
    taskId: occasion.taskId,
    ...(occasion.traceId !== undefined && { traceId: occasion.traceId }),
    checkedAt: occasion.checkedAt,
    durationMs: occasion.durationMs,
  };
}

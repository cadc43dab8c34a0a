import type { GateResult } from '../gate.ts';
import type { GateResultPayload } from './fields.ts';

/** A gate's answer as the contract `GateResult` has it, nothing null (gates.md §1.2). Undefined for a skipped gate: the contract knows no third outcome. */
export function gateResultPayload(result: GateResult): GateResultPayload | undefined {
  if (result.outcome === 'skipped') return undefined;
  return {
    schema_version: 'v1',
    gate_id: result.gateId,
    ...(result.traceId !== undefined && { trace_id: result.traceId }),
    task_id: result.taskId,
    phase: result.phase,
    result: result.outcome === 'pass' ? 'pass' : 'fail',
    severity: result.severity,
    reason: result.reason,
    ...(result.nextAction !== undefined && { next_action: result.nextAction }),
    blocking: result.blocking,
    evidence: result.evidence.map(({ type, ref, description }) => ({ type, ref, description })),
    checked_at: result.checkedAt,
  };
}

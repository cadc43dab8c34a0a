import type { GateResult } from '../gatekeeper/gate.ts';
import { coverageOf, gapsOf, own, projectIdOf, sectionOf } from '../gatekeeper/read-subject.ts';
import type { Subject } from '../gatekeeper/subject.ts';

/** What `check` answers: the reference's report of Gate 1 with its missing keys added (gates.md §2.8). */
export interface CheckReport {
  readonly output_dir: string;
  readonly project_id: string;
  /** UTC with `+00:00`. */
  readonly checked_at: string;
  readonly total_gates: number;
  readonly passed: number;
  readonly failed: number;
  readonly blocking_failures: number;
  readonly is_healthy: boolean;
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly warnings: readonly string[];
  /** `gap-parity: why`, as the reference tells it. */
  readonly skipped: readonly string[];
  /** The same for programs, with the two gates of which the reference keeps silent. */
  readonly skipped_gates: readonly { readonly gate: string; readonly reason_code: string }[];
  readonly gates: readonly CheckedGate[];
}

export interface CheckedGate {
  readonly gate_id: string;
  readonly phase: string;
  readonly result: 'pass' | 'fail';
  readonly severity: string;
  readonly blocking: boolean;
  readonly reason: string;
  readonly next_action: string;
  readonly evidence: readonly { readonly type: string; readonly ref: string; readonly description: string }[];
  readonly task_id: string;
  readonly trace_id?: string;
  readonly checked_at: string;
  /** Where the pieces of evidence stand, by their index in `evidence`. */
  readonly locations: readonly { readonly evidence: number; readonly file: string; readonly line: number; readonly column?: number }[];
}

/** Gates that are left out without an entry in the reference's list of skipped ones. */
const SILENT: ReadonlySet<string> = new Set(['service-metadata', 'min-coverage']);

export function checkReport(subject: Subject, results: readonly GateResult[], checkedAt: Date): CheckReport {
  const judged = results.filter((result) => result.outcome !== 'skipped');
  const failed = judged.filter((result) => result.outcome !== 'pass');
  const blocking = failed.filter((result) => result.blocking);
  const skipped = results.filter((result) => result.outcome === 'skipped');
  return {
    output_dir: subject.exportDir,
    project_id: projectIdOf(subject),
    checked_at: checkedAt.toISOString().replace('Z', '+00:00'),
    total_gates: judged.length,
    passed: judged.length - failed.length,
    failed: failed.length,
    blocking_failures: blocking.length,
    is_healthy: blocking.length === 0,
    status: blocking.length > 0 ? 'unhealthy' : failed.length > 0 ? 'degraded' : 'healthy',
    warnings: warningsOf(subject),
    skipped: skipped.filter((result) => !SILENT.has(result.gate)).map((result) => `${result.gate}: ${result.reason}`),
    skipped_gates: skipped.map((result) => ({ gate: result.gate, reason_code: result.skipCode ?? 'input_absent' })),
    gates: judged.map(checkedGate),
  };
}

function checkedGate(result: GateResult): CheckedGate {
  return {
    gate_id: result.gateId,
    phase: result.phase,
    result: result.outcome === 'pass' ? 'pass' : 'fail',
    severity: result.severity,
    blocking: result.blocking,
    reason: result.reason,
    next_action: result.nextAction ?? '',
    evidence: result.evidence.map(({ type, ref, description }) => ({ type, ref, description })),
    task_id: result.taskId,
    ...(result.traceId !== undefined && { trace_id: result.traceId }),
    checked_at: result.checkedAt,
    locations: result.evidence.flatMap(({ place }, evidence) =>
      place ? [{ evidence, file: place.file, line: place.line, ...(place.column !== undefined && { column: place.column }) }] : [],
    ),
  };
}

/** What is worth a sentence though no gate fails by it (gates.md §2.5). Coverage is in percent (G-3). */
function warningsOf(subject: Subject): readonly string[] {
  const coverage = coverageOf(subject);
  const percent = own(coverage, 'overallCoverage') ?? 0;
  const required = own(coverage, 'totalRequired');
  const gaps = gapsOf(subject).ids.length;
  const warnings: string[] = [];
  if (sectionOf(subject, 'service_metadata').state === 'absent') {
    warnings.push(
      'The export has no service_metadata, so no later step knows over which protocol a service is reached; give it with --service-metadata.',
    );
  }
  if (typeof required !== 'number')
    warnings.push('The export does not say how many artifacts are required, so nothing is known of its coverage.');
  else if (percent === 0) warnings.push(`None of the ${required} required artifacts exists yet; ${gaps} are to be made in all.`);
  else if (typeof percent === 'number' && percent < 50)
    warnings.push(`Only ${percent} % of the ${required} required artifacts exist; ${gaps} are to be made in all.`);
  if (sectionOf(subject, 'artifact_task_mapping').state === 'absent') {
    warnings.push('The export has no artifact_task_mapping, so no gap is tied to a task; give it with --task-mapping.');
  }
  return warnings;
}

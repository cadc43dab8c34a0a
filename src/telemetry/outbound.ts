import type { Payload } from '../gatekeeper/contracts/fields.ts';
import { judgePayload, pathText } from '../gatekeeper/contracts/judge-payload.ts';
import type { ContractName } from '../gatekeeper/contracts/payload-report.ts';
import type { Phase } from '../gatekeeper/gate.ts';
import { A } from './attributes.ts';
import type { EventDraft } from './draft.ts';
import type { Checksums, StageDraft } from './draft-input.ts';
import type { SpanPlace } from './places.ts';
import { EVENT } from './registry.ts';

/** What a span says of its task, in the words of the TaskSpanContract (000 appendix A). */
export interface TaskStatement {
  readonly taskId: string;
  readonly parentId?: string;
  readonly phase: Phase;
  readonly status: Payload<'TaskSpanContract'>['status'];
  readonly metrics?: { readonly gap_count: number; readonly artifact_count: number };
  readonly blockedReason?: string;
  readonly nextAction?: string;
  readonly blockedOnSpanId?: string;
}

/** Holds the TaskSpanContract of a span before it leaves; what does not hold comes back as an event for the span, and as a warning. */
export function statedOutbound(draft: StageDraft, place: SpanPlace, statement: TaskStatement): readonly EventDraft[] {
  return heldOutbound(draft, 'TaskSpanContract', statement.taskId, {
    schema_version: 'v1',
    project_id: draft.input.plan.projectId,
    trace_id: place.traceId,
    span_id: place.spanId,
    task_id: statement.taskId,
    parent_task_id: statement.parentId,
    phase: statement.phase,
    status: statement.status,
    checksums: checksumFields(draft.input.checksums),
    metrics: statement.metrics,
    blocked_reason: statement.blockedReason,
    next_action: statement.nextAction,
    blocked_on_span_id: statement.blockedOnSpanId,
    timestamp: draft.timestamp,
  });
}

/** Holds any contract before it leaves. */
export function heldOutbound<Name extends ContractName>(
  draft: Pick<StageDraft, 'now' | 'warnings'>,
  name: Name,
  subject: string,
  payload: Payload<Name>,
): readonly EventDraft[] {
  const faults = judgePayload(name, payload).map(({ code, path }) => ({ code, path: pathText(path) }));
  if (faults.length === 0) return [];
  draft.warnings.push(`The ${name} of ${subject} does not hold: ${faults.map((fault) => `${fault.code} at ${fault.path}`).join(', ')}.`);
  const first = faults
    .slice(0, 3)
    .flatMap((fault, index) => [[`error.${index}.code`, fault.code] as const, [`error.${index}.path`, fault.path] as const]);
  return [
    {
      name: EVENT.outboundFailed,
      time: draft.now,
      attributes: { [A.contractName]: name, [A.direction]: 'outbound', [A.errorCount]: faults.length, ...Object.fromEntries(first) },
    },
  ];
}

/** The run's checksums as attributes of the epic and of every stage (001, 002). */
export function checksumAttributes({ source, artifactManifest, projectContext }: Checksums): Readonly<Record<string, string>> {
  return {
    ...(source ? { [A.inputSourceChecksum]: source } : {}),
    ...(artifactManifest ? { [A.inputArtifactManifestChecksum]: artifactManifest } : {}),
    ...(projectContext ? { [A.inputProjectContextChecksum]: projectContext } : {}),
  };
}

function checksumFields({ source, artifactManifest, projectContext }: Checksums) {
  return { source_checksum: source, artifact_manifest_checksum: artifactManifest, project_context_checksum: projectContext };
}

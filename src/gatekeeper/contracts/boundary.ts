import { isJsonObject } from '../../host/json.ts';
import type { ContractName, ErrorEnvelope, PayloadReport } from './payload-report.ts';
import { validatePayload } from './validate-payload.ts';

export type Direction = 'outbound' | 'inbound';

/** A payload that does not hold was stopped (gates.md §5). One JSON object a line is what a log query can find (G-22). */
export interface BoundaryFailure {
  readonly event_type: `handoff.validation.${Direction}.failed`;
  readonly contract_name: ContractName;
  readonly direction: Direction;
  readonly error_count: number;
  readonly errors: readonly ErrorEnvelope[];
  /** UTC, RFC 3339. */
  readonly timestamp: string;
}

/** A payload that holds has left, or has come in (D002). What identifies a hand-off is told where the payload is one. */
export interface BoundaryPassage {
  readonly event_type: 'handoff.emitted' | 'handoff.validated';
  readonly contract_name: ContractName;
  readonly direction: Direction;
  readonly handoff?: { readonly id: string; readonly from: string; readonly to: string; readonly capability_id: string };
  readonly timestamp: string;
}

export type BoundaryEvent = BoundaryFailure | BoundaryPassage;

/** Who hears of what crosses, and what time it is. */
export interface Boundary {
  readonly now: Date;
  readonly emit: (event: BoundaryEvent) => void;
}

/** A payload was stopped at the boundary. The message sums up the first three errors and counts the rest. */
export class BoundaryEnforcementError extends Error {
  override readonly name = 'BoundaryEnforcementError';
  readonly direction: Direction;
  readonly contract_name: ContractName;
  readonly report: PayloadReport;

  constructor(direction: Direction, report: PayloadReport) {
    super(summary(direction, report));
    this.direction = direction;
    this.contract_name = report.contract_name;
    this.report = report;
  }
}

/** The same payload, when it may leave. @throws BoundaryEnforcementError after the failure event was emitted. */
export function validateOutbound<Payload>(name: ContractName, payload: Payload, boundary: Boundary): Payload {
  return enforce('outbound', name, payload, boundary);
}

/** The same payload, when it may come in. @throws BoundaryEnforcementError after the failure event was emitted. */
export function validateInbound<Payload>(name: ContractName, payload: Payload, boundary: Boundary): Payload {
  return enforce('inbound', name, payload, boundary);
}

/** What the event says on a span: its name is `event_type`; of the errors the first three, codes and paths only. */
export function boundaryAttributes(event: BoundaryEvent): Readonly<Record<string, string | number>> {
  if ('error_count' in event) {
    const first = event.errors
      .slice(0, SHOWN)
      .flatMap(({ error_code, failed_path }, index) => [
        [`error.${index}.code`, error_code] as const,
        [`error.${index}.path`, failed_path] as const,
      ]);
    return { contract_name: event.contract_name, direction: event.direction, error_count: event.error_count, ...Object.fromEntries(first) };
  }
  const { handoff } = event;
  const known = handoff && {
    'handoff.id': handoff.id,
    'handoff.from': handoff.from,
    'handoff.to': handoff.to,
    'handoff.capability_id': handoff.capability_id,
  };
  return { 'handoff.contract': event.contract_name, 'handoff.direction': event.direction, ...known };
}

const SHOWN = 3;

function enforce<Payload>(direction: Direction, name: ContractName, payload: Payload, { now, emit }: Boundary): Payload {
  const report = validatePayload(name, payload);
  const head = { contract_name: report.contract_name, direction, timestamp: now.toISOString() };
  if (!report.is_valid) {
    emit({ event_type: `handoff.validation.${direction}.failed`, ...head, error_count: report.errors.length, errors: report.errors });
    throw new BoundaryEnforcementError(direction, report);
  }
  emit({ event_type: direction === 'outbound' ? 'handoff.emitted' : 'handoff.validated', ...head, ...handoffOf(name, payload) });
  return payload;
}

function handoffOf(name: ContractName, payload: unknown): Pick<BoundaryPassage, 'handoff'> {
  if (name !== 'HandoffContract' || !isJsonObject(payload)) return {};
  const { handoff_id, from_agent, to_agent, capability_id } = payload;
  return { handoff: { id: String(handoff_id), from: String(from_agent), to: String(to_agent), capability_id: String(capability_id) } };
}

function summary(direction: Direction, { contract_name, errors }: PayloadReport): string {
  const first = errors.slice(0, SHOWN).map(({ error_code, failed_path }) => `${error_code} at ${failed_path}`);
  const rest = errors.length > SHOWN ? ` and ${errors.length - SHOWN} more` : '';
  return `The ${direction} ${contract_name} does not hold: ${first.join(', ')}${rest}.`;
}

import { describe, expect, test } from '@jest/globals';
import {
  BoundaryEnforcementError,
  type BoundaryEvent,
  boundaryAttributes,
  validateInbound,
  validateOutbound,
} from '../../../src/gatekeeper/contracts/boundary.ts';
import { validatePayload } from '../../../src/gatekeeper/contracts/validate-payload.ts';
import { complete } from './samples.ts';

function watched() {
  const events: BoundaryEvent[] = [];
  return { events, boundary: { now: new Date('2026-01-15T09:30:00Z'), emit: (event: BoundaryEvent) => void events.push(event) } };
}

const stopped = (cross: () => unknown): BoundaryEnforcementError => {
  try {
    cross();
  } catch (error) {
    if (error instanceof BoundaryEnforcementError) return error;
  }
  throw new Error('nothing was stopped');
};

describe('the boundary', () => {
  test.each([
    [validateOutbound, 'handoff.emitted', 'outbound'],
    [validateInbound, 'handoff.validated', 'inbound'],
  ] as const)('lets the very same payload through and tells it', (cross, event_type, direction) => {
    const { events, boundary } = watched();
    expect(cross('HandoffContract', complete.HandoffContract, boundary)).toBe(complete.HandoffContract);
    expect(events).toEqual([
      {
        event_type,
        contract_name: 'HandoffContract',
        direction,
        timestamp: '2026-01-15T09:30:00.000Z',
        handoff: { id: 'h', from: 'a', to: 'b', capability_id: 'c' },
      },
    ]);
    expect(boundaryAttributes(events[0]!)).toEqual({
      'handoff.contract': 'HandoffContract',
      'handoff.direction': direction,
      'handoff.id': 'h',
      'handoff.from': 'a',
      'handoff.to': 'b',
      'handoff.capability_id': 'c',
    });
  });

  test.each([
    [validateOutbound, 'outbound'],
    [validateInbound, 'inbound'],
  ] as const)('tells a payload that does not hold, then throws', (cross, direction) => {
    const { events, boundary } = watched();
    const error = stopped(() => cross('ArtifactIntent', {}, boundary));
    const { errors } = validatePayload('ArtifactIntent', {});
    expect(errors).toHaveLength(6);
    expect(error).toMatchObject({ direction, contract_name: 'ArtifactIntent', report: { is_valid: false, errors } });
    expect(error.message).toMatch(/\/schema_version.*\/artifact_id.*\/artifact_type and 3 more\.$/);
    expect(events).toEqual([
      {
        event_type: `handoff.validation.${direction}.failed`,
        contract_name: 'ArtifactIntent',
        direction,
        error_count: 6,
        errors,
        timestamp: '2026-01-15T09:30:00.000Z',
      },
    ]);
  });

  test('puts the codes and paths of the first three errors on a span, and no value', () => {
    const { events, boundary } = watched();
    stopped(() => validateOutbound('ArtifactIntent', { owner: 'password: hunter2', task_id: 7 }, boundary));
    expect(boundaryAttributes(events[0]!)).toEqual({
      contract_name: 'ArtifactIntent',
      direction: 'outbound',
      error_count: 6,
      'error.0.code': 'MISSING_REQUIRED_FIELD',
      'error.0.path': '/schema_version',
      'error.1.code': 'MISSING_REQUIRED_FIELD',
      'error.1.path': '/artifact_id',
      'error.2.code': 'MISSING_REQUIRED_FIELD',
      'error.2.path': '/artifact_type',
    });
  });
});

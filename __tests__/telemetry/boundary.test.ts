import { describe, expect, test } from '@jest/globals';
import { checkOutbound } from '../../src/telemetry/boundary.ts';
import { checkTrace } from '../../src/telemetry/check-trace.ts';
import { draftSpans } from '../../src/telemetry/draft-spans.ts';
import { artifact, contractOf, shopInput } from './shop.ts';

const SPAN = { schema_version: 'v1', project_id: 'p', task_id: 't', phase: 'EXPORT_CONTRACT', status: 'not_started' };
const INTENT = {
  schema_version: 'v1',
  artifact_id: 'a',
  artifact_type: 'dashboard',
  owner: 'o',
  intent: 'create',
  parameter_sources: { source: 'none' },
};

describe('a contract that leaves', () => {
  test.each([
    ['TaskSpanContract', SPAN, []],
    ['TaskSpanContract', { ...SPAN, parent_task_id: undefined }, []],
    ['TaskSpanContract', { ...SPAN, project_id: '' }, [{ code: 'MIN_LENGTH_VIOLATION', path: '/project_id' }]],
    ['TaskSpanContract', { ...SPAN, phase: 'SOMEWHERE' }, [{ code: 'ENUM_MISMATCH', path: '/phase' }]],
    ['TaskSpanContract', { ...SPAN, trace_id: '0'.repeat(32) }, [{ code: 'PATTERN_MISMATCH', path: '/trace_id' }]],
    [
      'TaskSpanContract',
      { ...SPAN, metrics: { gap_count: -1, other: 1 } },
      [
        { code: 'VALUE_OUT_OF_RANGE', path: '/metrics/gap_count' },
        { code: 'UNKNOWN_FIELD', path: '/metrics' },
      ],
    ],
    ['TaskSpanContract', { ...SPAN, timestamp: 'today' }, [{ code: 'INVALID_FORMAT', path: '/timestamp' }]],
    [
      'TaskSpanContract',
      { ...SPAN, schema_version: 2 },
      [
        { code: 'WRONG_TYPE', path: '/schema_version' },
        { code: 'CONST_VIOLATION', path: '/schema_version' },
      ],
    ],
    ['ArtifactIntent', INTENT, []],
    ['ArtifactIntent', { ...INTENT, owner: undefined }, [{ code: 'MISSING_REQUIRED_FIELD', path: '/owner' }]],
    ['ArtifactIntent', { ...INTENT, parameter_sources: {} }, [{ code: 'EMPTY_OBJECT', path: '/parameter_sources' }]],
    ['ArtifactIntent', { ...INTENT, intent: 'destroy' }, [{ code: 'ENUM_MISMATCH', path: '/intent' }]],
    [
      'ArtifactIntent',
      { ...INTENT, output_convention: { output_path: 1 } },
      [{ code: 'WRONG_TYPE', path: '/output_convention/output_path' }],
    ],
  ] as const)('%s %j: %j', (name, payload, faults) => {
    expect(checkOutbound(name, payload)).toEqual(faults);
  });

  test('that does not hold is an event on its span and a warning, and the span still leaves', () => {
    const input = shopInput({ artifacts: [artifact('a-b', '')] });
    const drafts = draftSpans({ ...input, contract: contractOf([]) });
    const task = drafts.spans.find((span) => span.name === 'contextcore.task.task');
    expect(task?.events.find((event) => event.name === 'handoff.validation.outbound.failed')?.attributes).toEqual({
      contract_name: 'ArtifactIntent',
      direction: 'outbound',
      error_count: 1,
      'error.0.code': 'MIN_LENGTH_VIOLATION',
      'error.0.path': '/artifact_type',
    });
    expect(drafts.warnings).toEqual([expect.stringContaining('ArtifactIntent of a-b')]);
    expect(checkTrace(drafts.spans)).toEqual([]);
  });
});

describe('the registry', () => {
  const [epic] = draftSpans(shopInput()).spans;

  test.each([
    ['an unknown span', { name: 'x' }, 'unknown-span'],
    ['an unknown attribute', { attributes: { ...epic!.attributes, 'task.colour': 'red' } }, 'unknown-attribute'],
    ['an attribute of another span', { attributes: { ...epic!.attributes, 'artifact.id': 'a' } }, 'unknown-attribute'],
    ['a wrong type', { attributes: { ...epic!.attributes, 'coverage.total_gaps': 1.5 } }, 'wrong-type'],
    ['a double that is none', { attributes: { ...epic!.attributes, 'coverage.percent': Number.NaN } }, 'wrong-type'],
    [
      'a missing attribute',
      { attributes: Object.fromEntries(Object.entries(epic!.attributes).filter(([key]) => key !== 'task.id')) },
      'missing-attribute',
    ],
    ['an unknown event', { events: [{ name: 'x', time: 1n, attributes: {} }] }, 'unknown-event'],
    ['a wrong link', { links: [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), attributes: { 'link.type': 'likes' } }] }, 'wrong-link'],
    ['an id that is none', { spanId: '0'.repeat(16) }, 'bad-id'],
    ['an end before the start', { end: 1n }, 'bad-time'],
  ])('finds %s', (_, change, code) => {
    expect(checkTrace([{ ...epic!, ...change }]).map((fault) => fault.code)).toEqual([code]);
  });
});

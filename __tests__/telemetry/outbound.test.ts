import { describe, expect, test } from '@jest/globals';
import { checkTrace } from '../../src/telemetry/check-trace.ts';
import { draftSpans } from '../../src/telemetry/draft-spans.ts';
import { artifact, contractOf, shopInput } from './shop.ts';

describe('a contract that leaves', () => {
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

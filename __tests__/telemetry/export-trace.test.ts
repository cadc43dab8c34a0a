import { describe, expect, test } from '@jest/globals';
import { readExportTrace } from '../../src/telemetry/export-trace.ts';

const TRACE = 'a1'.repeat(16);
const OTHER = 'b2'.repeat(16);
const EPIC = 'c3'.repeat(8);
const TASK = 'd4'.repeat(8);

const IDS = {
  trace_id: TRACE,
  epic_span_id: EPIC,
  spans: {
    'shop-artifact-generation': { span_id: EPIC, parent_span_id: null, task_type: 'epic' },
    'shop-dashboard-artifacts': { span_id: 'e5'.repeat(8), parent_span_id: EPIC, task_type: 'story' },
    'cart-dashboard': { span_id: TASK, parent_span_id: 'e5'.repeat(8), task_type: 'task', artifact_status: 'needed' },
    'pay-dashboard': { span_id: TASK, parent_span_id: EPIC, task_type: 'task', trace_id: OTHER },
  },
};

describe('the trace that an export names', () => {
  test.each([
    ['a backend took all of it', { task_trace_id: TRACE }],
    ['a backend took some of it', { task_emission: { state: 'partial', trace_id: TRACE } }],
    ['the spool has it', { task_trace_id: null, task_emission: { state: 'spooled', trace_id: TRACE } }],
  ])('is joined at its epic when %s, and its tasks are known', (_, metadata) => {
    const trace = readExportTrace(metadata, IDS);
    expect({ ...trace, tasks: Object.fromEntries(trace.tasks) }).toEqual({
      traceId: TRACE,
      epic: { traceId: TRACE, spanId: EPIC, taskId: 'shop-artifact-generation' },
      tasks: { 'cart-dashboard': { traceId: TRACE, spanId: TASK }, 'pay-dashboard': { traceId: OTHER, spanId: TASK } },
      losses: [],
    });
  });

  test.each([
    ['there are no ids', undefined, 'no task-spans.json'],
    ['the ids are no JSON object', null, 'holds no ids'],
    ['the ids are a list', [], 'holds no ids'],
    ['the ids are of an earlier export', { ...IDS, trace_id: OTHER }, 'the ids of another trace'],
    ['the epic has no id', { ...IDS, epic_span_id: 'x' }, 'no span id of the epic'],
    ['the epic has an id of zeros', { ...IDS, epic_span_id: '0'.repeat(16) }, 'no span id of the epic'],
  ])('is named and not joined when %s', (_, spanIds, why) => {
    const trace = readExportTrace({ task_trace_id: TRACE }, spanIds);
    expect(trace).toEqual({ traceId: TRACE, tasks: new Map(), losses: [expect.stringContaining(why)] });
    expect(trace.losses[0]).toContain('The gates get a trace of their own, which names that one.');
  });

  test.each([
    ['nothing', {}, 'names no trace'],
    ['a preview only', { task_emission: { state: 'previewed', trace_id: TRACE } }, 'names no trace'],
    ['a trace that was lost', { task_emission: { state: 'lost', trace_id: TRACE } }, 'names no trace'],
    ['an emission that is no object', { task_emission: 'sent' }, 'names no trace'],
    ['upper case', { task_trace_id: TRACE.toUpperCase() }, 'no trace id'],
    ['zeros', { task_trace_id: '0'.repeat(32) }, 'no trace id'],
    ['a number', { task_trace_id: 7 }, 'names 7 as its trace, which is no trace id'],
    ['a text of another kind', { task_trace_id: 'PI-101-002' }, 'names "PI-101-002" as its trace'],
    ['a page of text', { task_trace_id: 'x'.repeat(100_000) }, 'no trace id'],
    ['a spooled one without an id', { task_emission: { state: 'spooled' } }, 'names null as its trace'],
    ['a key of every object', JSON.parse('{"__proto__": {"task_trace_id": "x"}}'), 'names no trace'],
  ])('is none where the metadata holds %s', (_, metadata, why) => {
    const trace = readExportTrace(metadata, IDS);
    expect(trace).toEqual({ tasks: new Map(), losses: [expect.stringContaining(why)] });
    expect(trace.losses[0]!.length).toBeLessThan(250);
  });

  test('is the one that was asked for, before the one that the metadata names', () => {
    expect(readExportTrace({ task_trace_id: OTHER }, IDS, TRACE)).toMatchObject({ traceId: TRACE, epic: { spanId: EPIC }, losses: [] });
    expect(readExportTrace({ task_trace_id: TRACE }, IDS, 'mine').losses).toEqual([expect.stringContaining('--trace-id names "mine"')]);
  });
});

test('what is no span of a task is left out, and keys of objects are ids like others', () => {
  const spans = JSON.parse(
    `{"__proto__": {"span_id": "${TASK}", "task_type": "task"}, "a": null, "b": {"span_id": 7, "task_type": "task"},
      "c": {"span_id": "${TASK}", "task_type": "task", "trace_id": "short"}, "d": {"span_id": "${TASK}"}}`,
  );
  const { tasks, epic } = readExportTrace({ task_trace_id: TRACE }, { ...IDS, spans });
  expect([...tasks]).toEqual([['__proto__', { traceId: TRACE, spanId: TASK }]]);
  expect(epic).toEqual({ traceId: TRACE, spanId: EPIC });
});

import { describe, expect, test } from '@jest/globals';
import type { Answer } from '../../src/gatekeeper/questions/question.ts';
import { checkPreview } from '../../src/telemetry/check-preview.ts';
import { checkResource, checkTrace } from '../../src/telemetry/check-trace.ts';
import type { Drafts, SpanDraft } from '../../src/telemetry/draft.ts';
import { type CheckInput, draftCheck } from '../../src/telemetry/draft-check.ts';
import { countingIds, gate, NOW, TYPES } from './shop.ts';

const TRACE = 'a1'.repeat(16);
const EPIC = { traceId: TRACE, spanId: 'c3'.repeat(8), taskId: 'shop-artifact-generation' };
const TASKS = new Map([
  ['cart-dashboard', { traceId: TRACE, spanId: 'd4'.repeat(8) }],
  ['pay-rules', { traceId: 'b2'.repeat(16), spanId: 'e5'.repeat(8) }],
]);
const JOB = { traceId: 'f6'.repeat(16), spanId: 'f7'.repeat(8) };
const CALLER = { traceId: 'a8'.repeat(16), spanId: 'a9'.repeat(8), traceState: 'v=1' };

const missing = { type: 'missing', ref: 'cart-dashboard', artifact: 'cart-dashboard', description: 'is missing', finding: true };
const GATES = [
  gate('checksum-chain', {
    outcome: 'fail',
    severity: 'error',
    blocking: true,
    reason: 'one differs',
    nextAction: 'export again',
    evidence: [missing],
  }),
  gate('mapping-completeness', { evidence: [{ type: 'ok', ref: 'pay-rules.severity', description: 'is fine', finding: false }] }),
  gate('question-1', { group: 'question', stage: 'EXPORT_CONTRACT', evidence: [missing] }),
  gate('question-2', {
    group: 'question',
    stage: 'INGEST_PARSE_ASSESS',
    outcome: 'fail',
    severity: 'critical',
    blocking: true,
    reason: 'no',
  }),
  gate('question-3', { group: 'question', stage: 'FINALIZE_VERIFY', outcome: 'skipped', skipCode: 'not_reached', reason: 'not reached' }),
];

function answer(number: 1 | 2 | 3, status: Answer['status']): Answer {
  return { number, title: `Question ${number}?`, layer: 'Export', status, recommendation: 'Look again', checks: [] };
}
const ANSWERS = [answer(1, 'pass'), answer(2, 'fail'), answer(3, 'not_reached')];

function inputOf(more: Partial<CheckInput> = {}): CheckInput {
  return {
    command: 'check',
    projectId: 'shop',
    gates: GATES,
    answers: ANSWERS,
    types: TYPES,
    checksums: { source: 'a'.repeat(64) },
    coverage: { overallCoverage: 66.7, gaps: ['cart-dashboard'] },
    trace: { traceId: TRACE, epic: EPIC, tasks: TASKS, losses: [] },
    context: { scope: 'proposed', changeId: '7', placement: {} },
    ids: countingIds(),
    now: NOW,
    version: '1.0.0',
    ...more,
  };
}

const ALONE = { tasks: new Map(), losses: [] };

function named({ spans }: Drafts, name: string): readonly SpanDraft[] {
  return spans.filter((span) => span.name === name);
}

function linksOf(span: SpanDraft | undefined, type: string): readonly string[] {
  return (span?.links ?? []).filter((link) => link.attributes['link.type'] === type).map(({ spanId }) => spanId);
}

describe('the trace of a check', () => {
  test.each([
    ['in the trace of its export', inputOf()],
    ['of an export that names no trace', inputOf({ trace: ALONE })],
    ['of an export whose epic is unknown', inputOf({ trace: { ...ALONE, traceId: TRACE } })],
    ['below a given parent', inputOf({ trace: ALONE, context: { scope: 'accepted', placement: { parent: CALLER, ciJob: JOB } } })],
    ['called from elsewhere', inputOf({ context: { scope: 'accepted', placement: { parent: CALLER, ciJob: JOB } } })],
    ['that knows nothing of the export', inputOf({ projectId: 'unknown', coverage: {}, checksums: {}, trace: ALONE })],
    ['without any gate', inputOf({ gates: [], answers: [], trace: ALONE })],
  ])('agrees with the registry: %s', (_, input) => {
    const drafts = draftCheck(input);
    expect(checkTrace(drafts.spans)).toEqual([]);
    expect(checkResource(drafts.resource)).toEqual([]);
    expect(drafts.warnings).toEqual([]);
  });

  test('has one stage a phase below the epic of the export, and draws no span of it again', () => {
    const drafts = draftCheck(inputOf());
    expect({ traceId: drafts.traceId, epicSpanId: drafts.epicSpanId }).toEqual({ traceId: TRACE, epicSpanId: EPIC.spanId });
    expect(drafts.spans.map((span) => [span.attributes['task.id'], span.traceId, span.parentIsRemote])).toEqual([
      ['shop-EXPORT_CONTRACT', TRACE, true],
      ['shop-CONTRACT_INTEGRITY', TRACE, true],
      ['shop-INGEST_PARSE_ASSESS', TRACE, true],
      ['shop-FINALIZE_VERIFY', TRACE, true],
      ['shop-three-questions-1', TRACE, undefined],
      ['shop-three-questions-2', TRACE, undefined],
      ['shop-three-questions-3', TRACE, undefined],
    ]);
    const stages = named(drafts, 'contextcore.pipeline.stage');
    expect(new Set(stages.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([EPIC.spanId]));
    expect(stages[1]?.attributes).toMatchObject({
      'task.source': 'check',
      'task.parent_id': 'shop-artifact-generation',
      'pipeline.stage.kind': 'gate',
      'input.source_checksum': 'a'.repeat(64),
      'quality.coverage_percent': 66.7,
      'quality.gap_count': 1,
      'export.scope': 'proposed',
      'vcs.change.id': '7',
    });
  });

  test('is linked to the tasks that its gates name, in whatever trace they lie', () => {
    const [exported, integrity, ingested] = draftCheck(inputOf()).spans;
    expect(linksOf(integrity, 'validates')).toEqual(['d4'.repeat(8), 'e5'.repeat(8)]);
    expect(integrity?.links[1]?.traceId).toBe('b2'.repeat(16));
    expect(integrity?.attributes['gate.task_count']).toBe(2);
    expect(linksOf(exported, 'validates')).toEqual(['d4'.repeat(8)]);
    expect(ingested?.links).toEqual([]);
    expect(ingested?.attributes).not.toHaveProperty('gate.task_count');
  });

  test('a failure that blocks names the task of the export as its cause', () => {
    const integrity = draftCheck(inputOf()).spans[1];
    expect(integrity?.status).toEqual({ code: 'ERROR', message: 'one differs' });
    expect(integrity?.attributes).toMatchObject({
      'task.status': 'blocked',
      'task.next_action': 'export again',
      'task.blocked_on_span_id': 'd4'.repeat(8),
    });
  });

  test('stops linking at a hundred tasks, those of findings first, and counts all', () => {
    const ids = Array.from({ length: 150 }, (_, index) => `t${index}`);
    const tasks = new Map(ids.map((id, index) => [id, { traceId: TRACE, spanId: (index + 1).toString(16).padStart(16, '0') }]));
    const evidence = ids.map((ref, index) => ({ type: 'seen', ref, description: 'd', finding: index === 149 }));
    const [stage] = draftCheck(
      inputOf({ gates: [gate('a', { evidence })], trace: { traceId: TRACE, epic: EPIC, tasks, losses: [] } }),
    ).spans;
    expect(linksOf(stage, 'validates')).toHaveLength(100);
    expect(linksOf(stage, 'validates')[0]).toBe((150).toString(16).padStart(16, '0'));
    expect(stage?.attributes['gate.task_count']).toBe(150);
  });

  test('links the CI job and who called, since the export’s trace has no room for another parent', () => {
    const placement = { parent: CALLER, ciJob: JOB };
    for (const stage of named(draftCheck(inputOf({ context: { scope: 'accepted', placement } })), 'contextcore.pipeline.stage')) {
      expect([linksOf(stage, 'ci_job'), linksOf(stage, 'caller')]).toEqual([[JOB.spanId], [CALLER.spanId]]);
    }
    const within = { parent: { traceId: TRACE, spanId: EPIC.spanId } };
    const [stage] = draftCheck(inputOf({ context: { scope: 'accepted', placement: within } })).spans;
    expect(linksOf(stage, 'caller')).toEqual([]);
  });

  test('has a root of its own where the export’s epic is unknown, and names the trace it could not join', () => {
    const drafts = draftCheck(inputOf({ trace: { ...ALONE, traceId: TRACE }, context: { scope: 'accepted', placement: { ciJob: JOB } } }));
    const [root, ...rest] = drafts.spans;
    expect(root).toMatchObject({
      name: 'contextcore.pipeline.run',
      spanId: drafts.epicSpanId,
      status: { code: 'ERROR', message: 'one differs' },
      attributes: { 'task.id': 'shop-check', 'task.type': 'run', 'export.epic_trace_id': TRACE, 'gate.count': 5, 'gate.failed_count': 2 },
    });
    expect(root?.attributes['task.percent_complete']).toBe(50);
    expect(root?.parentSpanId).toBeUndefined();
    expect(drafts.traceId).not.toBe(TRACE);
    expect(linksOf(root, 'ci_job')).toEqual([JOB.spanId]);
    const stages = rest.filter(({ name }) => name === 'contextcore.pipeline.stage');
    expect(new Set(stages.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([root?.spanId]));
    for (const span of rest) expect([span.start >= root!.start, span.end <= root!.end]).toEqual([true, true]);
  });

  test('is a child of the given context where the export names no trace', () => {
    const [root] = draftCheck(inputOf({ trace: ALONE, context: { scope: 'accepted', placement: { parent: CALLER } } })).spans;
    expect(root).toMatchObject({ traceId: CALLER.traceId, parentSpanId: CALLER.spanId, parentIsRemote: true, traceState: 'v=1' });
  });

  test.each([
    [1, 'answered', 'done', 'OK', 1],
    [2, 'open', 'todo', 'ERROR', 0],
    [3, 'open', 'todo', 'UNSET', 0],
  ])('question %d is a span below its stage: %s', (number, status, task, code, affected) => {
    const drafts = draftCheck(inputOf({ command: 'diagnose' }));
    const span = drafts.spans.find(({ attributes }) => attributes['question.id'] === `question-${number}`);
    const stage = drafts.spans.find(({ spanId }) => spanId === span?.parentSpanId);
    expect(stage?.attributes['task.phase']).toBe(span?.attributes['task.phase']);
    expect(span).toMatchObject({
      status: { code },
      attributes: { 'task.source': 'diagnose', 'task.status': task, 'question.status': status, 'question.affected_count': affected },
    });
    expect(linksOf(span, 'affects')).toHaveLength(affected);
  });

  test('two checks of one moment have ids of their own', () => {
    const ids = countingIds();
    const spans = [draftCheck(inputOf({ ids })), draftCheck(inputOf({ ids }))].flatMap((drafts) =>
      drafts.spans.map(({ spanId }) => spanId),
    );
    expect(new Set(spans).size).toBe(spans.length);
  });

  test('is previewed with its totals', () => {
    expect(checkPreview(draftCheck(inputOf()))).toMatchObject({
      dry_run: true,
      would_emit: {
        trace_id: TRACE,
        spans: expect.arrayContaining([
          expect.objectContaining({ task_id: 'shop-CONTRACT_INTEGRITY', gates: 2, gates_failed: 1, links: 2, status: 'ERROR' }),
        ]),
        totals: { spans: 7, stages: 4, questions: 3 },
      },
    });
  });
});

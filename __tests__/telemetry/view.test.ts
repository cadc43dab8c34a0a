import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { draftSpans } from '../../src/telemetry/draft-spans.ts';
import { emit, SPOOL_NAME } from '../../src/telemetry/emit.ts';
import { otlpLines } from '../../src/telemetry/otlp-json.ts';
import { previewDocument, spanIdsDocument } from '../../src/telemetry/preview.ts';
import { placeTrace } from '../../src/telemetry/trace-context.ts';
import { readTrace, renderTrace, traceDocument, traceOf } from '../../src/telemetry/view.ts';
import { artifact, gate, NOW, SHOP, shopInput, testWorld } from './shop.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'view-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

const drafts = draftSpans(
  shopInput({
    gates: [
      gate('checksum-chain', { outcome: 'fail', severity: 'error', blocking: true, reason: 'one differs' }),
      gate('gap-parity', { outcome: 'skipped', skipCode: 'no_gaps', reason: 'no gaps' }),
    ],
  }),
);
const bodies = (of = drafts) => [...otlpLines(of)].map(({ body }) => body);

describe('the tree', () => {
  test('shows statuses, gates, durations and links', () => {
    const lines = renderTrace(traceOf(bodies(), 'x'), { colour: false }).split('\n');
    expect(lines).toEqual([
      `trace ${drafts.traceId}  contextcore-export-tasks`,
      '✗ shop-artifact-generation shop Observability Artifact Generation [blocked] 60 ms one differs',
      '├─ ✓ shop-EXPORT_CONTRACT EXPORT_CONTRACT [completed] 41 ms',
      '├─ ✗ shop-CONTRACT_INTEGRITY CONTRACT_INTEGRITY [blocked] 2.0 ms one differs',
      '│     ✗ checksum-chain (blocking): one differs',
      '│     – gap-parity skipped: no_gaps: no gaps',
      '├─ ○ shop-dashboard-artifacts dashboard Artifacts [todo]',
      '│  ├─ ○ cart-dashboard cart dashboard [todo]',
      '│  │     → depends_on cart-rules',
      '│  └─ ○ pay-dashboard pay dashboard [todo]',
      '└─ ○ shop-prometheus_rule-artifacts prometheus_rule Artifacts [todo]',
      '   ├─ ✓ cart-rules cart prometheus_rule [done]',
      '   └─ ○ pay-rules pay prometheus_rule [todo]',
      '         → depends_on pay-dashboard',
      '',
    ]);
  });

  test('is coloured only on request', () => {
    expect(renderTrace(traceOf(bodies(), 'x'), { colour: true })).toContain('\u001b[31m✗\u001b[0m');
    expect(renderTrace(traceOf(bodies(), 'x'), { colour: false })).not.toContain('\u001b');
  });

  test('keeps what stands above a match of the filter', () => {
    const text = renderTrace(traceOf(bodies(), 'x'), { colour: false, filter: 'PAY-R' });
    expect(text).toContain('pay-rules');
    expect(text).toContain('shop-artifact-generation');
    expect(text).not.toContain('pay-dashboard pay');
    expect(text).not.toContain('CONTRACT_INTEGRITY');
  });

  test('writes out what a terminal would act on', () => {
    const evil = draftSpans(shopInput({ artifacts: [artifact('a-b', 'dashboard', { name: 'x\u001b[2J\u202ey\nz' })] }));
    const text = renderTrace(traceOf(bodies(evil), 'x'), { colour: false });
    expect(text).toContain('x\\u{1b}[2J\\u{202e}y\\u{a}z');
    expect(text).not.toMatch(/[\u001b\u202e]/);
  });

  test('puts the epic first when stories have traces of their own, and follows links into them', () => {
    const split = draftSpans(shopInput({ traceLimit: 3 }));
    const text = renderTrace(traceOf(bodies(split), 'x'), { colour: false });
    expect(text.indexOf('shop-artifact-generation')).toBeLessThan(text.indexOf('shop-dashboard-artifacts dashboard'));
    expect(text).toContain('→ has_part shop-dashboard-artifacts');
  });

  test('survives a chain far deeper than any trace of ours, and a span that is its own parent', () => {
    const [model] = drafts.spans;
    const deep = Array.from({ length: 3000 }, (_, index) => ({
      ...model!,
      spanId: (index + 1).toString(16).padStart(16, '0'),
      ...(index > 0 ? { parentSpanId: index.toString(16).padStart(16, '0') } : {}),
    }));
    const own = { ...model!, spanId: 'f'.repeat(16), parentSpanId: 'f'.repeat(16) };
    const tree = traceOf(bodies({ ...drafts, spans: [...deep, own] }), 'x');
    expect(tree.spans).toBe(3001);
    expect(tree.roots.map((root) => root.span.spanId)).toEqual([deep[0]!.spanId, own.spanId]);
    expect(renderTrace(traceOf(bodies({ ...drafts, spans: deep }), 'x'), { colour: false }).split('\n').length).toBeGreaterThan(3000);
  });
});

describe('reading', () => {
  test.each([
    ['the spool', () => SPOOL_NAME],
    ['the export directory', () => '.'],
    ['a file with one indented request', () => 'pretty.json'],
  ])('%s', async (_, path) => {
    await emit(drafts, { mode: 'auto', timeoutMs: 1000, spoolPath: SPOOL_NAME }, testWorld(root));
    await writeFile(join(root, 'pretty.json'), JSON.stringify(JSON.parse(Buffer.from(bodies()[0]!).toString()), null, 2));
    const tree = await readTrace(path(), testWorld(root));
    expect(tree).toMatchObject({ spans: drafts.spans.length, unreadableLines: 0 });
    expect(tree.roots).toHaveLength(1);
  });

  test('a file that is not there is an error with its code', async () => {
    await expect(readTrace('nowhere', testWorld(root))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('gives the same as data', () => {
    const document = traceDocument(traceOf(bodies(), 'x'), 'cart-rules');
    expect(document).toMatchObject({
      spans: drafts.spans.length,
      traces: [{ trace_id: drafts.traceId, root: { name: 'contextcore.task.epic', status: 'ERROR' } }],
    });
    expect(JSON.stringify(document)).not.toContain('pay-rules pay');
  });
});

describe('the preview', () => {
  test('has the shape of 000 §3.1 and adds up', () => {
    expect(previewDocument(draftSpans(shopInput()), true)).toEqual({
      dry_run: true,
      would_emit: {
        epic: { task_id: 'shop-artifact-generation', type: 'epic', coverage_percent: 66.7 },
        stories: [
          { task_id: 'shop-dashboard-artifacts', type: 'story', gap_count: 2 },
          { task_id: 'shop-prometheus_rule-artifacts', type: 'story', gap_count: 1 },
        ],
        tasks: SHOP.map((item) => ({
          task_id: item.id,
          type: 'task',
          artifact_type: item.type,
          status: item.status,
          depends_on: item.dependsOn,
          expected_output: { depth: 'standard', max_lines: 150 },
        })),
        totals: { spans: 7, stories: 2, tasks_needed: 2, tasks_existing: 1, tasks_outdated: 1, stages: 1, questions: 0 },
      },
    });
  });

  test('the ids lie beside it, also of spans in other traces', () => {
    const split = draftSpans(shopInput({ traceLimit: 3 }));
    const document = spanIdsDocument(split, NOW);
    const task = split.spans.find((span) => span.attributes['task.id'] === 'pay-rules')!;
    expect(document).toMatchObject({
      trace_id: split.traceId,
      epic_span_id: split.epicSpanId,
      emitted_at: '2026-03-01T12:00:00.000+00:00',
      trace_ids: split.traceIds,
      spans: {
        'pay-rules': {
          span_id: task.spanId,
          parent_span_id: task.parentSpanId,
          task_type: 'task',
          artifact_status: 'needed',
          trace_id: task.traceId,
        },
      },
    });
  });

  test('an artifact named __proto__ is one more key', () => {
    const document = spanIdsDocument(draftSpans(shopInput({ artifacts: [artifact('__proto__', 'dashboard', { target: 't' })] })), NOW);
    expect(JSON.stringify(document)).toContain('"__proto__":{"span_id"');
  });
});

describe('placing the trace', () => {
  const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-00`;
  const run = { runId: '12345', runAttempt: '1', checkRunId: '67890' };

  test.each([
    ['nothing known', { placement: 'own' }, {}],
    ['a CI run', { placement: 'own', ...run }, { ciJob: { traceId: '5c89a9ce56397ace4b0fd1e7c1e458a5', spanId: 'db61bed51d47ad26' } }],
    [
      'github-receiver',
      { placement: 'github-receiver', ...run },
      { parent: { traceId: '5c89a9ce56397ace4b0fd1e7c1e458a5', spanId: 'db61bed51d47ad26' } },
    ],
    [
      'a traceparent that is not sampled',
      { placement: 'own', traceparent },
      { parent: { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8) } },
    ],
    [
      'blanks around it',
      { placement: 'own', traceparent: ` ${traceparent}\n` },
      { parent: { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8) } },
    ],
  ] as const)('%s', (_, input, placement) => {
    expect(placeTrace(input)).toEqual({ placement, warnings: [] });
  });

  test.each([
    traceparent.toUpperCase(),
    traceparent.replace(/^00/, 'ff'),
    traceparent.replace('ab'.repeat(16), '0'.repeat(32)),
    traceparent.replace('cd'.repeat(8), '0'.repeat(16)),
    `${traceparent}-more`,
    'x',
  ])('%s is no traceparent, and is told', (given) => {
    expect(placeTrace({ placement: 'own', traceparent: given })).toEqual({ placement: {}, warnings: [expect.stringContaining(given)] });
  });
});

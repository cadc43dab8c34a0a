import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { checkRequest, type ReceivedSpan } from '../../scripts/receiver.ts';
import { check } from '../../src/commands/check.ts';
import type { Command } from '../../src/commands/command.ts';
import { diagnose } from '../../src/commands/diagnose.ts';
import { systemWorld } from '../../src/host/system-world.ts';
import { type RunSettings, run } from '../../src/run.ts';
import { RUN_DEFAULTS } from '../../src/story/run-defaults.ts';
import { SHOP } from '../cli/manifests.ts';
import { folder, removeFolders, type } from '../commands/terminal.ts';
import { receiving } from '../telemetry/receiving.ts';

/** Owes parameters that nothing fills, so that a gate names the artifacts that lack them. */
const BARE = `apiVersion: contextcore.io/v1alpha2
kind: ContextManifest
metadata:
  name: shop
spec:
  project:
    id: shop
  targets:
    - kind: Deployment
      name: cart
`;
const OUT = 'contextcore-export';
const GATE_SPOOL = 'gate-spans.otlp.jsonl';

let root: string;

beforeEach(async () => {
  root = await folder({ '.contextcore.yaml': SHOP });
});

afterAll(removeFolders);

const receive = receiving();

function runs(settings: Partial<RunSettings>, env: Record<string, string> = {}) {
  return run(
    { ...RUN_DEFAULTS, ...settings },
    systemWorld(env, root, () => {}),
  );
}

const CHECKED = { mode: 'check', exportDir: OUT, outputDir: 'checked', backup: false } as const;

async function spoolOf(...path: readonly string[]): Promise<readonly ReceivedSpan[]> {
  const lines = (await readFile(join(root, ...path), 'utf8')).trimEnd().split('\n');
  return lines.filter((line) => line.includes('"resourceSpans"')).flatMap((line) => checkRequest(line));
}

async function onboarding(): Promise<any> {
  return JSON.parse(await readFile(join(root, OUT, 'onboarding-metadata.json'), 'utf8'));
}

/** Every file of the export by its digest. */
async function digests(): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(join(root, OUT))).sort();
  const pairs = names.map(
    async (name) =>
      [
        name,
        createHash('sha256')
          .update(await readFile(join(root, OUT, name)))
          .digest('hex'),
      ] as const,
  );
  return Object.fromEntries(await Promise.all(pairs));
}

function value(span: ReceivedSpan, key: string): unknown {
  return span.attributes[key]?.value;
}

describe('a check in the trace of its export', () => {
  test('gives every span a parent and every link a target in what the export sent', async () => {
    await writeFile(join(root, '.contextcore.yaml'), BARE);
    const receiver = await receive();
    await runs({ otlpEndpoint: receiver.url });
    const work = [...receiver.spans()];
    const { report, traceparent } = await runs({ ...CHECKED, otlpEndpoint: receiver.url });
    const gates = receiver.spans().slice(work.length);
    const { task_trace_id: traceId } = await onboarding();
    expect(report.emission).toMatchObject({ state: 'sent', sent: gates.length, drafted: gates.length, traceIds: [traceId] });
    expect(new Set(gates.map((span) => span.traceId))).toEqual(new Set([traceId]));
    const known = new Set(receiver.spans().map(({ spanId }) => spanId));
    expect(known.size).toBe(receiver.spans().length);
    expect(gates.filter(({ parentSpanId }) => !known.has(parentSpanId ?? ''))).toEqual([]);
    const epic = work.find(({ name }) => name === 'contextcore.task.epic');
    const stages = gates.filter(({ name }) => name === 'contextcore.pipeline.stage');
    expect(new Set(stages.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([epic?.spanId]));
    expect(traceparent).toBe(`00-${traceId}-${epic?.spanId}-01`);
    const tasks = new Map(work.map((span) => [span.spanId, value(span, 'task.type')]));
    const targets = stages.flatMap(({ links }) => links.map(({ spanId }) => tasks.get(spanId)));
    expect(new Set(targets)).toEqual(new Set(['task']));
  });

  test('tells of every gate that ran, and of the Three Questions', async () => {
    await runs({});
    const { report } = await runs(CHECKED);
    const spans = await spoolOf('checked', GATE_SPOOL);
    const told = spans.flatMap(({ events }) => events.filter(({ name }) => name === 'gate.validation' || name === 'gate.check.skipped'));
    expect(told.map(({ attributes }) => attributes['gate.name']?.value).sort()).toEqual(
      report.entries[0]!.gates.map(({ gate }) => gate).sort(),
    );
    expect(spans.filter(({ name }) => name === 'contextcore.question').map((span) => value(span, 'question.id'))).toEqual([
      'question-1',
      'question-2',
      'question-3',
    ]);
    expect(new Set(spans.map((span) => value(span, 'task.source')))).toEqual(new Set(['check']));
  });

  test('orders the events of a stage as the gates were asked, each later than the one before', async () => {
    await runs({});
    const { report } = await runs(CHECKED);
    for (const span of await spoolOf('checked', GATE_SPOOL)) {
      const asked = report.entries[0]!.gates.filter(({ stage }) => stage === value(span, 'task.phase')).map(({ gate }) => gate);
      const seen = span.events.flatMap(({ attributes }) => (attributes['gate.name'] ? [String(attributes['gate.name'].value)] : []));
      if (span.name === 'contextcore.pipeline.stage') expect([...new Set(seen)]).toEqual(asked);
      const times = span.events.map(({ time }) => time);
      expect(times.every((time, index) => index === 0 || time > times[index - 1]!)).toBe(true);
      expect(times.every((time) => time >= span.start && time <= span.end)).toBe(true);
    }
  });

  test.each([
    ['off', async () => ({ emitTasks: 'false' }) as const, 'none'],
    ['without an endpoint', async () => ({}), 'spooled'],
    ['previewed', async () => ({ emitTasks: 'dry-run' }) as const, 'previewed'],
    ['sent', async () => ({ otlpEndpoint: (await receive()).url }), 'sent'],
    ['refused', async () => ({ otlpEndpoint: (await receive(({ response }) => Boolean(response.writeHead(500).end()))).url }), 'spooled'],
    ['never answered', async () => ({ otlpEndpoint: (await receive(() => true)).url, otlpTimeoutMs: 300 }), 'spooled'],
  ])('leaves export and exit code as they are: %s', async (_, more, state) => {
    await runs({});
    const before = await digests();
    const { report, exitCode, files, previewPath } = await runs({ ...CHECKED, ...(await more()) });
    const { sent, spooled, lost, drafted } = report.emission;
    expect({
      state: report.emission.state,
      exitCode,
      sum: state === 'none' || state === 'previewed' ? drafted : sent + spooled + lost,
    }).toEqual({
      state,
      exitCode: 0,
      sum: drafted,
    });
    expect(await digests()).toEqual(before);
    const names = files.map((file) => file.split('/').at(-1));
    expect(names).toEqual([
      ...(state === 'spooled' ? [GATE_SPOOL] : []),
      ...(state === 'previewed' ? ['gate-emission-preview.json'] : []),
      'export-tasks-report.json',
    ]);
    expect(previewPath === undefined).toBe(state !== 'previewed');
  });

  test('says that it could not write the preview, or the spool, and judges all the same', async () => {
    await runs({});
    await writeFile(join(root, 'checked'), 'a file in the way');
    const previewed = await runs({ ...CHECKED, emitTasks: 'dry-run' });
    expect(previewed).toMatchObject({
      exitCode: 0,
      report: { losses: [expect.stringMatching(/^The preview was not written: .*checked/)] },
    });
    expect(JSON.stringify(previewed.report)).not.toContain(root);
    const spooled = await runs(CHECKED);
    expect(spooled).toMatchObject({
      exitCode: 0,
      report: { emission: { state: 'lost', reason: expect.stringContaining('could not be written') } },
    });
  });

  test('where the export names no trace, the report says so', async () => {
    await runs({ emitTasks: 'false' });
    const { report } = await runs(CHECKED);
    expect(report.losses).toEqual([`${OUT}: The export names no trace that its work was emitted as. The gates get a trace of their own.`]);
    const roots = (await spoolOf('checked', GATE_SPOOL)).filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(roots.map(({ name }) => name)).toEqual(['contextcore.pipeline.run']);
  });

  test.each([
    ['is no JSON', '{', 'holds no ids of spans'],
    ['is of another export', JSON.stringify({ trace_id: 'a1'.repeat(16), epic_span_id: 'b2'.repeat(8) }), 'the ids of another trace'],
  ])('where task-spans.json %s, the report says so', async (_, content, why) => {
    await runs({});
    await writeFile(join(root, OUT, 'task-spans.json'), content);
    const { report } = await runs(CHECKED);
    expect(report.losses).toEqual([expect.stringContaining(why)]);
    const [run] = await spoolOf('checked', GATE_SPOOL);
    expect(value(run!, 'export.epic_trace_id')).toBe((await onboarding()).task_emission.trace_id);
  });
});

describe.each([
  ['check', check, '--fail-on-unhealthy'],
  ['diagnose', diagnose, '--fail-on-issue'],
] as readonly (readonly [string, Command, string])[])('%s --emit-tasks', (name, command, fails) => {
  test('keeps its spans beside the spool of the export, and says how they are sent', async () => {
    await runs({});
    const before = await digests();
    const silent = await type(command, root, OUT);
    expect(await digests()).toEqual(before);
    const told = await type(command, root, OUT, '--emit-tasks');
    const { [GATE_SPOOL]: spool, ...rest } = await digests();
    expect([rest, typeof spool]).toEqual([before, 'string']);
    expect({ ...told, err: '' }).toEqual({ ...silent, err: '' });
    expect(told.err).toContain(`Send with: export-tasks replay ${OUT}/${GATE_SPOOL} --otlp-endpoint URL`);
    expect(new Set((await spoolOf(OUT, GATE_SPOOL)).map((span) => value(span, 'task.source')))).toEqual(new Set([name]));
  });

  test('changes no exit code, whatever becomes of the spans', async () => {
    await runs({});
    await rm(join(root, OUT, 'shop-projectcontext.yaml'));
    const dead = await receive(({ request }) => Boolean(request.socket.destroy()));
    const codes = await Promise.all(
      [[], ['--emit-tasks'], ['--emit-tasks', '--otlp-endpoint', dead.url, '--otlp-timeout', '300ms']].map(
        async (more) => (await type(command, root, OUT, fails, ...more)).code,
      ),
    );
    expect(codes).toEqual([1, 1, 1]);
  });

  test('goes into the trace that --trace-id names, where the export knows its spans', async () => {
    await runs({});
    const { trace_id: traceId } = (await onboarding()).task_emission;
    const known = await type(command, root, OUT, '--emit-tasks', '--trace-id', traceId);
    expect(known.err).not.toContain('trace of their own');
    const strange = await type(command, root, OUT, '--emit-tasks', '--trace-id', 'PI-101-002');
    expect(strange.err).toContain('--trace-id names "PI-101-002" as its trace, which is no trace id');
  });
});

describe('the context that is given and passed on', () => {
  const PARENT = `00-${'a1'.repeat(16)}-${'b2'.repeat(8)}-00`;

  test('a TRACEPARENT that is not sampled is a parent all the same, with its TRACESTATE', async () => {
    const { traceparent, report } = await runs({}, { TRACEPARENT: PARENT, TRACESTATE: 'vendor=1' });
    expect(report.emission.traceIds).toEqual(['a1'.repeat(16)]);
    const [epic] = await spoolOf(OUT, 'task-spans.otlp.jsonl');
    expect(epic).toMatchObject({ parentSpanId: 'b2'.repeat(8), traceState: 'vendor=1' });
    expect(traceparent).toBe(`00-${'a1'.repeat(16)}-${epic?.spanId}-01`);
  });

  test('a TRACESTATE belongs to the TRACEPARENT beside it, not to a context given otherwise', async () => {
    const given = PARENT.replace('a1', 'c3');
    await runs({ traceparent: given }, { TRACEPARENT: PARENT, TRACESTATE: 'vendor=1' });
    const [epic] = await spoolOf(OUT, 'task-spans.otlp.jsonl');
    expect([epic?.traceId, epic?.traceState]).toEqual([given.split('-')[1], undefined]);
  });

  test('baggage goes on to later steps with what this run knows, and onto no span', async () => {
    const { baggage, report } = await runs({}, { BAGGAGE: 'tenant=blue,password=hidden' });
    const { source_checksum: source, artifact_manifest_checksum: manifest } = await onboarding();
    const spool = await readFile(join(root, OUT, 'task-spans.otlp.jsonl'), 'utf8');
    const instance = JSON.parse(spool.split('\n')[0]!).resourceSpans[0].resource.attributes[0].value.stringValue;
    expect(baggage?.split(',')).toEqual([
      'tenant=blue',
      `contextcore.source_checksum=${source}`,
      `contextcore.artifact_manifest_checksum=${manifest}`,
      `contextcore.run_id=${instance}`,
    ]);
    expect(report.losses).toEqual(['Entry 2 of BAGGAGE is shaped like a credential, and so not carried on.']);
    expect(spool).not.toMatch(/tenant|hidden/);
    const checked = await runs(CHECKED, { BAGGAGE: baggage! });
    expect(checked.baggage?.split(',').slice(0, 3)).toEqual(baggage?.split(',').slice(0, 3));
    expect(checked.baggage).not.toContain(instance);
  });
});

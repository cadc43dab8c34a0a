import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import type { ReceivedSpan } from '../../scripts/receiver.ts';
import { ACTION } from '../cli/export-tasks.ts';
import { runStep, tidy } from '../runner.ts';
import { type Backend, eventually, withBackend } from './backend.ts';
import { startCollector } from './collector.ts';
import { startJaeger } from './jaeger.ts';
import { shop } from './jobs.ts';
import { startTempo } from './tempo.ts';

const PYTHON = process.env['INTEROP_PYTHON'];
const TASK = 'catalog-runbook';

withBackend('collector', startCollector, (collector) => lands(collector, async () => collector().spans(1)));
withBackend('tempo', startTempo, (tempo) => lands(tempo, (id) => tempo().trace(id)));
withBackend('jaeger', startJaeger, (jaeger) => lands(jaeger, (id) => jaeger().trace(id)));

/** The action emits the shop; then somebody else's program, with the Python SDK, works on it. */
function lands(backend: () => Backend, read: (traceId: string) => Promise<readonly ReceivedSpan[]>): void {
  (PYTHON === undefined ? test.skip : test)(
    'a span of the Python SDK lands under our epic by the output traceparent, and under a task by task-spans.json',
    async () => {
      await using place = await shop();
      const inputs = { 'task-mapping': 'tasks.json', 'otlp-endpoint': backend().otlp, 'upload-artifact': 'false', 'fail-on': 'never' };
      const step = await runStep({ entry: ACTION, workspace: place.root, with: inputs });
      const { traceparent, emission, 'export-dir': dir } = step.outputs;
      expect([step.code, emission]).toEqual([0, 'sent']);
      const ids = JSON.parse(await readFile(path.resolve(place.root, dir!, 'task-spans.json'), 'utf8'));
      await tidy(step);
      const task = ids.spans[TASK];
      const underEpic = await work(backend(), traceparent!);
      const underTask = await work(backend(), `00-${task.trace_id ?? ids.trace_id}-${task.span_id}-01`);
      const spans = await eventually(
        async () => {
          const all = await read(ids.trace_id);
          return [underEpic, underTask].every((id) => all.some(({ spanId }) => spanId === id)) ? all : undefined;
        },
        30,
        'finding what Python sent',
      );
      const parentOf = (id: string) => spans.find(({ spanId }) => spanId === spans.find((span) => span.spanId === id)?.parentSpanId);
      expect(parentOf(underEpic)).toMatchObject({ name: 'contextcore.task.epic', spanId: ids.epic_span_id, traceId: ids.trace_id });
      expect(parentOf(underTask)).toMatchObject({ name: 'contextcore.task.task', attributes: { 'task.id': { value: TASK } } });
      expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([ids.trace_id]));
    },
  );
}

/** The id of its span. */
async function work(backend: Backend, traceparent: string): Promise<string> {
  const script = path.join(import.meta.dirname, 'peers/python/work.py');
  const { stdout } = await promisify(execFile)(PYTHON!, [script, backend.otlp], { env: { TRACEPARENT: traceparent } });
  return stdout.trim().split(' ')[1]!;
}

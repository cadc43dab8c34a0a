import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReceivedPoint, ReceivedSpan } from '../../scripts/receiver.ts';
import { type Backend, freePorts, startBackend } from './backend.ts';
import { pointsOfLines } from './points.ts';
import { spansOfLines } from './spans.ts';

export interface Collector extends Backend {
  /** What its file exporter wrote, once it holds so many spans and rests. Fewer come back when the time is over. */
  readonly spans: (count: number) => Promise<readonly ReceivedSpan[]>;
  /** The same for metric points, which stand in a file of their own. */
  readonly points: (count: number) => Promise<readonly ReceivedPoint[]>;
}

/**
 * A Collector with OTLP and file receivers and file exporters, each with its default settings. `include` are the file receiver's globs; a pipeline for traces
 * alone is what many have.
 */
export async function startCollector(
  binary: string,
  include: readonly string[] = [],
  signals: readonly ('traces' | 'metrics')[] = ['traces', 'metrics'],
): Promise<Collector> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interop-collector-'));
  const [otlp] = await freePorts(1);
  const out = { traces: path.join(folder, 'traces.jsonl'), metrics: path.join(folder, 'metrics.jsonl') };
  const receivers = ['otlp', ...(include.length > 0 ? ['otlp_json_file'] : [])];
  const config = {
    receivers: {
      otlp: { protocols: { http: { endpoint: `127.0.0.1:${otlp}` } } },
      ...(include.length > 0 ? { otlp_json_file: { include } } : {}),
    },
    exporters: { 'file/traces': { path: out.traces }, 'file/metrics': { path: out.metrics } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: Object.fromEntries(signals.map((signal) => [signal, { receivers, exporters: [`file/${signal}`] }])),
    },
  };
  const url = `http://127.0.0.1:${otlp}`;
  const backend = await startBackend(binary, folder, config, '--config', async () => {
    const answer = await fetch(`${url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    return answer.ok;
  });
  return {
    ...backend,
    otlp: url,
    spans: (count) => atRest(out.traces, count, spansOfLines),
    points: (count) => atRest(out.metrics, count, pointsOfLines),
  };
}

async function atRest<T>(file: string, count: number, read: (text: string) => readonly T[]): Promise<readonly T[]> {
  let [size, since] = [-1, Date.now()];
  for (;;) {
    await sleep(250);
    const now = await stat(file).then(
      (found) => found.size,
      () => 0,
    );
    if (now !== size) [size, since] = [now, Date.now()];
    // It flushes every second; parsing while it writes would only be in the way.
    else if (Date.now() - since > 1_250) {
      const items = size === 0 ? [] : read(await readFile(file, 'utf8'));
      if (items.length >= count || Date.now() - since > 15_000) return items;
      await sleep(1_000);
    }
  }
}

import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReceivedSpan } from '../../scripts/receiver.ts';
import { type Backend, freePorts, startBackend } from './backend.ts';
import { spansOfLines } from './spans.ts';

export interface Collector extends Backend {
  /** What its file exporter wrote, once it holds so many spans and rests. Fewer come back when the time is over. */
  readonly spans: (count: number) => Promise<readonly ReceivedSpan[]>;
}

/** A Collector with OTLP and file receivers and a file exporter, each with its default settings. `include` are the file receiver's globs. */
export async function startCollector(binary: string, include: readonly string[] = []): Promise<Collector> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interop-collector-'));
  const [otlp] = await freePorts(1);
  const out = path.join(folder, 'received.jsonl');
  const config = {
    receivers: {
      otlp: { protocols: { http: { endpoint: `127.0.0.1:${otlp}` } } },
      ...(include.length > 0 ? { otlp_json_file: { include } } : {}),
    },
    exporters: { file: { path: out } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp', ...(include.length > 0 ? ['otlp_json_file'] : [])], exporters: ['file'] } },
    },
  };
  const url = `http://127.0.0.1:${otlp}`;
  const backend = await startBackend(binary, folder, config, '--config', async () => {
    const answer = await fetch(`${url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    return answer.ok;
  });
  return { ...backend, otlp: url, spans: (count) => atRest(out, count) };
}

async function atRest(file: string, count: number): Promise<readonly ReceivedSpan[]> {
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
      const spans = size === 0 ? [] : spansOfLines(await readFile(file, 'utf8'));
      if (spans.length >= count || Date.now() - since > 15_000) return spans;
      await sleep(1_000);
    }
  }
}

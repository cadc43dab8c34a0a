import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts, type QueryBackend, startBackend } from './backend.ts';
import { spansOf } from './spans.ts';

/** Jaeger v2 with memory storage. */
export async function startJaeger(binary: string): Promise<QueryBackend> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interop-jaeger-'));
  const [health, http, grpc, otlp] = await freePorts(4);
  const config = {
    service: {
      extensions: ['jaeger_storage', 'jaeger_query', 'healthcheckv2'],
      pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
      telemetry: { metrics: { level: 'none' } },
    },
    extensions: {
      healthcheckv2: { use_v2: true, http: { endpoint: `127.0.0.1:${health}` } },
      jaeger_query: { storage: { traces: 'memory' }, http: { endpoint: `127.0.0.1:${http}` }, grpc: { endpoint: `127.0.0.1:${grpc}` } },
      jaeger_storage: { backends: { memory: { memory: { max_traces: 100_000 } } } },
    },
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${otlp}` } } } },
    exporters: { jaeger_storage_exporter: { trace_storage: 'memory' } },
  };
  const api = `http://127.0.0.1:${http}`;
  const backend = await startBackend(binary, folder, config, '--config', async () => (await fetch(`http://127.0.0.1:${health}/status`)).ok);
  return {
    ...backend,
    otlp: `http://127.0.0.1:${otlp}`,
    api,
    trace: async (id) => {
      const answer = await fetch(`${api}/api/v3/traces/${id}`);
      if (answer.status === 404) return [];
      if (!answer.ok) throw new Error(`Jaeger answered ${answer.status}: ${await answer.text()}`);
      return spansOf(((await answer.json()) as any).result);
    },
  };
}

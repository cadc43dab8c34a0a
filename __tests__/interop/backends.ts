import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe } from '@jest/globals';
import type { ReceivedSpan } from '../../scripts/receiver.ts';
import { spansOf, spansOfLines } from './spans.ts';

/** A backend at work on loopback, in a folder of its own that goes with it. */
export interface Backend {
  /** OTLP over HTTP, without a path. */
  readonly otlp: string;
  readonly folder: string;
  /** What it wrote to its log so far. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

/** Tests of a backend that `npm run test:interop` built; left out, and shown as such, where it did not. */
export function withBackend<T extends Backend>(name: string, start: (binary: string) => Promise<T>, tests: (backend: () => T) => void): void {
  const binary = process.env[`INTEROP_${name.toUpperCase()}`];
  (binary === undefined ? describe.skip : describe)(name, () => {
    let backend: T | undefined;
    beforeAll(async () => {
      backend = await start(binary!);
    });
    afterAll(async () => {
      await backend?.stop();
    });
    tests(() => backend!);
  });
}

/** A line for whoever runs the tests, beside what they assert. */
export function tell(line: string): void {
  process.stderr.write(`    ${line}\n`);
}

/** Asks again until there is an answer. @throws what was last said when the time is over. */
export async function eventually<T>(ask: () => Promise<T | undefined>, seconds: number, what: string): Promise<T> {
  const until = Date.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > until) throw new Error(`${what} did not happen within ${seconds} s`, { cause: last });
    await sleep(100);
  }
}

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
  const backend = await startBackend(binary, folder, config, ['--config'], async () => {
    const answer = await fetch(`${url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    return answer.ok;
  });
  return { ...backend, otlp: url, spans: (count) => atRest(out, count) };
}

async function atRest(file: string, count: number): Promise<readonly ReceivedSpan[]> {
  let [size, since] = [-1, Date.now()];
  for (;;) {
    await sleep(250);
    const now = await stat(file).then((found) => found.size, () => 0);
    if (now !== size) [size, since] = [now, Date.now()];
    // It flushes every second; parsing while it writes would only be in the way.
    else if (Date.now() - since > 1_250) {
      const spans = size === 0 ? [] : spansOfLines(await readFile(file, 'utf8'));
      if (spans.length >= count || Date.now() - since > 15_000) return spans;
      await sleep(1_000);
    }
  }
}

export interface QueryBackend extends Backend {
  /** Its HTTP API. */
  readonly api: string;
  /** A trace as OTLP; empty when there is none. */
  readonly trace: (id: string) => Promise<readonly ReceivedSpan[]>;
}

/** Tempo as one process. Every limit is its default; what is set are addresses, and when it flushes. */
export async function startTempo(binary: string): Promise<QueryBackend> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interop-tempo-'));
  const [http, grpc, otlp, gossip] = await freePorts(4);
  const ring = { kvstore: { store: 'inmemory' } };
  const config = {
    server: { http_listen_address: '127.0.0.1', http_listen_port: http, grpc_listen_address: '127.0.0.1', grpc_listen_port: grpc },
    distributor: { receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${otlp}` } } } } },
    ingester: { lifecycler: { address: '127.0.0.1', min_ready_duration: '0s', ring: { ...ring, replication_factor: 1 } } },
    querier: { frontend_worker: { frontend_address: `127.0.0.1:${grpc}` } },
    memberlist: { bind_addr: ['127.0.0.1'], bind_port: gossip },
    metrics_generator: {
      ring: { ...ring, instance_addr: '127.0.0.1' },
      processor: { local_blocks: { filter_server_spans: false } },
      storage: { path: path.join(folder, 'generator') },
      traces_storage: { path: path.join(folder, 'generator-traces') },
    },
    compactor: { ring: { ...ring, wait_stability_min_duration: '0s', instance_addr: '127.0.0.1' } },
    storage: { trace: { backend: 'local', local: { path: path.join(folder, 'blocks') }, wal: { path: path.join(folder, 'wal') } } },
    usage_report: { reporting_enabled: false },
    overrides: { defaults: { metrics_generator: { processors: ['local-blocks'] } } },
  };
  const api = `http://127.0.0.1:${http}`;
  const backend = await startBackend(binary, folder, config, ['-config.file'], async () => (await fetch(`${api}/ready`)).ok);
  return {
    ...backend,
    otlp: `http://127.0.0.1:${otlp}`,
    api,
    trace: async (id) => {
      const answer = await fetch(`${api}/api/v2/traces/${id}`, { headers: { accept: 'application/json' } });
      if (answer.status === 404) return [];
      if (!answer.ok) throw new Error(`Tempo answered ${answer.status}: ${await answer.text()}`);
      return spansOf(((await answer.json()) as any).trace);
    },
  };
}

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
  const backend = await startBackend(binary, folder, config, ['--config'], async () => (await fetch(`http://127.0.0.1:${health}/status`)).ok);
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

/** Starts it with its configuration, as JSON, which is YAML. */
async function startBackend(binary: string, folder: string, config: object, flags: readonly string[], ready: () => Promise<boolean>) {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'config.yaml');
  await writeFile(file, JSON.stringify(config));
  const child = spawn(binary, [...flags, file], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  let ended = false;
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (log += text));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));
  void closed.then(() => (ended = true));
  // Tempo may take minutes over SIGTERM after a large trace; its folder is thrown away anyway.
  const stop = async () => {
    child.kill('SIGKILL');
    await closed;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await eventually(async () => {
      if (ended) throw new Error(log.slice(-2_000));
      return (await ready()) || undefined;
    }, 30, `the start of ${path.basename(binary)}`);
  } catch (error) {
    await stop();
    throw new Error(`${path.basename(binary)} did not start: ${log.slice(-2_000)}`, { cause: error });
  }
  return { folder, log: () => log, stop };
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts, type QueryBackend, startBackend } from './backend.ts';
import { spansOf } from './spans.ts';

/** Tempo as one process. Every limit is its default: what is set are addresses, folders, and that metrics may be asked of local blocks. */
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
  const backend = await startBackend(binary, folder, config, '-config.file', async () => (await fetch(`${api}/ready`)).ok);
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

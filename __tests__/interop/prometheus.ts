import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../cli/export-tasks.ts';
import { type Backend, freePorts, startBackend } from './backend.ts';

/** One series of an answer: its labels and its last value. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Rule {
  readonly name: string;
  readonly type: 'alerting' | 'recording';
  readonly health: string;
  readonly lastError?: string;
}

export interface Prometheus extends Backend {
  /** @throws what Prometheus says when it does not take the query. */
  readonly query: (expr: string) => Promise<readonly Series[]>;
  /** The shipped rules, as far as they were evaluated. */
  readonly rules: () => Promise<readonly Rule[]>;
}

/** A Prometheus with its OTLP receiver on and the shipped rules loaded: it does not start with rules it cannot read. Names are translated as it does by default. */
export async function startPrometheus(binary: string): Promise<Prometheus> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interop-prometheus-'));
  const [port] = await freePorts(1);
  const rules = path.join(folder, 'alert-rules.yaml');
  await copyFile(path.join(ROOT, '.github/examples/alert-rules.yaml'), rules);
  const api = `http://127.0.0.1:${port}`;
  const config = { global: { evaluation_interval: '1s' }, rule_files: [rules] };
  const flags = [
    `--web.listen-address=127.0.0.1:${port}`,
    `--storage.tsdb.path=${path.join(folder, 'data')}`,
    '--web.enable-otlp-receiver',
  ];
  const backend = await startBackend(binary, folder, config, '--config.file', async () => (await fetch(`${api}/-/ready`)).ok, flags);
  const ask = async (where: string) => {
    const { status, data, error } = (await (await fetch(`${api}/api/v1/${where}`)).json()) as Answer;
    if (status !== 'success') throw new Error(error);
    return data;
  };
  return {
    ...backend,
    otlp: `${api}/api/v1/otlp/v1/metrics`,
    query: async (expr) =>
      (await ask(`query?query=${encodeURIComponent(expr)}`)).result.map(({ metric, value }) => ({
        labels: metric,
        value: Number(value[1]),
      })),
    rules: async () => (await ask('rules')).groups.flatMap((group) => group.rules),
  };
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] }[];
    readonly groups: readonly { readonly rules: readonly Rule[] }[];
  };
}

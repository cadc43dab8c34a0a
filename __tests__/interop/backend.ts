import { spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe } from '@jest/globals';
import type { ReceivedSpan } from '../../scripts/receiver.ts';

/** A backend at work on loopback, in a folder of its own that goes with it. */
export interface Backend {
  /** OTLP over HTTP, without a path. */
  readonly otlp: string;
  readonly stop: () => Promise<void>;
}

export interface QueryBackend extends Backend {
  /** Its HTTP API. */
  readonly api: string;
  /** A trace as OTLP; empty when there is none. */
  readonly trace: (id: string) => Promise<readonly ReceivedSpan[]>;
}

/** Tests of a backend that `npm run test:interop` built; left out, and shown as such, where it did not. */
export function withBackend<T extends Backend>(
  name: string,
  start: (binary: string) => Promise<T>,
  tests: (backend: () => T) => void,
): void {
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

/** Starts it with its configuration, as JSON, which is YAML, and waits until it is ready. @throws with its log when it is not within 30 s. */
export async function startBackend(
  binary: string,
  folder: string,
  config: object,
  flag: string,
  ready: () => Promise<boolean>,
  more: readonly string[] = [],
): Promise<Pick<Backend, 'stop'>> {
  const file = path.join(folder, 'config.yaml');
  await writeFile(file, JSON.stringify(config));
  const child = spawn(binary, [flag, file, ...more], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
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
    await eventually(
      async () => {
        if (ended) throw new Error(log.slice(-2_000));
        return (await ready()) || undefined;
      },
      30,
      `the start of ${path.basename(binary)}`,
    );
  } catch (error) {
    await stop();
    throw new Error(`${path.basename(binary)} did not start: ${log.slice(-2_000)}`, { cause: error });
  }
  return { stop };
}

/** Ports nobody listens on. */
export async function freePorts(count: number): Promise<readonly number[]> {
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

// One process of `npm run bench -- spans`, alone with its memory: a measurement (its work as JSON in the first argument, its answer on stdout), or the
// receiver (`receive`, spoken to by messages).

// What a first send loads is loaded before the clock starts, as it is for the serializer; what loading costs is seen in a run of two targets that sends.
import '@opentelemetry/otlp-exporter-base';
import { startDeadline } from '../src/host/deadline.ts';
import { systemWorld } from '../src/host/system-world.ts';
import { openCarrier } from '../src/telemetry/carrier.ts';
import { emit } from '../src/telemetry/emit.ts';
import { judgeEndpoint, type Protocol } from '../src/telemetry/endpoint.ts';
import { otlpLines } from '../src/telemetry/otlp-json.ts';
import { protobufRequests } from '../src/telemetry/protobuf-requests.ts';
import { sdkSpans } from '../src/telemetry/sdk-spans.ts';
import { startSender } from '../src/telemetry/sender.ts';
import { draftsOf } from './bench-spans-drafts.ts';

export interface Work {
  /** `serialize` is the stock serializer alone, the measure of the others; `send` goes without a spool. */
  readonly job: 'emit' | 'send' | 'serialize';
  readonly spans: number;
  readonly protocol: Protocol;
  readonly gzip: boolean;
  /** Without one the spans are only spooled. */
  readonly url?: string;
  readonly folder: string;
}

export interface Done extends Outcome {
  readonly ms: number;
  /** Milliseconds of processor time, all threads. */
  readonly cpu: number;
  /** Megabytes, at most. */
  readonly peak: number;
}

interface Outcome {
  readonly sent: number;
  readonly spooled: number;
}

const JOBS: Readonly<Record<Work['job'], (work: Work) => Promise<() => Promise<Outcome>>>> = {
  emit: emitting,
  send: sending,
  serialize: serializing,
};
const [what = ''] = process.argv.slice(2);
if (what === 'receive') await receive();
else console.log(JSON.stringify(await measured(JSON.parse(what) as Work)));

async function measured(work: Work): Promise<Done> {
  const act = await JOBS[work.job](work);
  const cpu = process.cpuUsage();
  const began = performance.now();
  const { sent, spooled } = await act();
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  return { sent, spooled, ms, cpu: (user + system) / 1000, peak: process.resourceUsage().maxRSS / 1024 };
}

async function emitting({ spans, protocol, gzip, url, folder }: Work): Promise<() => Promise<Outcome>> {
  const world = systemWorld(gzip ? { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' } : {}, folder, () => undefined);
  const drafts = draftsOf(spans);
  const settings = { mode: 'auto', protocol, timeoutMs: 120_000, spoolPath: 'spool.jsonl', ...(url ? { endpoint: url } : {}) } as const;
  return () => emit(drafts, settings, world);
}

async function sending({ spans, protocol, url = '', folder }: Work): Promise<() => Promise<Outcome>> {
  const endpoint = judgeEndpoint({ fromEnvironment: false, endpoint: url, protocol }, {});
  if (endpoint.state !== 'ready') throw new Error(`${url} is no endpoint`);
  const world = systemWorld({}, folder, () => undefined);
  const drafts = draftsOf(spans);
  return async () => {
    using deadline = startDeadline(120_000);
    const carrier = await openCarrier(endpoint, world, deadline);
    const sender = startSender(carrier, deadline);
    const lines: number[] = [];
    for (const line of otlpLines(drafts, sdkSpans(drafts), protocol === 'http/protobuf' ? protobufRequests(drafts) : undefined)) {
      await sender.offer(line, lines.push(line.spans) - 1);
    }
    const { accepted } = await sender.finish();
    carrier.close();
    return { sent: lines.reduce((sum, count, number) => sum + (accepted.has(number) ? count : 0), 0), spooled: 0 };
  };
}

async function serializing({ spans, protocol }: Work): Promise<() => Promise<Outcome>> {
  const { serializers, stockSpans } = await import('./bench-spans-stock.ts');
  const made = stockSpans(draftsOf(spans));
  return async () => {
    for (let at = 0; at < made.length; at += 512) serializers[protocol].serializeRequest(made.slice(at, at + 512));
    return { sent: 0, spooled: 0 };
  };
}

/** What arrived since it was last asked. */
export interface Arrived {
  readonly spans: number;
  readonly distinct: number;
  readonly bytes: number;
  readonly faults: readonly string[];
}

/** Takes requests as they come and judges them when it is asked, after the clock has stopped: the strict receiver costs more than the sender. */
async function receive(): Promise<void> {
  const { readRequest, startReceiver } = await import('./receiver.ts');
  let held: (Parameters<typeof readRequest>[0] & { readonly body: Buffer })[] = [];
  const receiver = await startReceiver({
    behaviour: ({ request: { method = '', url = '', headers }, body, response }) => {
      held.push({ method, path: url, headers, body });
      const json = headers['content-type'] === 'application/json';
      response.writeHead(200, { 'content-type': headers['content-type'] }).end(json ? '{}' : '');
      return true;
    },
  });
  process.on('message', () => {
    process.send?.(judge(held));
    held = [];
  });
  process.on('disconnect', () => void receiver.close());
  process.send?.(receiver.url);

  function judge(requests: typeof held): Arrived {
    const ids = new Set<string>();
    const faults = new Set<string>();
    let [spans, bytes] = [0, 0];
    for (const { body, ...request } of requests) {
      bytes += body.length;
      try {
        const read = readRequest(request, body).spans;
        spans += read.length;
        for (const { spanId } of read) ids.add(spanId);
      } catch (error) {
        faults.add(String(error));
      }
    }
    return { spans, distinct: ids.size, bytes, faults: [...faults] };
  }
}

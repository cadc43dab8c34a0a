import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Exchange, type Receiver, type ReceiverOptions, startReceiver } from '../../scripts/receiver.ts';
import { checkMetrics } from '../../scripts/receiver-metrics.ts';
import type { World } from '../../src/host/world.ts';
import type { Drafts } from '../../src/telemetry/draft.ts';
import { draftMetrics } from '../../src/telemetry/draft-metrics.ts';
import { draftSpans } from '../../src/telemetry/draft-spans.ts';
import type { Emission } from '../../src/telemetry/emission.ts';
import { type EmitSettings, emit } from '../../src/telemetry/emit.ts';
import { replaySpool } from '../../src/telemetry/replay.ts';
import { readTrace, renderTrace, traceDocument } from '../../src/telemetry/view.ts';
import { gate, shopInput, testWorld } from './shop.ts';

const QUICK = { retries: 1, firstWait: 20, longestWait: 60 };
const SPOOL = 'task-spans.otlp.jsonl';

const input = shopInput({ gates: [gate('a'), gate('b', { outcome: 'fail', severity: 'warning' })] });
const spans = draftSpans(input);
const metrics = draftMetrics({
  drafts: spans,
  contract: input.contract,
  types: input.types,
  gates: input.gates,
  manifest: [],
  policy: [],
})!;
const drafts: Drafts = { ...spans, metrics };
const POINTS = metrics.metrics.reduce((sum, metric) => sum + metric.points.length, 0);
const SPANS = spans.spans.length;

let root: string;
let receivers: Receiver[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'metrics-'));
  receivers = [];
});

afterEach(async () => {
  await Promise.all(receivers.map((receiver) => receiver.close()));
  await rm(root, { recursive: true, force: true });
});

async function receive(behaviour?: ReceiverOptions['behaviour']): Promise<Receiver> {
  const receiver = await startReceiver(behaviour ? { behaviour } : {});
  receivers.push(receiver);
  return receiver;
}

/** Answers requests at one path so, and takes the others. */
function atPath(path: string, status: number, body = ''): ReceiverOptions['behaviour'] {
  return ({ request, response }: Exchange) => request.url === path && answered(response, status, body);
}

function answered(response: ServerResponse, status: number, body: string): boolean {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  return true;
}

async function emitted(more: Partial<EmitSettings>, env: World['env'] = {}): Promise<Emission> {
  const settings = { mode: 'auto', timeoutMs: 5_000, spoolPath: SPOOL, patience: QUICK, ...more } as const;
  const emission = await emit(drafts, settings, testWorld(root, env));
  const { metrics: told } = emission;
  const idle = emission.state === 'previewed' || emission.state === 'none';
  if (!idle) expect(emission.sent + emission.spooled + emission.lost).toBe(emission.drafted);
  if (told) expect(told.sent + told.spooled + told.lost).toBe(told.drafted);
  return emission;
}

/** Which signal each line of the spool holds; empty when there is none. */
async function spooled(): Promise<readonly string[]> {
  const text = await readFile(join(root, SPOOL), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [Object.keys(JSON.parse(line))[0]!]));
}

const BOTH = ['resourceSpans', 'resourceMetrics'];

describe('to a receiver that takes both', () => {
  test.each([['http/json'], ['http/protobuf']] as const)('%s: every point arrives as it was drafted, at its own path', async (protocol) => {
    const receiver = await receive();
    const emission = await emitted({ endpoint: receiver.url, protocol });
    expect(emission).toMatchObject({ state: 'sent', sent: SPANS, metrics: { drafted: POINTS, sent: POINTS, spooled: 0, lost: 0 } });
    expect(emission.reason).not.toMatch(/metric/);
    expect(receiver.requests.map(({ path, status }) => `${status} ${path}`)).toEqual(['200 /v1/traces', '200 /v1/metrics']);
    const drafted = metrics.metrics.flatMap(({ spec, points }) =>
      points.map(({ attributes, value }) => [spec.name, Object.entries(attributes), value]),
    );
    expect(
      receiver
        .points()
        .map(({ metric, attributes, value }) => [
          metric,
          Object.entries(attributes).map(([key, held]) => [key, held.value]),
          Number(value.value),
        ]),
    ).toEqual(drafted);
    expect(Object.keys(receiver.points()[0]!.resource)[0]).toBe('service.instance.id');
    expect(await readdir(root)).toEqual([]);
  });

  test('counters leave as delta where the environment prefers that', async () => {
    const receiver = await receive();
    await emitted({ endpoint: receiver.url }, { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'Delta' });
    expect(new Set(receiver.points().flatMap(({ temporality }) => temporality ?? []))).toEqual(new Set(['delta']));
  });

  test('a full address of the traces leads to the metrics beside it', async () => {
    const receiver = await receive();
    expect(await emitted({ endpoint: `${receiver.url}/v1/traces` })).toMatchObject({ state: 'sent', metrics: { sent: POINTS } });
  });

  test('points that it rejects are lost, and no span is', async () => {
    const body = JSON.stringify({ partialSuccess: { rejectedDataPoints: '2', errorMessage: 'too old' } });
    const receiver = await receive(atPath('/v1/metrics', 200, body));
    const emission = await emitted({ endpoint: receiver.url });
    expect(emission).toMatchObject({ state: 'sent', lost: 0, metrics: { sent: POINTS - 2, lost: 2 } });
    expect(emission.reason).toContain(`rejected 2 of ${POINTS} points: "too old": 2 metric points dropped.`);
    expect(await spooled()).toEqual([]);
  });
});

describe('to a receiver that takes traces only', () => {
  test.each([[404], [405], [501], [400], [413]])(
    'after %i every span counts as sent, no point waits, and one sentence says so',
    async (status) => {
      const receiver = await receive(atPath('/v1/metrics', status));
      const emission = await emitted({ endpoint: receiver.url });
      expect(emission).toMatchObject({ state: 'sent', sent: SPANS, lost: 0, metrics: { sent: 0, spooled: 0, lost: POINTS } });
      expect(emission.reason).toContain(`${POINTS} metric points dropped.`);
      expect(emission.acceptedAt).toBeDefined();
      expect(emission.spool).toBeUndefined();
      expect(await readdir(root)).toEqual([]);
      expect(receiver.requests.length).toBe(2);
    },
  );

  test('the sentence names the path and what it answered', async () => {
    const receiver = await receive(atPath('/v1/metrics', 404));
    const { reason } = await emitted({ endpoint: receiver.url });
    expect(reason).toBe(
      `${new URL(receiver.url).host} accepted all ${SPANS} spans. ${new URL(receiver.url).host} takes no metrics (404 at /v1/metrics): ${POINTS} metric points dropped.`,
    );
  });

  test.each([
    ['asks for credentials', 401],
    ['is busy for good', 503],
  ])('points wait where it %s', async (_, status) => {
    const receiver = await receive(atPath('/v1/metrics', status));
    const emission = await emitted({ endpoint: receiver.url });
    expect(emission).toMatchObject({ state: 'sent', sent: SPANS, spool: SPOOL, metrics: { spooled: POINTS, lost: 0 } });
    expect(emission.reason).toContain(`${POINTS} metric points wait in ${SPOOL}. Send with: export-tasks replay ${SPOOL}`);
    expect(await spooled()).toEqual(['resourceMetrics']);
  });
});

describe('beside spans that do not leave', () => {
  test('points wait with them where no address is set', async () => {
    const emission = await emitted({});
    expect(emission).toMatchObject({ state: 'spooled', spooled: SPANS, metrics: { spooled: POINTS } });
    expect(emission.reason).toContain(`${SPANS} spans wait in ${SPOOL}. ${POINTS} metric points wait with them. Send with`);
    expect(await spooled()).toEqual(BOTH);
  });

  test.each([[400], [404], [503]])('a receiver that answers %i to the spans is not asked for metrics', async (status) => {
    const receiver = await receive(({ response }) => answered(response, status, ''));
    const emission = await emitted({ endpoint: receiver.url });
    expect(emission).toMatchObject({ state: 'spooled', metrics: { spooled: POINTS } });
    expect(receiver.requests.filter(({ path }) => path !== '/v1/traces')).toEqual([]);
    expect(await spooled()).toEqual(BOTH);
  });

  test.each([['dry-run'], ['false']] as const)('mode %s measures nothing', async (mode) => {
    const emission = await emitted({ mode });
    expect(emission.metrics).toBeUndefined();
    expect(await readdir(root)).toEqual([]);
  });

  test('a spool that cannot be written is told of the points too', async () => {
    const emission = await emitted({ spoolPath: `${'x'.repeat(300)}/spool.jsonl` });
    expect(emission).toMatchObject({ state: 'lost', lost: SPANS, metrics: { lost: POINTS } });
    expect(emission.reason).toContain(`${POINTS} metric points dropped.`);
  });
});

describe('the environment', () => {
  test('sends each signal to the address that it names for it', async () => {
    const [traces, beside] = [await receive(), await receive()];
    const emission = await emitted(
      { mode: 'true' },
      {
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${traces.url}/v1/traces`,
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${beside.url}/v1/metrics`,
        OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-tenant=shop',
      },
    );
    expect(emission).toMatchObject({ state: 'sent', metrics: { sent: POINTS } });
    expect(traces.requests.map(({ path, headers }) => [path, headers['x-tenant']])).toEqual([['/v1/traces', undefined]]);
    expect(beside.requests.map(({ path, headers }) => [path, headers['x-tenant']])).toEqual([['/v1/metrics', 'shop']]);
  });

  test('an address of its own is asked though the one for traces is away', async () => {
    const [traces, beside] = [await receive(({ response }) => answered(response, 401, '')), await receive()];
    const env = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces.url, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${beside.url}/v1/metrics` };
    expect(await emitted({ mode: 'true' }, env)).toMatchObject({ state: 'spooled', metrics: { sent: POINTS, spooled: 0 } });
    expect(await spooled()).toEqual(['resourceSpans']);
  });

  test.each([
    ['with an address for traces alone, nobody waits for metrics', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'here/v1/traces' }],
    ['OTEL_METRICS_EXPORTER=none is kept', { OTEL_EXPORTER_OTLP_ENDPOINT: 'here', OTEL_METRICS_EXPORTER: 'none' }],
  ])('%s', async (_, given) => {
    const receiver = await receive();
    const env = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, value.replace('here', receiver.url)]));
    const emission = await emitted({ mode: 'true' }, env);
    expect(emission).toMatchObject({ state: 'sent', sent: SPANS });
    expect(emission.metrics).toBeUndefined();
    expect(receiver.requests.map(({ path }) => path)).toEqual(['/v1/traces']);
    expect(await readdir(root)).toEqual([]);
  });

  test('an address for metrics that cannot be used is told, and the spans leave', async () => {
    const receiver = await receive();
    const env = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/v1/traces`, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'prometheus:9090' };
    const emission = await emitted({ mode: 'true' }, env);
    expect(emission).toMatchObject({ state: 'sent', metrics: { spooled: POINTS } });
    expect(emission.reason).toContain('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT is "prometheus:9090", which has no scheme');
  });
});

describe('replay', () => {
  const replay = (settings: object, env: World['env'] = {}) =>
    replaySpool(SPOOL, { timeoutMs: 5_000, patience: QUICK, ...settings }, testWorld(root, env));

  test.each([['http/json'], ['http/protobuf']] as const)(
    '%s: sends both to their paths, as they would have left, and empties the spool',
    async (protocol) => {
      await emitted({});
      const [line] = (await readFile(join(root, SPOOL), 'utf8')).split('\n').filter((text) => text.startsWith('{"resourceMetrics"'));
      const receiver = await receive();
      const done = await replay({ endpoint: receiver.url, protocol });
      expect(done).toMatchObject({
        state: 'sent',
        found: SPANS,
        sent: SPANS,
        unreadableLines: 0,
        metrics: { found: POINTS, sent: POINTS },
      });
      expect(done.reason).toContain(`accepted all ${SPANS} spans. Metric points: ${POINTS} sent.`);
      expect(receiver.requests.map(({ path }) => path)).toEqual(['/v1/traces', '/v1/metrics']);
      expect(receiver.points()).toEqual(checkMetrics(line!));
      expect(await readdir(root)).toEqual([]);
    },
  );

  test('of metrics to a receiver of traces drops them, says so, and asks once for many lines', async () => {
    await emitted({});
    const line = (await readFile(join(root, SPOOL), 'utf8')).split('\n').find((text) => text.startsWith('{"resourceMetrics"'))!;
    await appendFile(join(root, SPOOL), `${line}\n${line}\n`);
    const receiver = await receive(atPath('/v1/metrics', 404));
    const done = await replay({ endpoint: receiver.url });
    expect(done).toMatchObject({ state: 'sent', sent: SPANS, metrics: { found: 3 * POINTS, sent: 0, waiting: 0, lost: 3 * POINTS } });
    expect(done.reason).toContain('takes no metrics (404 at /v1/metrics)');
    expect(receiver.requests.filter(({ path }) => path === '/v1/metrics').length).toBe(1);
    expect(await readdir(root)).toEqual([]);
  });

  test('leaves them in place where the receiver is away for them, and sends them the next time', async () => {
    await emitted({});
    const away = await receive(atPath('/v1/metrics', 503));
    expect(await replay({ endpoint: away.url })).toMatchObject({ state: 'sent', waiting: 0, metrics: { waiting: POINTS, lost: 0 } });
    expect(await spooled()).toEqual(['resourceMetrics']);
    const back = await receive();
    expect(await replay({ endpoint: back.url })).toMatchObject({ state: 'sent', found: 0, metrics: { sent: POINTS, waiting: 0 } });
    expect(await readdir(root)).toEqual([]);
  });

  test.each([
    ['an address for traces alone', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'here' }, 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT names one'],
    ['OTEL_METRICS_EXPORTER=none', { OTEL_EXPORTER_OTLP_ENDPOINT: 'here', OTEL_METRICS_EXPORTER: 'none' }, 'OTEL_METRICS_EXPORTER is none'],
  ])('with %s sends the spans, and says why the metrics wait', async (_, given, why) => {
    await emitted({});
    const receiver = await receive(({ request, response }) => request.url === '/' && answered(response, 200, '{}'));
    const env = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, value.replace('here', receiver.url)]));
    const done = await replay({}, env);
    expect(done).toMatchObject({ sent: SPANS, metrics: { waiting: POINTS } });
    expect(done.reason).toContain(why);
    expect(await spooled()).toEqual(['resourceMetrics']);
  });

  test('a receiver that takes no span is not asked for metrics', async () => {
    await emitted({});
    const receiver = await receive(({ response }) => answered(response, 401, ''));
    expect(await replay({ endpoint: receiver.url })).toMatchObject({ state: 'waiting', waiting: SPANS, metrics: { waiting: POINTS } });
    expect(receiver.requests.length).toBe(1);
    expect(await spooled()).toEqual(BOTH);
  });

  test('what of another’s metrics cannot be said in protobuf stays where it is', async () => {
    const histogram = '{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"h","histogram":{"dataPoints":[{"count":"1"}]}}]}]}]}';
    await appendFile(join(root, SPOOL), `${histogram}\n`);
    const receiver = await receive();
    const done = await replay({ endpoint: receiver.url, protocol: 'http/protobuf' });
    expect(done).toMatchObject({ state: 'waiting', metrics: { found: 1, waiting: 1 } });
    expect(done.reason).toContain('the metric h is neither a gauge nor a sum');
    expect(await readFile(join(root, SPOOL), 'utf8')).toBe(`${histogram}\n`);
  });
});

test('view shows the trace of a spool, and how many points stand beside it', async () => {
  await emitted({});
  const tree = await readTrace(SPOOL, testWorld(root));
  expect(tree).toMatchObject({ spans: SPANS, unreadableLines: 0, metricPoints: POINTS });
  expect(renderTrace(tree, { colour: false })).toContain(`${POINTS} metric points beside it`);
  expect(traceDocument(tree)).toMatchObject({ metric_points: POINTS, unreadable_lines: 0 });
});

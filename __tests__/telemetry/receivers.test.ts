import { readFile } from 'node:fs/promises';
import * as http from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkRequest, type Exchange } from '../../scripts/receiver.ts';
import type { Drafts } from '../../src/telemetry/draft.ts';
import { draftSpans } from '../../src/telemetry/draft-spans.ts';
import type { Emission } from '../../src/telemetry/emission.ts';
import { type EmitSettings, emit } from '../../src/telemetry/emit.ts';
import { judgeNoAnswer } from '../../src/telemetry/judge-answer.ts';
import { replaySpool } from '../../src/telemetry/replay.ts';
import { emptyRoot, receiving } from './receiving.ts';
import { countingIds, NOW, shopInput, testWorld } from './shop.ts';

// Further rows of otel.md §3.3 and of the receivers that people meet; the first stand in emit.test.ts.

const QUICK = { retries: 2, firstWait: 20, longestWait: 60 };
const SPOOL = 'task-spans.otlp.jsonl';
const JSON_TYPE = { 'content-type': 'application/json' };
const drafts = draftSpans(shopInput());

const root = emptyRoot();
const receive = receiving();

function send(endpoint: string, more: Partial<EmitSettings> = {}, env: Record<string, string> = {}): Promise<Emission> {
  return emit(drafts, { mode: 'auto', timeoutMs: 10_000, spoolPath: SPOOL, patience: QUICK, endpoint, ...more }, testWorld(root(), env));
}

async function waiting(): Promise<number> {
  const text = await readFile(join(root(), SPOOL), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => (line === '' ? [] : checkRequest(line))).length;
}

async function expectAllWaiting(emission: Emission, why: string): Promise<void> {
  expect(emission).toMatchObject({ state: 'spooled', sent: 0, spooled: emission.drafted, lost: 0, reason: expect.stringContaining(why) });
  expect(emission.reason).toContain(`export-tasks replay ${SPOOL}`);
  expect(await waiting()).toBe(emission.drafted);
}

function reply(status: number, body = '', headers: http.OutgoingHttpHeaders = {}): (exchange: Exchange) => boolean {
  return ({ response }) => {
    response.writeHead(status, headers);
    response.end(body);
    return true;
  };
}

describe('one sentence says what happened', () => {
  test.each([
    ['302', reply(302, '', { location: 'https://login.example/' }), 'answered 302, a redirect to login.example, which is not followed', 1],
    ['308', reply(308, '', { location: '/v2' }), 'answered 308, a redirect to another path, which is not followed', 1],
    ['400', reply(400, '{"message":"bad id"}', JSON_TYPE), 'answered 400 ("{"message":"bad id"}")', 1],
    ['401', reply(401), 'answered 401: it wants credentials; set otlp-headers', 1],
    ['408', reply(408), 'answered 408: it waited too long for the request', 1],
    ['415', reply(415), 'answered 415: it does not take this encoding; try otlp-protocol: http/protobuf', 1],
    ['500', reply(500, '<html>', { 'content-type': 'text/html' }), 'answered 500.', 1],
    ['503', reply(503), 'answered 503 (unavailable)', 3],
    [
      '200 with a login page',
      reply(200, '<html>', { 'content-type': 'text/html' }),
      'answered 200 with text/html that is no OTLP response; is it a login page or a proxy? ',
      1,
    ],
    [
      '200 with half a JSON text',
      reply(200, '{"partialSuccess"', JSON_TYPE),
      'answered 200 with application/json that is no OTLP response',
      1,
    ],
  ])('%s', async (_, behaviour, why, requests) => {
    const receiver = await receive(behaviour);
    await expectAllWaiting(await send(receiver.url), why);
    expect(receiver.requests).toHaveLength(requests);
  });

  test('a name that nobody has', async () => {
    await expectAllWaiting(await send(`http://${'x'.repeat(64)}.example:4318`), 'could not be reached (ENOTFOUND)');
  });

  test('the port of gRPC', () => {
    expect(judgeNoAnswer({ kind: 'unreachable', code: 'ECONNREFUSED' }, '4317')).toMatchObject({
      reason: 'could not be reached (ECONNREFUSED); 4317 is gRPC, try 4318',
    });
  });

  test('one that closes before it has read the request', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const emission = await send(`http://127.0.0.1:${port}`);
    server.close();
    await expectAllWaiting(emission, 'closed the connection before it had answered');
  });
});

describe('a receiver that asks for patience', () => {
  test.each([
    ['a date that is over', () => new Date(NOW.getTime() - 60_000).toUTCString()],
    ['no seconds', () => '0'],
    ['one second, of which at most 60 ms are waited here', () => '1'],
  ])('Retry-After: %s', async (_, after) => {
    const receiver = await receive(({ number, response }) => {
      if (number > 0) return false;
      response.writeHead(503, { 'retry-after': after() }).end();
      return true;
    });
    expect(await send(receiver.url)).toMatchObject({ state: 'sent', sent: drafts.spans.length });
    expect(receiver.requests).toHaveLength(2);
  });

  test('a date beyond the deadline is not waited for', async () => {
    const receiver = await receive(reply(429, '', { 'retry-after': new Date(NOW.getTime() + 3_600_000).toUTCString() }));
    const emission = await send(receiver.url, { patience: { ...QUICK, longestWait: 10_000_000 } });
    await expectAllWaiting(emission, 'the next try would come after the time is up');
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('a receiver that takes its time', () => {
  test('an answer that drips a byte every two seconds is cut off at the deadline', async () => {
    const receiver = await receive(({ response }) => {
      response.writeHead(200, JSON_TYPE).write('{');
      const timer = setInterval(() => response.write(' '), 2_000);
      response.on('close', () => clearInterval(timer));
      return true;
    });
    const start = performance.now();
    await expectAllWaiting(await send(receiver.url, { timeoutMs: 700 }), 'had not answered when the time was up');
    expect(performance.now() - start).toBeLessThan(2_700);
  });

  test('one request may take as long as OTEL_EXPORTER_OTLP_TRACES_TIMEOUT says, and no longer', async () => {
    const receiver = await receive(() => true);
    const env = { OTEL_EXPORTER_OTLP_TIMEOUT: '60000', OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '50' };
    await expectAllWaiting(await send(receiver.url, {}, env), 'did not answer in time');
  });
});

describe('a proxy', () => {
  async function proxied(): Promise<{ readonly url: string; readonly asked: readonly string[] } & AsyncDisposable> {
    const asked: string[] = [];
    const proxy = http.createServer((request, response) => {
      asked.push(request.url ?? '');
      request.pipe(http.request(request.url!, { method: request.method, headers: request.headers }, (answer) => answer.pipe(response)));
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}`,
      asked,
      [Symbol.asyncDispose]: async () => {
        proxy.closeAllConnections();
        proxy.close();
      },
    };
  }

  test.each([
    ['HTTP_PROXY', {}, 1],
    ['http_proxy', {}, 1],
    ['HTTPS_PROXY', {}, 0],
    ['HTTP_PROXY', { NO_PROXY: 'example.com, 127.0.0.1' }, 0],
    ['HTTP_PROXY', { NO_PROXY: 'example.com' }, 1],
  ])('%s with %j is asked %d times', async (name, env, times) => {
    await using proxy = await proxied();
    const receiver = await receive();
    expect(await send(receiver.url, {}, { [name]: proxy.url, ...env })).toMatchObject({ state: 'sent' });
    expect(proxy.asked).toHaveLength(times);
  });

  test('that wants credentials is told as one', async () => {
    const proxy = await receive(reply(407));
    await expectAllWaiting(
      await send('http://collector.test:4318', {}, { HTTP_PROXY: proxy.url }),
      'answered 407: the proxy wants credentials',
    );
  });
});

test('dies halfway through 100,000 spans: what it took is sent, the rest waits, and a replay completes it', async () => {
  const many = manySpans(100_000);
  const [first, second] = [countingSpans(), countingSpans()];
  const dying = await receive(({ number, request, response, body }) => {
    if (number < 100) return first.answer(response, body);
    request.socket.destroy();
    return true;
  });
  const settings = { mode: 'auto', timeoutMs: 60_000, spoolPath: SPOOL, patience: QUICK, endpoint: dying.url } as const;
  const emission = await emit(many, settings, testWorld(root()));
  expect(emission).toMatchObject({ state: 'partial', drafted: many.spans.length, sent: first.count(), lost: 0 });
  expect(emission.sent + emission.spooled).toBe(emission.drafted);
  expect(emission.reason).toContain('closed the connection');
  const whole = await receive(({ response, body }) => second.answer(response, body));
  const replay = await replaySpool(SPOOL, { endpoint: whole.url, timeoutMs: 60_000 }, testWorld(root()));
  expect(replay).toMatchObject({ state: 'sent', found: emission.spooled, sent: emission.spooled, waiting: 0 });
  expect({ together: first.count() + second.count(), different: new Set([...first.ids, ...second.ids]).size }).toEqual({
    together: many.spans.length,
    different: many.spans.length,
  });
}, 90_000);

/** One task again and again, with few words: what is asked here is the count. */
function manySpans(count: number): Drafts {
  const { events: _, ...task } = drafts.spans.find(({ name }) => name === 'contextcore.task.task')!;
  const ids = countingIds();
  return {
    ...drafts,
    spans: Array.from({ length: count }, () => ({ ...task, spanId: ids.spanId(), events: [], attributes: { 'task.id': 'a' } })),
  };
}

/** Reads no more of a request than the ids of its spans; judging 100,000 strictly would take longer than sending them. */
function countingSpans() {
  const ids: string[] = [];
  return {
    ids,
    count: () => ids.length,
    answer: (response: http.ServerResponse, body: Buffer) => {
      for (const [, id] of body.toString().matchAll(/"spanId":"([0-9a-f]{16})"[^{}[\]]*"name"/g)) ids.push(id!);
      response.writeHead(200, JSON_TYPE).end('{}');
      return true;
    },
  };
}

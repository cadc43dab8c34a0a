import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import * as http from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkRequest, type Exchange, type Receiver, type ReceiverOptions, startReceiver } from '../../scripts/receiver.ts';
import { declaredType } from '../../src/telemetry/attributes.ts';
import { draftSpans } from '../../src/telemetry/draft-spans.ts';
import type { Emission } from '../../src/telemetry/emission.ts';
import { type EmitSettings, emit } from '../../src/telemetry/emit.ts';
import { replaySpool } from '../../src/telemetry/replay.ts';
import { gate, manyArtifacts, shopInput, testWorld } from './shop.ts';

const QUICK = { retries: 2, firstWait: 20, longestWait: 60 };
const SPOOL = 'out/task-spans.otlp.jsonl';

let root: string;
let receivers: Receiver[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'emit-'));
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

function settings(more: Partial<EmitSettings> = {}): EmitSettings {
  // Time enough on any machine: where it is to run out, a test says how soon.
  return { mode: 'auto', timeoutMs: 25_000, spoolPath: SPOOL, patience: QUICK, ...more };
}

async function spooledSpans(): Promise<number> {
  const text = await readFile(join(root, SPOOL), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .reduce((sum, line) => sum + checkRequest(line).length, 0);
}

function addsUp(emission: Emission): void {
  expect(emission.sent + emission.spooled + emission.lost).toBe(emission.drafted);
}

const drafts = draftSpans(shopInput({ gates: [gate('a')], questions: [{ id: 'q', question: 'why?', status: 'open', priority: 'low' }] }));

describe('without a receiver', () => {
  test('the spool is the result, and the sentence names the replay', async () => {
    const emission = await emit(drafts, settings(), testWorld(root));
    expect(emission).toMatchObject({
      state: 'spooled',
      sent: 0,
      spooled: drafts.spans.length,
      lost: 0,
      spool: 'task-spans.otlp.jsonl',
      traceId: drafts.traceId,
    });
    expect(emission.reason).toContain(`export-tasks replay ${SPOOL} --otlp-endpoint URL`);
    expect(emission.acceptedAt).toBeUndefined();
    expect(await spooledSpans()).toBe(drafts.spans.length);
  });

  test.each([
    ['dry-run', 'previewed'],
    ['false', 'none'],
  ] as const)('mode %s writes nothing: %s', async (mode, state) => {
    const emission = await emit(drafts, settings({ mode }), testWorld(root));
    expect(emission).toMatchObject({ state, sent: 0, spooled: 0, lost: 0, drafted: drafts.spans.length });
    expect(await readdir(root)).toEqual([]);
  });

  test('honours OTEL_SDK_DISABLED', async () => {
    expect(await emit(drafts, settings(), testWorld(root, { OTEL_SDK_DISABLED: 'true' }))).toMatchObject({ state: 'none', spooled: 0 });
  });

  test('auto leaves an endpoint of the environment alone, and says so', async () => {
    const receiver = await receive();
    const emission = await emit(drafts, settings(), testWorld(root, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }));
    expect(emission.state).toBe('spooled');
    expect(emission.reason).toContain('OTEL_EXPORTER_OTLP_ENDPOINT is, but emit-tasks is auto');
    expect(receiver.requests).toEqual([]);
  });

  test('a second run moves the first spool aside', async () => {
    await emit(drafts, settings(), testWorld(root));
    await emit(drafts, settings(), testWorld(root));
    expect((await readdir(join(root, 'out'))).sort()).toEqual(['task-spans.otlp.jsonl', 'task-spans.otlp.jsonl.bak']);
    expect(await spooledSpans()).toBe(drafts.spans.length);
  });

  test('a spool that cannot be written is told as lost', async () => {
    await writeFile(join(root, 'out'), 'a file in the way');
    const emission = await emit(drafts, settings(), testWorld(root));
    expect(emission).toMatchObject({ state: 'lost', lost: drafts.spans.length, spooled: 0 });
    expect(emission.reason).toMatch(/the spool could not be written/);
    expect(emission.reason).not.toContain(root);
  });

  test('a link in place of the spool is not followed', async () => {
    const victim = join(root, 'victim');
    await writeFile(victim, '');
    await symlink(victim, join(root, 'link.jsonl'));
    expect(await emit(drafts, settings({ spoolPath: 'link.jsonl' }), testWorld(root))).toMatchObject({ state: 'lost' });
    expect(await readFile(victim, 'utf8')).toBe('');
  });
});

describe('to a receiver that works', () => {
  test.each([['http/json'], ['http/protobuf']] as const)(
    '%s: every span arrives as it was drafted, and no spool stays',
    async (protocol) => {
      const receiver = await receive();
      const emission = await emit(drafts, settings({ endpoint: receiver.url, protocol }), testWorld(root));
      expect(emission).toMatchObject({
        state: 'sent',
        sent: drafts.spans.length,
        spooled: 0,
        lost: 0,
        acceptedAt: '2026-03-01T12:00:00.000+00:00',
      });
      expect(emission.spool).toBeUndefined();
      expect(await readdir(join(root, 'out'))).toEqual([]);
      const shape = (span: { traceId: string; spanId: string; parentSpanId?: string; name: string; start: bigint; end: bigint }) => [
        span.name,
        span.traceId,
        span.spanId,
        span.parentSpanId,
        span.start,
        span.end,
      ];
      expect(receiver.spans().map(shape)).toEqual(drafts.spans.map(shape));
      expect(receiver.spans().map((span) => span.links)).toEqual(
        drafts.spans.map((span) => span.links.map((link) => ({ ...link, attributes: expect.anything() }))),
      );
      expect(receiver.spans().map((span) => span.events.map((event) => event.name))).toEqual(
        drafts.spans.map((span) => span.events.map((event) => event.name)),
      );
      expect(Object.keys(receiver.spans()[0]!.resource)[0]).toBe('service.instance.id');
    },
  );

  test.each([['http/json'], ['http/protobuf']] as const)(
    '%s: a number has the type its key declares, at 0 and 100 too',
    async (protocol) => {
      const receiver = await receive();
      await emit(drafts, settings({ endpoint: receiver.url, protocol }), testWorld(root));
      const types = new Map<string, Set<string>>();
      for (const span of receiver.spans()) {
        for (const [key, { type }] of Object.entries(span.attributes)) types.set(key, (types.get(key) ?? new Set()).add(type));
      }
      expect(types.get('task.percent_complete')).toEqual(new Set(['double']));
      expect(types.get('coverage.total_gaps')).toEqual(new Set(['int']));
      expect(types.get('artifact.parameters.threshold')).toEqual(new Set(['double']));
      for (const [key, found] of types) {
        const declared = declaredType(key);
        if (declared !== 'any') expect([key, [...found]]).toEqual([key, [declared === 'string[]' ? 'array' : declared]]);
      }
    },
  );

  test('sends the very bytes that it spools', async () => {
    const receiver = await receive();
    await emit(drafts, settings(), testWorld(root));
    const spooled = await readFile(join(root, SPOOL), 'utf8');
    await emit(drafts, settings({ endpoint: receiver.url, spoolPath: 'other.jsonl' }), testWorld(root));
    expect(
      receiver
        .bodies()
        .map((body) => `${body.toString()}\n`)
        .join(''),
    ).toBe(spooled);
  });

  test('a thousand spans go in several requests, at most four at a time', async () => {
    let [open, most] = [0, 0];
    const two = Promise.withResolvers<void>();
    const receiver = await receive(async ({ number, accept, response }) => {
      most = Math.max(most, ++open);
      if (open > 1) two.resolve();
      // The first goes alone; then no answer before there are two to wait for it.
      if (number > 0) await two.promise;
      accept();
      open -= 1;
      response.end('{}');
      return true;
    });
    const many = draftSpans(shopInput({ artifacts: manyArtifacts(3000) }));
    const emission = await emit(many, settings({ endpoint: receiver.url }), testWorld(root));
    expect(emission).toMatchObject({ state: 'sent', sent: many.spans.length });
    expect(new Set(receiver.spans().map((span) => span.spanId)).size).toBe(many.spans.length);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    expect(Math.max(...receiver.requests.map((request) => request.spans))).toBeLessThanOrEqual(512);
  });

  test('takes endpoint, headers and protocol from the environment when asked to', async () => {
    const receiver = await receive();
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=a%20b',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
    };
    expect(await emit(drafts, settings({ mode: 'true' }), testWorld(root, env))).toMatchObject({ state: 'sent' });
    expect(receiver.requests[0]?.headers).toMatchObject({ 'x-tenant': 'a b', 'content-type': 'application/x-protobuf' });
    expect(receiver.requests[0]?.headers['content-encoding']).toBeUndefined();
  });

  test('samplers and limits of the environment change nothing', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      OTEL_TRACES_SAMPLER: 'always_off',
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '1',
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '2',
    });
    try {
      const receiver = await receive();
      await emit(drafts, settings({ endpoint: receiver.url }), testWorld(root));
      expect(receiver.spans().map((span) => Object.keys(span.attributes).length)).toEqual(
        drafts.spans.map((span) => Object.keys(span.attributes).length),
      );
    } finally {
      process.env = before;
    }
  });

  test('goes through a proxy', async () => {
    const receiver = await receive();
    const seen: string[] = [];
    const proxy = http.createServer((request, response) => {
      seen.push(request.url ?? '');
      request.pipe(http.request(request.url!, { method: request.method, headers: request.headers }, (answer) => answer.pipe(response)));
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const emission = await emit(drafts, settings({ endpoint: receiver.url }), testWorld(root, { HTTP_PROXY: `http://127.0.0.1:${port}` }));
    proxy.closeAllConnections();
    proxy.close();
    expect(emission.state).toBe('sent');
    expect(seen).toEqual([`${receiver.url}/v1/traces`]);
  });

  test('speaks IPv6', async () => {
    const receiver = await startReceiver({ host: '::1' });
    receivers.push(receiver);
    expect(await emit(drafts, settings({ endpoint: receiver.url }), testWorld(root))).toMatchObject({ state: 'sent' });
  });
});

function reply(status: number, body = '', headers: http.OutgoingHttpHeaders = {}): (exchange: Exchange) => boolean {
  return ({ response }) => {
    response.writeHead(status, headers);
    response.end(body);
    return true;
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };

describe('to a receiver that misbehaves', () => {
  test.each([
    ['empty 200', reply(200), 'sent', 1],
    ['204', reply(204), 'sent', 1],
    ['{} ', reply(200, '{}', JSON_TYPE), 'sent', 1],
    ['a warning with nothing rejected', reply(200, '{"partialSuccess":{"errorMessage":"old"}}', JSON_TYPE), 'sent', 1],
    ['a login page', reply(200, '<html>', { 'content-type': 'text/html' }), 'spooled', 1],
    ['a JSON list', reply(200, '[]', JSON_TYPE), 'spooled', 1],
    ['301', reply(301, '', { location: 'http://elsewhere.example/x?secret=1' }), 'spooled', 1],
    ['307', reply(307, '', { location: '/x' }), 'spooled', 1],
    ['400', reply(400, '{"message":"bad"}', JSON_TYPE), 'spooled', 1],
    ['401', reply(401), 'spooled', 1],
    ['403', reply(403), 'spooled', 1],
    ['404', reply(404), 'spooled', 1],
    // In halves down to a single span; after three of those it is not the spans.
    ['413', reply(413), 'spooled', 7],
    ['415', reply(415), 'spooled', 1],
    ['500', reply(500), 'spooled', 1],
    ['501', reply(501), 'spooled', 1],
    ['429', reply(429), 'spooled', 3],
    ['502', reply(502), 'spooled', 3],
    ['503', reply(503), 'spooled', 3],
    ['504', reply(504), 'spooled', 3],
    ['503, Retry-After 0', reply(503, '', { 'retry-after': '0' }), 'spooled', 3],
    ['503, Retry-After garbage', reply(503, '', { 'retry-after': 'soon' }), 'spooled', 3],
    ['5 MB of answer', reply(200, 'x'.repeat(5 * 1024 * 1024), JSON_TYPE), 'spooled', 1],
  ] as const)('%s', async (_, behaviour, state, requests) => {
    const receiver = await receive(behaviour);
    const emission = await emit(drafts, settings({ endpoint: receiver.url }), testWorld(root));
    addsUp(emission);
    expect({ state: emission.state, requests: receiver.requests.length, spooled: await spooledSpans(), reason: emission.reason }).toEqual({
      state,
      requests,
      spooled: emission.spooled,
      reason: expect.stringContaining(state === 'sent' ? 'accepted all' : `replay ${SPOOL}`),
    });
    expect(emission.reason).not.toContain('secret');
  });

  test('rejected spans are lost with the reason, and not tried again', async () => {
    const receiver = await receive(reply(200, '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}', JSON_TYPE));
    const emission = await emit(drafts, settings({ endpoint: receiver.url }), testWorld(root));
    expect(emission).toMatchObject({ state: 'partial', lost: 2, sent: drafts.spans.length - 2, spooled: 0 });
    expect(emission.reason).toContain('too old');
    expect(await spooledSpans()).toBe(0);
  });

  test('rejected spans are read from protobuf too', async () => {
    const receiver = await receive(({ response }) => {
      response.writeHead(200, { 'content-type': 'application/x-protobuf' });
      response.end(Buffer.from([0x0a, 0x02, 0x08, 0x03]));
      return true;
    });
    expect(await emit(drafts, settings({ endpoint: receiver.url, protocol: 'http/protobuf' }), testWorld(root))).toMatchObject({
      state: 'partial',
      lost: 3,
    });
  });

  test('503 twice, then 200: sent', async () => {
    const receiver = await receive(({ number, response }) => {
      if (number >= 2) return false;
      response.writeHead(503).end();
      return true;
    });
    expect(await emit(drafts, settings({ endpoint: receiver.url }), testWorld(root))).toMatchObject({ state: 'sent' });
    expect(receiver.requests).toHaveLength(3);
  });

  test('a Retry-After beyond the deadline is not waited for', async () => {
    const receiver = await receive(reply(503, '', { 'retry-after': '3600' }));
    const emission = await emit(
      drafts,
      settings({ endpoint: receiver.url, patience: { ...QUICK, longestWait: 10_000_000 } }),
      testWorld(root),
    );
    expect(emission.state).toBe('spooled');
    expect(emission.reason).toContain('the next try would come after the time is up');
    expect(receiver.requests).toHaveLength(1);
  });

  test.each([
    ['never answers', () => true],
    [
      'drips a byte at a time',
      ({ response }: Exchange) => {
        response.writeHead(200, JSON_TYPE);
        const timer = setInterval(() => response.write(' '), 50);
        response.on('close', () => clearInterval(timer));
        return true;
      },
    ],
  ])('%s: the deadline ends it', async (_, behaviour) => {
    const receiver = await receive(behaviour);
    const start = Date.now();
    const emission = await emit(drafts, settings({ endpoint: receiver.url, timeoutMs: 600 }), testWorld(root));
    expect(emission).toMatchObject({ state: 'spooled', spooled: drafts.spans.length });
    // Well before the request's own limit of 10 s.
    expect(Date.now() - start).toBeLessThan(8_000);
  });

  test('a slow answer is still an answer', async () => {
    const receiver = await receive(async ({ accept, response }) => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      accept();
      response.end('{}');
      return true;
    });
    expect(await emit(drafts, settings({ endpoint: receiver.url }), testWorld(root))).toMatchObject({ state: 'sent' });
  });

  test.each([
    [
      'closes the connection',
      ({ request }: Exchange) => {
        request.socket.destroy();
        return true;
      },
    ],
    [
      'closes it in the middle of its answer',
      ({ response }: Exchange) => {
        response.writeHead(200, { ...JSON_TYPE, 'content-length': '100' });
        response.write('{');
        setTimeout(() => response.destroy(), 20);
        return true;
      },
    ],
  ])('%s', async (_, behaviour) => {
    const receiver = await receive(behaviour);
    const emission = await emit(drafts, settings({ endpoint: receiver.url }), testWorld(root));
    expect(emission).toMatchObject({ state: 'spooled', spooled: drafts.spans.length });
    expect(emission.reason).toContain('closed the connection');
    expect(receiver.requests).toHaveLength(3);
  });

  test('does not listen at all', async () => {
    const receiver = await startReceiver();
    await receiver.close();
    const emission = await emit(drafts, settings({ endpoint: receiver.url }), testWorld(root));
    expect(emission).toMatchObject({ state: 'spooled', spooled: drafts.spans.length });
    expect(emission.reason).toContain('could not be reached (ECONNREFUSED)');
  });

  test('is no HTTP server', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('PRI * nonsense\r\n\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const emission = await emit(drafts, settings({ endpoint: `http://127.0.0.1:${port}` }), testWorld(root));
    server.close();
    expect(emission.state).toBe('spooled');
    expect(emission.reason).toContain('does not speak HTTP');
    expect(emission.reason).toContain('4318');
  });

  test('speaks no TLS where TLS is expected', async () => {
    const receiver = await receive();
    const emission = await emit(drafts, settings({ endpoint: receiver.url.replace('http:', 'https:') }), testWorld(root));
    expect(emission.state).toBe('spooled');
    expect(emission.reason).toContain('offers no TLS connection');
  });

  test('dies halfway: what it took is sent, the rest waits, and a replay completes it', async () => {
    const many = draftSpans(shopInput({ artifacts: manyArtifacts(2000) }));
    const receiver = await receive(({ number, request }) => {
      if (number < 3) return false;
      request.socket.destroy();
      return true;
    });
    const emission = await emit(many, settings({ endpoint: receiver.url }), testWorld(root));
    addsUp(emission);
    expect(emission.state).toBe('partial');
    expect(emission.sent).toBe(receiver.spans().length);
    expect(await spooledSpans()).toBe(emission.spooled);
    const second = await receive();
    const replay = await replaySpool(SPOOL, { endpoint: second.url, timeoutMs: 25_000 }, testWorld(root));
    expect(replay).toMatchObject({ state: 'sent', found: emission.spooled, sent: emission.spooled, waiting: 0 });
    const all = [...receiver.spans(), ...second.spans()].map((span) => span.spanId);
    expect(all.sort()).toEqual(many.spans.map((span) => span.spanId).sort());
    expect(await spooledSpans()).toBe(0);
  });

  test('a refused endpoint is a sentence, and the spans wait', async () => {
    const emission = await emit(drafts, settings({ endpoint: 'localhost:4318' }), testWorld(root));
    expect(emission).toMatchObject({ state: 'spooled', spooled: drafts.spans.length });
    expect(emission.reason).toContain('has no scheme; http://localhost:4318 is probably meant');
  });

  test('what waited from an earlier run is still there after a run that sent', async () => {
    const bad = await receive(reply(503));
    await emit(drafts, settings({ endpoint: bad.url }), testWorld(root));
    const good = await receive();
    expect(await emit(drafts, settings({ endpoint: good.url }), testWorld(root))).toMatchObject({ state: 'sent' });
    expect(await spooledSpans()).toBe(drafts.spans.length);
  });
});

import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkRequest, type ReceivedSpan, type Receiver, type ReceiverOptions, startReceiver } from '../../scripts/receiver.ts';
import { openSpool } from '../../src/host/spool-file.ts';
import type { SpanDraft } from '../../src/telemetry/draft.ts';
import { draftSpans } from '../../src/telemetry/draft-spans.ts';
import { emit } from '../../src/telemetry/emit.ts';
import { LINE_BYTES, otlpLines } from '../../src/telemetry/otlp-json.ts';
import { otlpJsonToProtobuf } from '../../src/telemetry/otlp-protobuf.ts';
import { protobufRequests } from '../../src/telemetry/protobuf-requests.ts';
import { replaySpool } from '../../src/telemetry/replay.ts';
import { sdkSpans } from '../../src/telemetry/sdk-spans.ts';
import { artifact, gate, manyArtifacts, shopInput, testWorld } from './shop.ts';

let root: string;
let spool: string;
let receivers: Receiver[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'spool-'));
  spool = join(root, 'spool.jsonl');
  receivers = [];
});

afterEach(async () => {
  await Promise.all(receivers.map((receiver) => receiver.close()));
  await rm(root, { recursive: true, force: true });
});

async function receive(options: ReceiverOptions = {}): Promise<Receiver> {
  const receiver = await startReceiver(options);
  receivers.push(receiver);
  return receiver;
}

function withAttributes(span: SpanDraft, attributes: SpanDraft['attributes']): SpanDraft {
  return { ...span, attributes: { ...span.attributes, ...attributes } };
}

function withText(span: SpanDraft, text: string): SpanDraft {
  return withAttributes(span, { 'artifact.parameters.text': text });
}

const drafts = draftSpans(shopInput({ gates: [gate('a', { outcome: 'fail', blocking: true, severity: 'error' })] }));

describe('a line', () => {
  test('holds at most 512 spans and 512 KB, and the run stands first in it', () => {
    const huge = manyArtifacts(1500).map((item, index) =>
      index % 5 === 0 ? { ...item, parameters: { text: ['é'.repeat(900), '"'.repeat(900)], more: { deep: 'ü'.repeat(9000) } } } : item,
    );
    const lines = [...otlpLines(draftSpans(shopInput({ artifacts: huge })))];
    expect(lines.length).toBeGreaterThan(3);
    for (const { body, spans } of lines) {
      expect(spans).toBeLessThanOrEqual(512);
      expect(body.byteLength + 1).toBeLessThanOrEqual(LINE_BYTES);
      expect(checkRequest(Buffer.from(body).toString())).toHaveLength(spans);
      expect(Buffer.from(body.subarray(0, 80)).toString()).toMatch(
        /^\{"resourceSpans":\[\{"resource":\{"attributes":\[\{"key":"service.instance.id"/,
      );
    }
  });

  test('takes a span that is larger than a line alone', () => {
    const large = { ...drafts, spans: drafts.spans.map((span, index) => (index === 2 ? withText(span, 'é'.repeat(300_000)) : span)) };
    const lines = [...otlpLines(large)];
    expect(lines.map(({ first, spans }) => [first, spans])).toEqual([
      [1, 2],
      [3, 1],
      [4, large.spans.length - 3],
    ]);
    expect(lines[1]!.body.byteLength).toBeGreaterThan(600_000);
    expect(lines.flatMap(({ body }) => checkRequest(Buffer.from(body).toString()))).toHaveLength(large.spans.length);
  });

  test.each([
    ['a newline and a quote', 'a\n"b"'],
    ['a lone surrogate', 'x\ud800y'],
    ['a NUL', 'a\u0000b'],
    ['a right-to-left override', '\u202eabc'],
  ])('keeps %s inside its string', (_, name) => {
    const [line] = otlpLines(draftSpans(shopInput({ artifacts: [artifact('a-b', 'dashboard', { name })] })));
    const text = Buffer.from(line!.body).toString();
    expect(text).not.toContain('\n');
    const task = checkRequest(text).find((span) => span.name === 'contextcore.task.task');
    expect(task?.attributes['task.title']?.value).toBe(name.toWellFormed());
  });

  test.each([
    ['coverage.percent', Number.NaN],
    ['coverage.percent', Number.NEGATIVE_INFINITY],
    ['coverage.total_gaps', 1e21],
  ])('leaves a number out that no receiver takes: %s = %d', (key, value) => {
    const [line] = otlpLines({ ...drafts, spans: [withAttributes(drafts.spans[0]!, { [key]: value })] });
    expect(checkRequest(Buffer.from(line!.body).toString())[0]?.attributes).not.toHaveProperty([key]);
  });

  test('is the same request in protobuf, whether made of the spans or of the line', () => {
    const odd = {
      a: ['x', 'é', ''],
      b: [1.5, Number.NaN, -0],
      c: [true, false],
      d: [],
      e: 'ü'.repeat(40),
      f: 'x\ud800y',
      g: '\u{1f600}'.repeat(60),
      h: -0,
      i: Number.POSITIVE_INFINITY,
      j: 'z'.repeat(130),
      'coverage.total_gaps': -7.9,
      'coverage.required_gaps': 2 ** 40,
      'coverage.total_existing': 1e21,
    };
    const spans = [...drafts.spans, withAttributes(drafts.spans[0]!, odd), withText(drafts.spans[1]!, 'y'.repeat(20_000))];
    const placement = { parent: { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceState: 'v=1' } };
    for (const draft of [{ ...drafts, spans }, draftSpans(shopInput({ context: { scope: 'accepted', placement } }))]) {
      const [line] = otlpLines(draft, sdkSpans(draft), protobufRequests(draft));
      expect(line!.spans).toBe(draft.spans.length);
      expect(Buffer.from(line!.protobuf!).toString('hex')).toBe(Buffer.from(otlpJsonToProtobuf(line!.body)).toString('hex'));
    }
  });

  test('is the same whether the SDK made the spans or not', () => {
    const placement = { parent: { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceState: 'v=1' } };
    for (const draft of [
      drafts,
      draftSpans(shopInput({ context: { scope: 'accepted', placement } })),
      draftSpans(shopInput({ traceLimit: 3 })),
    ]) {
      const bodies = (spans?: Iterable<(typeof draft.spans)[number]>) =>
        [...otlpLines(draft, spans)].map(({ body }) => Buffer.from(body).toString());
      expect(bodies(sdkSpans(draft))).toEqual(bodies());
    }
  });
});

describe('the spool file', () => {
  test('strikes off what was accepted and keeps the rest, byte for byte', async () => {
    const file = await openSpool(spool, { keep: true });
    for (const line of ['one', 'two', 'three']) await file.append(Buffer.from(line));
    await file.strike(new Map([[1, []]]));
    expect(await readFile(spool, 'utf8')).toBe('one\nthree\n');
  });

  test('keeps what remains of a line that was taken in part, in its place', async () => {
    const file = await openSpool(spool, { keep: true });
    for (const line of ['one', 'two', 'three']) await file.append(Buffer.from(line));
    await file.strike(
      new Map([
        [0, []],
        [1, [Buffer.from('t'), Buffer.from('wo')]],
      ]),
    );
    expect(await readFile(spool, 'utf8')).toBe('t\nwo\nthree\n');
  });

  test('keeps what stood there before, and what somebody appends meanwhile', async () => {
    await writeFile(spool, 'before\n');
    const file = await openSpool(spool, { keep: true });
    await file.append(Buffer.from('ours'));
    await appendFile(spool, 'meanwhile\n');
    await file.strike(new Map([[0, []]]));
    expect(await readFile(spool, 'utf8')).toBe('before\nmeanwhile\n');
  });

  test('does not glue a line to half a line of a killed run', async () => {
    await writeFile(spool, '{"resourceSp');
    const file = await openSpool(spool, { keep: true });
    await file.append(Buffer.from('ours'));
    await file.strike(new Map());
    expect(await readFile(spool, 'utf8')).toBe('{"resourceSp\nours\n');
  });
});

describe('a receiver that finds requests too large', () => {
  /** As a Collector does: the size counts as it comes from the wire. */
  const limited = (bytes: number): ReceiverOptions => ({
    behaviour: ({ body, response }) => {
      if (body.length <= bytes) return false;
      response.writeHead(413, { 'content-type': 'text/plain' }).end('request body too large');
      return true;
    },
  });

  test.each([['http/json'], ['http/protobuf']] as const)(
    '%s: gets halves; what is too large alone waits, and a receiver that takes it gets the rest',
    async (protocol) => {
      const many = draftSpans(shopInput({ artifacts: manyArtifacts(700) }));
      const large = new Set([5, 600]);
      const spans = many.spans.map((span, index) => (large.has(index) ? withText(span, 'x'.repeat(90_000)) : span));
      const receiver = await receive(limited(80_000));
      const settings = { mode: 'auto', endpoint: receiver.url, protocol, timeoutMs: 20_000, spoolPath: 'spool.jsonl' } as const;
      const emission = await emit({ ...many, spans }, settings, testWorld(root));
      expect(emission).toMatchObject({ state: 'partial', sent: spans.length - 2, spooled: 2, lost: 0 });
      expect(emission.reason).toMatch(
        /answered 413: the request is too large for it \("request body too large"\), even with one span in it \(2 of \d+ bytes and more\)\. \d+ spans sent\. 2 spans wait in spool\.jsonl\. Send with/,
      );
      const waiting = (await readFile(spool, 'utf8')).trimEnd().split('\n').flatMap(checkRequest);
      expect(waiting.map(({ spanId }) => spanId).sort()).toEqual([...large].map((index) => spans[index]!.spanId).sort());

      const second = await receive();
      const replay = await replaySpool('spool.jsonl', { endpoint: second.url, protocol, timeoutMs: 20_000 }, testWorld(root));
      expect(replay).toMatchObject({ state: 'sent', found: 2, sent: 2 });
      const arrived = [...receiver.spans(), ...second.spans()].map(({ spanId }) => spanId);
      expect(arrived.sort()).toEqual(spans.map(({ spanId }) => spanId).sort());
    },
  );

  test('is asked for halves by a replay too, which leaves what is too large alone', async () => {
    const spans = drafts.spans.map((span, index) => (index === 3 ? withText(span, 'x'.repeat(90_000)) : span));
    await emit({ ...drafts, spans }, { mode: 'auto', timeoutMs: 1000, spoolPath: spool }, testWorld(root));
    const receiver = await receive(limited(80_000));
    const replay = await replaySpool('spool.jsonl', { endpoint: receiver.url, timeoutMs: 20_000 }, testWorld(root));
    expect(replay).toMatchObject({ state: 'partial', found: spans.length, sent: spans.length - 1, waiting: 1, lost: 0 });
    expect(checkRequest((await readFile(spool, 'utf8')).trimEnd())).toMatchObject([{ spanId: spans[3]!.spanId }]);
  });

  test('says what refused spans were, where one name stands for all of a request', async () => {
    const many = draftSpans(shopInput({ artifacts: manyArtifacts(700) }));
    const receiver = await receive({
      behaviour: ({ accept, request, response }) => {
        accept();
        response.setHeader('content-type', request.headers['content-type']!);
        response.end('{"partialSuccess":{"rejectedSpans":1,"errorMessage":"too old"}}');
        return true;
      },
    });
    const emission = await emit(many, { mode: 'auto', endpoint: receiver.url, timeoutMs: 20_000, spoolPath: spool }, testWorld(root));
    const requests = receiver.requests.length;
    expect(emission).toMatchObject({ state: 'partial', sent: many.spans.length - requests, lost: requests, spooled: 0 });
    expect(emission.reason).toMatch(
      new RegExp(`rejected ${requests} spans in ${requests} requests \\(spans 1 to \\d+, .*\\): "too old"\\.`),
    );
  });
});

test('a span beyond 1 MiB waits like any other, and the sentence says who will not read it', async () => {
  const spans = drafts.spans.map((span, index) => (index === 3 ? withText(span, 'x'.repeat(1_100_000)) : span));
  const emission = await emit({ ...drafts, spans }, { mode: 'auto', timeoutMs: 1000, spoolPath: spool }, testWorld(root));
  expect(emission).toMatchObject({ state: 'spooled', spooled: spans.length, lost: 0 });
  expect(emission.reason).toContain(
    "(One of them is longer than 1 MiB, which a Collector's file receiver reads only with a higher max_log_size.)",
  );
  const receiver = await receive();
  await replaySpool('spool.jsonl', { endpoint: receiver.url, timeoutMs: 20_000 }, testWorld(root));
  expect(
    receiver
      .spans()
      .map(({ spanId }) => spanId)
      .sort(),
  ).toEqual(spans.map(({ spanId }) => spanId).sort());
});

describe('kill -9', () => {
  test('leaves every span in the spool or with the receiver, and nothing was sent that was not spooled', async () => {
    const receiver = await receive({
      behaviour: async ({ number, accept, response }) => {
        if (number === 4) child.kill('SIGKILL');
        accept();
        await new Promise((resolve) => setTimeout(resolve, 20));
        response.end('{}');
        return true;
      },
    });
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'spool-child.ts'), root, receiver.url],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const ended = await new Promise<string | null>((resolve) => child.on('exit', (_, signal) => resolve(signal)));
    expect(ended).toBe('SIGKILL');
    const lines = (await readFile(spool, 'utf8')).split('\n');
    const complete = lines.slice(0, -1).flatMap((line): readonly ReceivedSpan[] => checkRequest(line));
    const spooled = new Set(complete.map((span) => span.spanId));
    expect(receiver.spans().length).toBeGreaterThan(0);
    expect(receiver.spans().every((span) => spooled.has(span.spanId))).toBe(true);

    const second = await receive();
    const replay = await replaySpool('spool.jsonl', { endpoint: second.url, timeoutMs: 20_000 }, testWorld(root));
    expect(replay).toMatchObject({ sent: spooled.size, waiting: 0, lost: 0 });
    // Four requests are on their way at a time, so that which of them arrives first is not ours to say.
    expect(
      second
        .spans()
        .map((span) => span.spanId)
        .sort(),
    ).toEqual(complete.map((span) => span.spanId).sort());
  });
});

describe('replay', () => {
  const foreign =
    '{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"other"}}]},"scopeSpans":[{"scope":{"name":"s","version":"1"},"spans":[{"traceId":"0123456789abcdef0123456789abcdef","spanId":"0123456789abcdef","name":"n","kind":2,"startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":[{"key":"n","value":{"intValue":"9007199254740993"}}]}]}]}]}';

  test('sends what is a trace request, leaves what is none, and has nothing to do the second time', async () => {
    await emit(drafts, { mode: 'auto', timeoutMs: 1000, spoolPath: spool }, testWorld(root));
    await appendFile(spool, `not json\n{"resourceLogs":[]}\n\n${foreign}\n{"resourceSpans":[{"__proto__":{"x":1}}]}\n`);
    const receiver = await receive();
    const settings = { endpoint: receiver.url, timeoutMs: 20_000 };
    const first = await replaySpool('spool.jsonl', settings, testWorld(root));
    expect(first).toMatchObject({ state: 'sent', found: drafts.spans.length + 1, sent: drafts.spans.length + 1, unreadableLines: 3 });
    expect(await readFile(spool, 'utf8')).toBe('not json\n{"resourceLogs":[]}\n\n{"resourceSpans":[{"__proto__":{"x":1}}]}\n');
    expect(receiver.spans().find((span) => span.name === 'n')?.attributes['n']).toEqual({ type: 'int', value: 9007199254740993n });
    expect(await replaySpool('spool.jsonl', settings, testWorld(root))).toMatchObject({ state: 'empty', found: 0 });
  });

  test('is re-encoded where the protocol is protobuf', async () => {
    await writeFile(spool, `${foreign}\n`);
    const receiver = await receive();
    await replaySpool('spool.jsonl', { endpoint: receiver.url, protocol: 'http/protobuf', timeoutMs: 20_000 }, testWorld(root));
    expect(receiver.requests[0]?.headers['content-type']).toBe('application/x-protobuf');
    expect(receiver.spans()[0]).toMatchObject({ name: 'n', kind: 2, attributes: { n: { type: 'int', value: 9007199254740993n } } });
  });

  test.each([
    ['without an endpoint', {}, 'refused', 'No endpoint is set'],
    ['without a file', { endpoint: 'http://127.0.0.1:9' }, 'unreadable', 'no such file'],
  ] as const)('%s it says so', async (_, settings, state, why) => {
    const replay = await replaySpool('nowhere.jsonl', { timeoutMs: 1000, ...settings }, testWorld(root));
    expect(replay).toMatchObject({ state, reason: expect.stringContaining(why) });
  });
});

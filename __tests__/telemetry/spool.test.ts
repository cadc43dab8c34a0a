import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkRequest, type ReceivedSpan, type Receiver, type ReceiverOptions, startReceiver } from '../../scripts/receiver.ts';
import { openSpool } from '../../src/host/spool-file.ts';
import { draftSpans } from '../../src/telemetry/draft-spans.ts';
import { emit } from '../../src/telemetry/emit.ts';
import { LINE_BYTES, otlpLines } from '../../src/telemetry/otlp-json.ts';
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
    const parameters = Object.fromEntries(Array.from({ length: 700 }, (_, index) => [`p${index}`, 'x'.repeat(999)]));
    const large = draftSpans(shopInput({ artifacts: [artifact('a-b', 'dashboard', { parameters }), artifact('c-d', 'dashboard')] }));
    const read = [...otlpLines(large)].flatMap(({ body }) => checkRequest(Buffer.from(body).toString()));
    expect(read).toHaveLength(large.spans.length);
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

  test('leaves a number out that is none', () => {
    const [epic] = drafts.spans;
    const broken = { ...drafts, spans: [{ ...epic!, attributes: { ...epic!.attributes, 'coverage.percent': Number.NaN } }] };
    const [line] = otlpLines(broken);
    expect(checkRequest(Buffer.from(line!.body).toString())[0]?.attributes).not.toHaveProperty('coverage.percent');
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
    await file.strike(new Set([1]));
    expect(await readFile(spool, 'utf8')).toBe('one\nthree\n');
  });

  test('keeps what stood there before, and what somebody appends meanwhile', async () => {
    await writeFile(spool, 'before\n');
    const file = await openSpool(spool, { keep: true });
    await file.append(Buffer.from('ours'));
    await appendFile(spool, 'meanwhile\n');
    await file.strike(new Set([0]));
    expect(await readFile(spool, 'utf8')).toBe('before\nmeanwhile\n');
  });

  test('does not glue a line to half a line of a killed run', async () => {
    await writeFile(spool, '{"resourceSp');
    const file = await openSpool(spool, { keep: true });
    await file.append(Buffer.from('ours'));
    await file.strike(new Set());
    expect(await readFile(spool, 'utf8')).toBe('{"resourceSp\nours\n');
  });
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
    const replay = await replaySpool('spool.jsonl', { endpoint: second.url, timeoutMs: 10_000 }, testWorld(root));
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
    const settings = { endpoint: receiver.url, timeoutMs: 5_000 };
    const first = await replaySpool('spool.jsonl', settings, testWorld(root));
    expect(first).toMatchObject({ state: 'sent', found: drafts.spans.length + 1, sent: drafts.spans.length + 1, unreadableLines: 3 });
    expect(await readFile(spool, 'utf8')).toBe('not json\n{"resourceLogs":[]}\n\n{"resourceSpans":[{"__proto__":{"x":1}}]}\n');
    expect(receiver.spans().find((span) => span.name === 'n')?.attributes['n']).toEqual({ type: 'int', value: 9007199254740993n });
    expect(await replaySpool('spool.jsonl', settings, testWorld(root))).toMatchObject({ state: 'empty', found: 0 });
  });

  test('is re-encoded where the protocol is protobuf', async () => {
    await writeFile(spool, `${foreign}\n`);
    const receiver = await receive();
    await replaySpool('spool.jsonl', { endpoint: receiver.url, protocol: 'http/protobuf', timeoutMs: 5_000 }, testWorld(root));
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

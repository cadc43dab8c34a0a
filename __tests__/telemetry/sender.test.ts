import { describe, expect, test } from '@jest/globals';
import { checkRequest } from '../../scripts/receiver.ts';
import { startDeadline } from '../../src/host/deadline.ts';
import type { Carrier } from '../../src/telemetry/carrier.ts';
import { draftSpans } from '../../src/telemetry/draft-spans.ts';
import type { Judgement } from '../../src/telemetry/judge-answer.ts';
import { type OtlpLine, otlpLines } from '../../src/telemetry/otlp-json.ts';
import { splitLine } from '../../src/telemetry/otlp-split.ts';
import { countShares, type Delivery, remainsOf, startSender } from '../../src/telemetry/sender.ts';
import { manyArtifacts, shopInput } from './shop.ts';

const ONCE = { retries: 0, firstWait: 1, longestWait: 1 };
const TOO_LARGE: Judgement = { kind: 'kept', always: false, status: 413, reason: 'answered 413: the request is too large for it' };
const TAKEN: Judgement = { kind: 'accepted', rejected: 0 };

const drafts = draftSpans(shopInput({ artifacts: manyArtifacts(400) }));
const lines = [...otlpLines(drafts)];

interface Sent {
  readonly delivery: Delivery;
  /** Bytes of every request, in order. */
  readonly asked: readonly number[];
  /** Span ids that were taken, sorted. */
  readonly taken: readonly string[];
}

/** Offers lines to a receiver that answers as it is told. */
async function send(offered: readonly OtlpLine[], answer: (line: OtlpLine) => Judgement): Promise<Sent> {
  const asked: number[] = [];
  const taken: string[] = [];
  const carrier = {
    carry: async (line) => {
      asked.push(line.body.byteLength);
      const judgement = answer(line);
      if (judgement.kind === 'accepted') taken.push(...idsOf(line.body));
      return judgement;
    },
    close: () => undefined,
  } satisfies Carrier;
  using deadline = startDeadline(60_000);
  const sender = startSender(carrier, deadline, ONCE);
  for (const [number, line] of offered.entries()) if (sender.isOpen()) await sender.offer(line, number);
  return { delivery: await sender.finish(), asked, taken: taken.sort() };
}

function upTo(bytes: number): (line: OtlpLine) => Judgement {
  return ({ body }) => (body.byteLength > bytes ? TOO_LARGE : TAKEN);
}

function idsOf(body: Uint8Array): readonly string[] {
  return checkRequest(Buffer.from(body).toString()).map(({ spanId }) => spanId);
}

function sharesOf({ delivery }: Sent, offered: readonly OtlpLine[]) {
  const shares = offered.map(({ spans }, number) => countShares(delivery, number, spans));
  const sum = (key: 'sent' | 'lost' | 'left') => shares.reduce((total, share) => total + share[key], 0);
  return { sent: sum('sent'), lost: sum('lost'), left: sum('left') };
}

describe('a request that is too large', () => {
  const all = drafts.spans.map(({ spanId }) => spanId).sort();

  test('goes in halves until it fits, and every span arrives once', async () => {
    const sent = await send(lines, upTo(100_000));
    expect(sent.taken).toEqual(all);
    expect(sent.delivery.reasons).toEqual([]);
    expect([...sent.delivery.accepted.keys()].sort()).toEqual([...lines.keys()]);
  });

  test('teaches its size: what is as large is not tried whole again', async () => {
    const { asked } = await send(lines, upTo(100_000));
    const refused = asked.filter((bytes) => bytes > 100_000);
    expect(refused).toEqual(refused.toSorted((a, b) => b - a));
    expect(new Set(refused).size).toBe(refused.length);
  });

  test('of one span stays, and the others are sent', async () => {
    const parameters = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`p${index}`, 'x'.repeat(900)]));
    const artifacts = manyArtifacts(40).map((item, index) => (index === 17 ? { ...item, parameters } : item));
    const offered = [...otlpLines(draftSpans(shopInput({ artifacts })))];
    const sent = await send(offered, upTo(30_000));
    expect(sharesOf(sent, offered)).toEqual({ sent: 43, lost: 0, left: 1 });
    const [left] = [...remainsOf(sent.delivery).values()].flat();
    expect(checkRequest(Buffer.from(left!).toString())).toMatchObject([{ attributes: { 'task.id': { value: 'svc17-a' } } }]);
    expect(sent.delivery.reasons).toEqual([expect.stringMatching(/^answered 413.*, even with one span in it \(of \d{5} bytes\)$/)]);
  });

  test.each([1, 3, 400])(
    'whatever it holds: after three single spans a receiver that took nothing is left alone (%i artifacts)',
    async (count) => {
      const offered = [...otlpLines(draftSpans(shopInput({ artifacts: manyArtifacts(count) })))];
      const sent = await send(offered, () => TOO_LARGE);
      const drafted = offered.reduce((sum, { spans }) => sum + spans, 0);
      expect(sharesOf(sent, offered)).toEqual({ sent: 0, lost: 0, left: drafted });
      expect(remainsOf(sent.delivery)).toEqual(new Map());
      expect(sent.asked.length).toBeLessThan(20);
      expect(sent.delivery.reasons).toEqual([expect.stringContaining('(3 of ')]);
    },
  );

  test('is divided between sent, refused and left when its halves fare differently', async () => {
    const [line] = lines;
    const sent = await send([line!], ({ spans, first }) => {
      if (spans === line!.spans) return TOO_LARGE;
      return first === 1 ? { kind: 'accepted', rejected: 2, said: 'too old' } : { kind: 'kept', always: true, reason: 'wants credentials' };
    });
    const half = Math.ceil(line!.spans / 2);
    expect(sharesOf(sent, [line!])).toEqual({ sent: half - 2, lost: 2, left: line!.spans - half });
    expect([...sent.taken, ...[...remainsOf(sent.delivery).values()].flat().flatMap(idsOf)].sort()).toEqual([...idsOf(line!.body)].sort());
  });
});

describe('a split', () => {
  const span = (id: string) =>
    `{"traceId":"${'ab'.repeat(16)}","spanId":"${id.repeat(16)}","startTimeUnixNano":1772366400123456789,"n":9007199254740993}`;
  const text = `{"resourceSpans":[{"resource":{"x":1},"scopeSpans":[{"scope":{"name":"a"},"spans":[${span('1')}]},{"scope":{"name":"b"},"spans":[${span('2')},${span('3')}]}]},{"schemaUrl":"u","scopeSpans":[{"spans":[${span('4')},${span('5')}]}]}]}`;

  test('keeps every span under its resource and scope, and long numbers whole', () => {
    const halves = splitLine({ body: Buffer.from(text), spans: 5 })!.map(({ body }) => Buffer.from(body).toString());
    const quoted = (id: string) =>
      span(id).replace('1772366400123456789', '"1772366400123456789"').replace('9007199254740993', '"9007199254740993"');
    expect(halves).toEqual([
      `{"resourceSpans":[{"resource":{"x":1},"scopeSpans":[{"scope":{"name":"a"},"spans":[${quoted('1')}]},{"scope":{"name":"b"},"spans":[${quoted('2')},${quoted('3')}]}]}]}`,
      `{"resourceSpans":[{"schemaUrl":"u","scopeSpans":[{"spans":[${quoted('4')},${quoted('5')}]}]}]}`,
    ]);
  });

  test('of our own line is what the writer would have written', () => {
    const [line] = otlpLines(drafts);
    const half = Math.ceil(line!.spans / 2);
    const [one] = otlpLines({ ...drafts, spans: drafts.spans.slice(0, half) });
    expect(Buffer.from(splitLine(line!)![0].body).toString()).toBe(Buffer.from(one!.body).toString());
  });

  test('of one span there is none', () => {
    expect(splitLine({ body: Buffer.from(text), spans: 1 })).toBeUndefined();
  });
});

describe('spans refused for good', () => {
  const reject = (rejected: number, said: string): Judgement => ({ kind: 'accepted', rejected, said, reason: 'unused' });

  test('of the only request are told with the receiver’s message', async () => {
    const offered = [...otlpLines(draftSpans(shopInput()))];
    const { delivery } = await send(offered, () => reject(2, 'too old'));
    expect(delivery.reasons).toEqual([`rejected 2 of ${offered[0]!.spans} spans: "too old"`]);
  });

  test('of one request among several are told with its place, and with the name that all its spans have', async () => {
    const { delivery } = await send(lines, ({ first }) => (first === lines[1]!.first ? reject(1, '') : TAKEN));
    const { first, spans } = lines[1]!;
    expect(delivery.reasons).toEqual([`rejected 1 of the ${spans} spans ${first} to ${first! + spans - 1}, all contextcore.task.task`]);
  });

  test('of many requests are told together, one clause for each message', async () => {
    const { delivery } = await send(lines, ({ first }) => reject(3, first === 1 ? 'first' : 'later'));
    expect(lines.length).toBeGreaterThan(2);
    const ranges = lines.slice(1).map(({ first, spans }) => `${first} to ${first! + spans - 1}`);
    expect(delivery.reasons).toEqual([
      `rejected 3 of the ${lines[0]!.spans} spans 1 to ${lines[0]!.spans}: "first"`,
      `rejected ${3 * ranges.length} spans in ${ranges.length} requests (spans ${ranges.join(', ')}), all contextcore.task.task: "later"`,
    ]);
  });
});

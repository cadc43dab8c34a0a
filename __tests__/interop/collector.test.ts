import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ReceivedSpan } from '../../scripts/receiver.ts';
import type { Workspace } from '../cli/export-tasks.ts';
import { type Collector, startCollector, tell, withBackend } from './backends.ts';
import { run, services, SPOOL, shop } from './jobs.ts';
import { differences, spansOfLines } from './spans.ts';
import { startTee } from './tee.ts';

/** The file receiver, left to its defaults, says of every span which file it came from. */
const FILE_RECEIVER = { adds: ['log.file.name'] };

withBackend('collector', startCollector, (collector) => {
  describe('sending', () => {
    test.each([
      ['JSON', [], {}, 'application/json', undefined],
      ['JSON, gzipped', [], { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }, 'application/json', 'gzip'],
      ['protobuf', ['--otlp-protocol', 'http/protobuf'], {}, 'application/x-protobuf', undefined],
      ['protobuf, gzipped', ['--otlp-protocol', 'http/protobuf'], { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }, 'application/x-protobuf', 'gzip'],
    ])('the shop as %s keeps every span, parent, link, event, status and type', async (_, args, env, type, encoding) => {
      await using place = await shop();
      await using tee = await startTee(collector().otlp);
      const emission = await run(place, ['--otlp-endpoint', tee.url, ...args], env);
      expect(emission).toMatchObject({ state: 'sent', sent: tee.spans().length });
      for (const { headers } of tee.requests) expect([headers['content-type'], headers['content-encoding']]).toEqual([type, encoding]);
      const got = await spansOfTraces(collector(), tee.spans());
      expect(differences(tee.spans(), got)).toEqual([]);
      expect(doubles(got)).toEqual(expect.arrayContaining(['coverage.percent', 'task.percent_complete']));
    });

    test('2,000 services arrive whole', async () => {
      await using place = await services(2_000);
      await using tee = await startTee(collector().otlp);
      const emission = await run(place, ['--otlp-endpoint', tee.url]);
      const got = await spansOfTraces(collector(), tee.spans());
      tell(`2,000 services: ${emission.drafted} spans drafted, ${emission.sent} sent, ${got.length} in the file, ${tracesOf(got).size} traces`);
      expect(emission).toMatchObject({ state: 'sent', sent: emission.drafted });
      expect(differences(tee.spans(), got)).toEqual([]);
    });
  });
});

describe('the spool', () => {
  let place: Workspace;
  beforeAll(async () => {
    place = await shop();
  });
  afterAll(() => place[Symbol.asyncDispose]());

  withBackend('collector', (binary) => startCollector(binary, [`${place.root}/**/${SPOOL}`]), (collector) => {
    const read: ReceivedSpan[] = [];

    /** Runs without an endpoint; what is in its spool must be what the file receiver adds to the rest. */
    async function spooled(out: string, env = {}): Promise<readonly ReceivedSpan[]> {
      const emission = await run(place, [], env, out);
      const spool = spansOfLines(await place.text(`${out}/${SPOOL}`));
      expect(emission).toMatchObject({ state: 'spooled', spooled: spool.length });
      const got = (await collector().spans(read.length + spool.length)).slice(read.length);
      expect(differences(spool, got, FILE_RECEIVER)).toEqual([]);
      read.push(...got);
      return got;
    }

    test('is read as it was written', async () => {
      await spooled('first');
    });

    test('is read again for another run of the same manifest, beside it or in its place', async () => {
      const beside = await spooled('second');
      const instead = await spooled('first');
      expect(tracesOf([...beside, ...instead]).size).toBe(2);
    });

    test('gives the same spans as sending does', async () => {
      const env = { SOURCE_DATE_EPOCH: String(Math.floor(Date.now() / 1000)) };
      const fromFile = await spooled('third', env);
      const emission = await run(place, ['--otlp-endpoint', collector().otlp], env, 'sent');
      expect(emission).toMatchObject({ state: 'sent', sent: fromFile.length });
      const sent = (await collector().spans(read.length + fromFile.length)).slice(read.length);
      read.push(...sent);
      expect(differences(sent, fromFile, FILE_RECEIVER)).toEqual([]);
    });

    test('of 2,000 services is read whole', async () => {
      await using fleet = await services(2_000);
      const emission = await run(fleet, [], {}, `${place.root}/fleet`);
      const spool = spansOfLines(await place.text(`fleet/${SPOOL}`));
      const got = (await collector().spans(read.length + spool.length)).slice(read.length);
      tell(`2,000 services: ${emission.spooled} spans spooled, ${got.length} read by the file receiver`);
      expect(emission).toMatchObject({ state: 'spooled', spooled: spool.length });
      expect(differences(spool, got, FILE_RECEIVER)).toEqual([]);
    });
  });
});

/** What the Collector has of the traces that these spans belong to. */
async function spansOfTraces(collector: Collector, sent: readonly ReceivedSpan[]): Promise<readonly ReceivedSpan[]> {
  const mine = tracesOf(sent);
  const before = seen.get(collector) ?? 0;
  const all = await collector.spans(before + sent.length);
  seen.set(collector, all.length);
  return all.filter((span) => mine.has(span.traceId));
}

const seen = new Map<Collector, number>();

function tracesOf(spans: readonly ReceivedSpan[]): ReadonlySet<string> {
  return new Set(spans.map((span) => span.traceId));
}

function doubles(spans: readonly ReceivedSpan[]): readonly string[] {
  const keys = spans.flatMap(({ attributes }) => Object.keys(attributes).filter((key) => attributes[key]!.type === 'double'));
  return [...new Set(keys)];
}

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ReceivedSpan } from '../../scripts/receiver.ts';
import { type Workspace, workspace } from '../cli/export-tasks.ts';
import { tell, withBackend } from './backend.ts';
import { type Collector, startCollector } from './collector.ts';
import { OUT, run, SPOOL, services, shop } from './jobs.ts';
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
      [
        'protobuf, gzipped',
        ['--otlp-protocol', 'http/protobuf'],
        { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' },
        'application/x-protobuf',
        'gzip',
      ],
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
      tell(
        `2,000 services: ${emission.drafted} spans drafted, ${emission.sent} sent, ${got.length} in the file, ${tracesOf(got).size} traces`,
      );
      expect(emission).toMatchObject({ state: 'sent', sent: emission.drafted });
      expect(differences(tee.spans(), got)).toEqual([]);
    });
  });
});

describe('the spool', () => {
  let base: Workspace;
  beforeAll(async () => {
    base = await workspace();
  });
  afterAll(() => base[Symbol.asyncDispose]());

  withBackend(
    'collector',
    (binary) => startCollector(binary, [base.at(`**/${SPOOL}`)]),
    (collector) => {
      let read = 0;

      /** What the Collector got since it was last asked, so many spans at least. */
      async function next(count: number): Promise<readonly ReceivedSpan[]> {
        const got = (await collector().spans(read + count)).slice(read);
        read += got.length;
        return got;
      }

      /** Runs without an endpoint; what is in the spool is what the file receiver must read. */
      async function spooled(place: Workspace, env = {}): Promise<readonly ReceivedSpan[]> {
        const emission = await run(place, [], env);
        const spool = spansOfLines(await place.text(`${OUT}/${SPOOL}`));
        expect(emission).toMatchObject({ state: 'spooled', spooled: spool.length });
        const got = await next(spool.length);
        expect(differences(spool, got, FILE_RECEIVER)).toEqual([]);
        return got;
      }

      test('is read as it was written, twice for two runs of one manifest, beside each other or one in the place of the other', async () => {
        const place = await shop(base.at('a'));
        const first = await spooled(place);
        const instead = await spooled(place);
        const beside = await spooled(await shop(base.at('b')));
        expect(tracesOf([...first, ...instead, ...beside]).size).toBe(3);
      });

      test('gives the same spans as sending does', async () => {
        const env = { SOURCE_DATE_EPOCH: String(Math.floor(Date.now() / 1000)) };
        const fromFile = await spooled(await shop(base.at('c')), env);
        await using elsewhere = await shop();
        const emission = await run(elsewhere, ['--otlp-endpoint', collector().otlp], env);
        expect(emission).toMatchObject({ state: 'sent', sent: fromFile.length });
        expect(differences(await next(fromFile.length), fromFile, FILE_RECEIVER)).toEqual([]);
      });

      test('of 2,000 services is read whole', async () => {
        const got = await spooled(await services(2_000, base.at('fleet')));
        tell(`2,000 services: ${got.length} spans read from the spool, ${tracesOf(got).size} traces`);
      });
    },
  );
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

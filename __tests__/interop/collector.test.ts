import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ReceivedPoint, ReceivedSpan } from '../../scripts/receiver.ts';
import { type Workspace, workspace } from '../cli/export-tasks.ts';
import { eventually, tell, withBackend } from './backend.ts';
import { type Collector, startCollector } from './collector.ts';
import { OUT, run, SPOOL, services, shop } from './jobs.ts';
import { pointsOfLines, told } from './points.ts';
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
      expect(told(await pointsOfRun(collector(), tee.points()))).toEqual(told(tee.points()));
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
        const text = await place.text(`${OUT}/${SPOOL}`);
        const spool = spansOfLines(text);
        expect(emission).toMatchObject({ state: 'spooled', spooled: spool.length });
        const got = await next(spool.length);
        expect(differences(spool, got, FILE_RECEIVER)).toEqual([]);
        expect(told(await pointsOfRun(collector(), pointsOfLines(text)))).toEqual(told(pointsOfLines(text)));
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

describe('a Collector that has a pipeline for traces alone', () => {
  let base: Workspace;
  beforeAll(async () => {
    base = await workspace();
  });
  afterAll(() => base[Symbol.asyncDispose]());

  withBackend(
    'collector',
    (binary) => startCollector(binary, [base.at(`**/${SPOOL}`)], ['traces']),
    (collector) => {
      test('reads the spans of a spool and passes over its metrics', async () => {
        const place = await shop(base.at('a'));
        await run(place);
        const text = await place.text(`${OUT}/${SPOOL}`);
        expect(pointsOfLines(text).length).toBeGreaterThan(0);
        const spool = spansOfLines(text);
        expect(differences(spool, await collector().spans(spool.length), FILE_RECEIVER)).toEqual([]);
      });

      test('takes the spans of a run and answers 404 for its metrics', async () => {
        await using place = await shop();
        const emission = await run(place, ['--otlp-endpoint', collector().otlp]);
        expect(emission).toMatchObject({ state: 'sent', reason: expect.stringContaining('takes no metrics (404 at /v1/metrics)') });
        expect(await place.text(`${OUT}/${SPOOL}`).catch(() => 'gone')).toBe('gone');
      });
    },
  );
});

/** What the Collector has of the metrics of the run that these points came from. */
async function pointsOfRun(collector: Collector, sent: readonly ReceivedPoint[]): Promise<readonly ReceivedPoint[]> {
  const runOf = (point: ReceivedPoint) => point.resource['service.instance.id']?.value;
  const mine = runOf(sent[0]!);
  const ask = async () => {
    const got = (await collector.points(0)).filter((point) => runOf(point) === mine);
    return got.length >= sent.length ? got : undefined;
  };
  return eventually(ask, 30, 'the arrival of the metrics');
}

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

import { beforeAll, describe, expect, test } from '@jest/globals';
import { openWorkQuery } from '../../src/report/follow-up.ts';
import { eventually, type QueryBackend, tell, withBackend } from './backend.ts';
import { QUESTIONS } from './questions.ts';
import { readBack, type Sent, sendTo, traceIdsOf } from './sent.ts';
import { attributeOf, differences, idOf } from './spans.ts';
import { startTempo } from './tempo.ts';

/** Tempo keeps no flags. */
const TEMPO = { dropsFlags: true } as const;

withBackend('tempo', startTempo, (tempo) => {
  let sent: Sent;
  beforeAll(async () => {
    sent = await sendTo(tempo());
    const shown = '{ span.task.type = "epic" }';
    await eventually(async () => (await search(tempo(), shown)).traces.length === 2 || undefined, 30, 'finding both epics');
  }, 180_000);

  test('gives the shop back by id: the same spans, parents, links, events, statuses, types', async () => {
    expect(differences(sent.shop, await readBack(tempo(), sent.shop), TEMPO)).toEqual([]);
  });

  test('has every span of 2,000 services, though it drops without a word what makes a trace too large', async () => {
    const read = await readBack(tempo(), sent.fleet);
    tell(`2,000 services: ${sent.fleet.length} spans sent, ${read.length} read back, ${traceIdsOf(read).length} traces`);
    expect(differences(sent.fleet, read, TEMPO)).toEqual([]);
  });

  describe('answers', () => {
    test.each(QUESTIONS.map((question) => [question.source, question.traceql ?? question.asked, question] as const))(
      '%s: %s',
      async (_, query, question) => {
        const expected = sent.all.filter(question.answer);
        expect(expected).not.toEqual([]);
        const { status, said, spans, traces } = await search(tempo(), query);
        expect([status, said]).toEqual([200, '']);
        if (question.traces) expect(traces.toSorted()).toEqual(traceIdsOf(expected).toSorted());
        else expect(spans.toSorted()).toEqual(expected.map(idOf).toSorted());
      },
    );

    test('the query for open work that the summary of a run shows', async () => {
      const open = (spans: Sent['all']) =>
        spans.filter(
          ({ attributes }) => attributeOf(attributes, 'task.type') === 'task' && attributeOf(attributes, 'task.status') === 'todo',
        );
      const { spans } = await search(tempo(), openWorkQuery(traceIdsOf(sent.shop))!);
      expect(spans.toSorted()).toEqual(open(sent.shop).map(idOf).toSorted());
      // On a slow machine a search may show fewer spans of a trace than reading it by id; every trace must be found, whole or not.
      const [query, traces] = [openWorkQuery(traceIdsOf(sent.fleet))!, traceIdsOf(open(sent.all)).toSorted()];
      const found = await eventually(
        async () => {
          const { traces: got } = await search(tempo(), query);
          return got.length >= traces.length ? got.toSorted() : undefined;
        },
        60,
        'finding all open work',
      );
      expect(found).toEqual(traces);
    });

    test('tasks counted by status, over time', async () => {
      const counts = Map.groupBy(
        sent.shop.filter(({ attributes }) => attributeOf(attributes, 'task.type') === 'task'),
        ({ attributes }) => String(attributeOf(attributes, 'task.status')),
      );
      const query = '{ span.project.id = "shop" && span.task.type = "task" } | count_over_time() by (span.task.status)';
      const answer = await eventually(
        async () => {
          const found = await countsOverTime(tempo(), query);
          return Object.keys(found).length > 0 ? found : undefined;
        },
        60,
        'a count over time',
      );
      expect(answer).toEqual(Object.fromEntries([...counts].map(([status, spans]) => [status, spans.length])));
    });
  });

  test.each(QUESTIONS.filter(({ traceql }) => traceql !== undefined).map(({ source, asked }) => [source, asked]))(
    'refuses %s as it is written: %s',
    async (_, asked) => {
      const { status, said } = await search(tempo(), asked);
      tell(`Tempo refuses ${asked}: ${status} ${said}`);
      expect(status).toBe(400);
    },
  );
});

interface Found {
  readonly status: number;
  readonly said: string;
  readonly traces: readonly string[];
  /** `trace/span`, of every set. */
  readonly spans: readonly string[];
}

async function search(tempo: QueryBackend, query: string): Promise<Found> {
  const answer = await fetch(`${tempo.api}/api/search?${new URLSearchParams({ q: query, limit: '100', spss: '100' })}`);
  if (!answer.ok) return { status: answer.status, said: (await answer.text()).trim(), traces: [], spans: [] };
  const { traces = [] } = (await answer.json()) as any;
  // Leading zeros are cut from ids; and a question with groups answers with several sets.
  const found = traces.map(({ traceID, spanSets }: any) => ({ id: traceID.padStart(32, '0'), sets: spanSets }));
  return {
    status: 200,
    said: '',
    traces: found.map(({ id }: any) => id),
    spans: found.flatMap(({ id, sets }: any) =>
      sets.flatMap(({ spans }: any) => spans.map(({ spanID }: any) => `${id}/${spanID.padStart(16, '0')}`)),
    ),
  };
}

/** The last value of every series, by its label. */
async function countsOverTime(tempo: QueryBackend, query: string): Promise<Readonly<Record<string, number>>> {
  const answer = await fetch(`${tempo.api}/api/metrics/query_range?${new URLSearchParams({ q: query, since: '15m', step: '15m' })}`);
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  const { series = [] } = (await answer.json()) as any;
  const total = (samples: any) => samples.reduce((sum: number, { value = 0 }: any) => sum + value, 0);
  return Object.fromEntries(
    series.map(({ labels, samples }: any) => [labels[0].value.stringValue, total(samples)]).filter(([, count]: any) => count > 0),
  );
}

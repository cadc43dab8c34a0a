import { beforeAll, describe, expect, test } from '@jest/globals';
import { type QueryBackend, tell, withBackend } from './backend.ts';
import { startJaeger } from './jaeger.ts';
import { QUESTIONS } from './questions.ts';
import { readBack, type Sent, sendTo, traceIdsOf } from './sent.ts';
import { differences, idOf } from './spans.ts';

/** Jaeger gives events back by name. */
const JAEGER = { sortsEvents: true } as const;

withBackend('jaeger', startJaeger, (jaeger) => {
  let sent: Sent;
  beforeAll(async () => {
    sent = await sendTo(jaeger());
  }, 180_000);

  test('gives the shop back by id: the same spans, parents, links, events, statuses, types', async () => {
    expect(differences(sent.shop, await readBack(jaeger(), sent.shop), JAEGER)).toEqual([]);
  });

  test('has every span of 2,000 services', async () => {
    const read = await readBack(jaeger(), sent.fleet);
    tell(`2,000 services: ${sent.fleet.length} spans sent, ${read.length} read back, ${traceIdsOf(read).length} traces`);
    expect(differences(sent.fleet, read, JAEGER)).toEqual([]);
  });

  describe('agrees with TraceQL on', () => {
    const asked = QUESTIONS.flatMap(({ source, jaeger: tags, ...rest }) =>
      typeof tags === 'string' ? [] : [[source, tags, rest] as const],
    );
    test.each(asked)('%s: %j', async (_, tags, { answer, traces }) => {
      const expected = sent.all.filter(answer);
      const found = await search(jaeger(), tags);
      expect(found.traces.toSorted()).toEqual(traceIdsOf(expected).toSorted());
      if (!traces) expect(found.spans.toSorted()).toEqual(expected.map(idOf).toSorted());
    });
  });

  test('cannot be asked everything', () => {
    const left = QUESTIONS.filter(({ jaeger: tags }) => typeof tags === 'string');
    for (const { asked, jaeger: why } of left) tell(`Jaeger's API cannot ask ${asked}: ${why}`);
    expect(left.length).toBeLessThan(QUESTIONS.length / 2);
  });
});

/** Traces with a span that has all the tags, as attributes or on one of its events; and those spans. */
async function search(
  jaeger: QueryBackend,
  tags: Readonly<Record<string, string>>,
): Promise<{ readonly traces: readonly string[]; readonly spans: readonly string[] }> {
  const query = new URLSearchParams({ service: 'contextcore-export-tasks', tags: JSON.stringify(tags), limit: '100', lookback: '1h' });
  const answer = await fetch(`${jaeger.api}/api/traces?${query}`);
  if (!answer.ok) throw new Error(`Jaeger answered ${answer.status}: ${await answer.text()}`);
  const { data } = (await answer.json()) as any;
  return {
    traces: data.map(({ traceID }: any) => traceID),
    spans: data.flatMap(({ spans }: any) =>
      spans.filter((span: any) => hasAll(span, tags)).map(({ traceID, spanID }: any) => `${traceID}/${spanID}`),
    ),
  };
}

function hasAll({ tags, logs }: any, wanted: Readonly<Record<string, string>>): boolean {
  const fields = [tags, ...logs.map((log: any) => log.fields)].flat();
  return Object.entries(wanted).every(([key, value]) => fields.some((field: any) => field.key === key && String(field.value) === value));
}

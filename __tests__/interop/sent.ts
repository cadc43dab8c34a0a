import { expect } from '@jest/globals';
import type { ReceivedSpan } from '../../scripts/receiver.ts';
import { type QueryBackend, tell } from './backend.ts';
import { run, services, shop } from './jobs.ts';
import { startTee } from './tee.ts';

/** What a query backend was sent. */
export interface Sent {
  readonly shop: readonly ReceivedSpan[];
  /** 2,000 services, which no question about the shop may find. */
  readonly fleet: readonly ReceivedSpan[];
  readonly all: readonly ReceivedSpan[];
}

/** Runs the shop and the fleet with this backend as their endpoint. It must take every span; that it keeps them is for the tests to see. */
export async function sendTo(backend: QueryBackend): Promise<Sent> {
  await using tee = await startTee(backend.otlp);
  await using small = await shop();
  await using large = await services(2_000);
  const shopEmission = await run(small, ['--otlp-endpoint', tee.url]);
  expect(shopEmission).toMatchObject({ state: 'sent', sent: tee.spans().length });
  // Both keep traces only; that is told and costs no span.
  expect(shopEmission.reason).toMatch(/takes no metrics \(404 at \/v1\/metrics\): \d+ metric points dropped\.$/);
  const count = tee.spans().length;
  const emission = await run(large, ['--otlp-endpoint', tee.url]);
  const refused = tee.answers.filter((status) => status >= 300);
  tell(
    `2,000 services: ${emission.drafted} spans drafted, ${emission.sent} sent in ${tee.answers.length} requests, answers other than 200: [${refused}]`,
  );
  expect(emission).toMatchObject({ state: 'sent', sent: emission.drafted });
  return { shop: tee.spans().slice(0, count), fleet: tee.spans().slice(count), all: tee.spans() };
}

export function traceIdsOf(spans: readonly ReceivedSpan[]): readonly string[] {
  return [...new Set(spans.map((span) => span.traceId))];
}

/** Every trace these spans belong to, as the backend gives it back. */
export async function readBack(backend: QueryBackend, sent: readonly ReceivedSpan[]): Promise<readonly ReceivedSpan[]> {
  const ids = traceIdsOf(sent).values();
  const read: ReceivedSpan[] = [];
  const reader = async () => {
    for (const id of ids) read.push(...(await backend.trace(id)));
  };
  await Promise.all(Array.from({ length: 8 }, reader));
  return read;
}

import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type ReceivedSpan, type Receiver, type ReceiverOptions, startReceiver } from '../../scripts/receiver.ts';
import { snapshot, spansOf, type Workspace, workspace } from '../cli/export-tasks.ts';
import { MINIMAL, SHOP } from '../cli/manifests.ts';
import { misfits, traceMisfits } from './whole-export.ts';

const OUT = 'contextcore-export';
const SPOOL = `${OUT}/task-spans.otlp.jsonl`;
const PROTOCOLS = ['http/json', 'http/protobuf'] as const;

/** What the report, the metadata and the terminal say of the same emission. */
async function words(place: Workspace, stdout: string) {
  const { emission, entries } = JSON.parse(stdout);
  const onboarding = await place.json(`${OUT}/onboarding-metadata.json`);
  const { reason, trace_id, spool, ...told } = onboarding.task_emission;
  const { state, drafted, sent, spooled, lost } = emission;
  expect(told).toEqual({ state, drafted, sent, spooled, lost });
  expect({ reason, trace_id, spool: spool ?? null }).toEqual({
    reason: emission.reason,
    trace_id: entries[0].emission.trace_id,
    spool: entries[0].emission.spool,
  });
  expect(sent + spooled + lost).toBe(drafted);
  return { ...told, traceId: onboarding.task_trace_id, timestamp: onboarding.task_emission_timestamp };
}

async function sending(
  options: ReceiverOptions,
  args: readonly string[],
  look: (place: Workspace, receiver: Receiver, stdout: string) => Promise<void>,
): Promise<void> {
  await using place = await workspace({ '.contextcore.yaml': SHOP });
  const receiver = await startReceiver(options);
  try {
    const { code, stdout, stderr } = await place.run(['run', '--otlp-endpoint', receiver.url, '--format', 'json', ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await look(place, receiver, stdout);
    expect(misfits(place.root, OUT)).toEqual([]);
  } finally {
    await receiver.close();
  }
}

describe.each(PROTOCOLS)('a receiver that takes everything, over %s', (protocol) => {
  test.concurrent('gets every span once, below its parent, linked to what it speaks of', async () => {
    await sending({}, ['--otlp-protocol', protocol], async (place, receiver, stdout) => {
      const { state, drafted, traceId, timestamp } = await words(place, stdout);
      const spans = receiver.spans();
      expect({ state, received: spans.length, requests: receiver.requests.every(({ status }) => status === 200) }).toEqual({
        state: 'sent',
        received: drafted,
        requests: true,
      });
      expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(drafted);
      expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
      expect(Date.parse(timestamp)).toBeGreaterThan(Date.parse('2024-01-01'));
      const preview = await place.json(`${OUT}/task-emission-preview.json`);
      const ids = await place.json(`${OUT}/task-spans.json`);
      expect(traceMisfits(spans.map(plain), (name) => (name === 'task-spans.json' ? ids : preview))).toEqual([]);
      expect(preview.dry_run).toBe(false);
      expect(await place.text(SPOOL).catch(() => 'gone')).toBe('gone');
    });
  });

  test.concurrent('gets dependencies as links, stories below the epic, tasks below their story, gates on their stage', async () => {
    await sending({}, ['--otlp-protocol', protocol], async (_, receiver) => {
      const spans = receiver.spans();
      const parent = (span: ReceivedSpan) => spans.find(({ spanId }) => spanId === span.parentSpanId);
      const byId = (id: string) => spans.find((span) => value(span, 'task.id') === id)!;
      const runbook = byId('cart-runbook');
      expect(parent(runbook)?.name).toBe('contextcore.task.story');
      expect(parent(parent(runbook)!)?.name).toBe('contextcore.task.epic');
      expect(byId('shop-artifact-generation').parentSpanId).toBeUndefined();
      const targets = runbook.links
        .map(({ spanId }) => spans.find((span) => span.spanId === spanId))
        .map((span) => value(span!, 'task.id'));
      expect(targets).toEqual(expect.arrayContaining(['cart-prometheus-rules', 'cart-notification']));
      const stage =
        spans.find((span) => span.name === 'contextcore.pipeline.stage' && value(span, 'pipeline.stage.name') === 'CONTRACT_INTEGRITY') ??
        byId('shop-CONTRACT_INTEGRITY');
      expect(stage.events.some(({ attributes }) => Object.values(attributes).some((held) => held.value === 'shop-checksum-chain'))).toBe(
        true,
      );
      const question = spans.find(({ name }) => name === 'contextcore.question')!;
      expect(question.links.length).toBe(15);
      expect(spans.every((span) => value(span, 'export.scope') === 'proposed')).toBe(true);
    });
  });
});

test.concurrent('a 503 is tried again, and what then arrives is complete', async () => {
  await sending(
    { behaviour: ({ number, response }) => number === 0 && refuse(response, 503, { 'retry-after': '0' }) },
    [],
    async (place, receiver, stdout) => {
      const { state, drafted, traceId } = await words(place, stdout);
      expect({ state, received: receiver.spans().length, traceId: typeof traceId }).toEqual({
        state: 'sent',
        received: drafted,
        traceId: 'string',
      });
      expect(receiver.requests.length).toBeGreaterThan(1);
    },
  );
});

test.concurrent('a 400 is not tried again; everything stays in the spool, and no trace id is written', async () => {
  await sending({ behaviour: ({ response }) => refuse(response, 400) }, [], async (place, receiver, stdout) => {
    const { state, spooled, drafted, traceId, timestamp } = await words(place, stdout);
    expect({ state, spooled, traceId, timestamp, requests: receiver.requests.length }).toEqual({
      state: 'spooled',
      spooled: drafted,
      traceId: undefined,
      timestamp: undefined,
      requests: 1,
    });
  });
});

test.concurrent('a login page is no success', async () => {
  const page = ({ response }: { readonly response: import('node:http').ServerResponse }) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please log in</html>');
    return true;
  };
  await sending({ behaviour: page }, [], async (place, _, stdout) => {
    expect(await words(place, stdout)).toMatchObject({ state: 'spooled', sent: 0, traceId: undefined });
  });
});

test.concurrent('a partial success is told as what it is: the refused spans are lost, and no trace id is written', async () => {
  const partly: ReceiverOptions['behaviour'] = ({ response, accept }) => {
    accept();
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ partialSuccess: { rejectedSpans: '3', errorMessage: 'too old' } }));
    return true;
  };
  await sending({ behaviour: partly }, [], async (place, _, stdout) => {
    const { drafted, ...told } = await words(place, stdout);
    expect(told).toEqual({ state: 'partial', sent: drafted - 3, spooled: 0, lost: 3, traceId: undefined, timestamp: undefined });
    expect(JSON.parse(stdout).emission.reason).toContain('too old');
  });
});

describe('replay', () => {
  test.concurrent.each(PROTOCOLS)('sends what waits over %s, the same spans, ids and times, and empties the spool', async (protocol) => {
    await using place = await workspace({ '.contextcore.yaml': SHOP });
    await place.run(['run']);
    const waiting = spoolIds(await place.text(SPOOL));
    const receiver = await startReceiver();
    const { code, stdout } = await place.run([
      'replay',
      SPOOL,
      '--otlp-endpoint',
      receiver.url,
      '--otlp-protocol',
      protocol,
      '--format',
      'json',
    ]);
    await receiver.close();
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({
      code: 0,
      state: 'sent',
      found: waiting.length,
      sent: waiting.length,
      waiting: 0,
      lost: 0,
    });
    expect(
      receiver
        .spans()
        .map((span) => `${span.traceId} ${span.spanId} ${span.start} ${span.end}`)
        .sort(),
    ).toEqual([...waiting].sort());
    expect(await place.text(SPOOL).catch(() => 'gone')).toBe('gone');
  });

  test.concurrent('takes the export directory for the spool in it, and tells of a path where there is nothing', async () => {
    await using place = await workspace({ '.contextcore.yaml': SHOP });
    await place.run(['run']);
    const receiver = await startReceiver();
    const to = ['--otlp-endpoint', receiver.url];
    const sent = await place.run(['replay', path.dirname(SPOOL), ...to]);
    const none = await place.run(['replay', 'none', ...to]);
    await receiver.close();
    expect({ code: sent.code, spool: await place.text(SPOOL).catch(() => 'gone') }).toEqual({ code: 0, spool: 'gone' });
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('none does not exist') });
  });

  test.concurrent('leaves the spool as it is when nobody takes it, and sends it the next time', async () => {
    await using place = await workspace({ '.contextcore.yaml': SHOP });
    await place.run(['run']);
    const before = await place.text(SPOOL);
    const receiver = await startReceiver({ behaviour: ({ number, response }) => number === 0 && refuse(response, 400) });
    const refused = await place.run(['replay', SPOOL, '--otlp-endpoint', receiver.url, '--format', 'json']);
    expect({ code: refused.code, spool: await place.text(SPOOL) }).toEqual({ code: 1, spool: before });
    const taken = await place.run(['replay', SPOOL, '--otlp-endpoint', receiver.url, '--format', 'json']);
    await receiver.close();
    expect({ code: taken.code, sent: JSON.parse(taken.stdout).sent, received: receiver.spans().length }).toEqual({
      code: 0,
      sent: spoolIds(before).length,
      received: spoolIds(before).length,
    });
  });

  test.concurrent('keeps the spans of two runs that nobody took, and sends both', async () => {
    await using place = await workspace({ '.contextcore.yaml': SHOP });
    const receiver = await startReceiver({ behaviour: ({ number, response }) => number < 2 && refuse(response, 400) });
    const run = ['run', '--otlp-endpoint', receiver.url];
    await place.run(run);
    await place.run(run);
    const { code, stdout } = await place.run(['replay', SPOOL, '--otlp-endpoint', receiver.url, '--format', 'json']);
    await receiver.close();
    expect({ code, sent: JSON.parse(stdout).sent }).toEqual({ code: 0, sent: receiver.spans().length });
    expect(new Set(receiver.spans().map(({ traceId }) => traceId)).size).toBe(2);
  });
});

describe('emit', () => {
  test.concurrent('sends the work of an export that is there already, and notes it in the export', async () => {
    await using place = await workspace({ '.contextcore.yaml': SHOP });
    await place.run(['export', '-p', '.contextcore.yaml', '-o', OUT]);
    const receiver = await startReceiver();
    const { code, stdout } = await place.run(['emit', OUT, '--otlp-endpoint', receiver.url, '--format', 'json']);
    await receiver.close();
    const { state, drafted, traceId } = JSON.parse(stdout);
    expect({ code, state, received: receiver.spans().length }).toEqual({ code: 0, state: 'sent', received: drafted });
    expect(await place.json(`${OUT}/onboarding-metadata.json`)).toMatchObject({
      task_trace_id: traceId,
      task_emission: { state: 'sent', drafted },
    });
    expect(misfits(place.root, OUT)).toEqual([]);
    expect((await place.run(['check', OUT, '--fail-on-unhealthy'])).code).toBe(0);
  });
});

describe('SOURCE_DATE_EPOCH', () => {
  const env = { SOURCE_DATE_EPOCH: '1768469400' };

  test.concurrent.each([
    ['run', ['run', '--output-dir', OUT]],
    ['export', ['export', '-p', '.contextcore.yaml', '-o', OUT, '--emit-provenance', '--emit-tasks']],
    ['audit', ['audit', '.contextcore.yaml', 'team/**/*.yaml', '--output-dir', OUT]],
  ])('two of %s in two places write the same bytes, every file', async (_, args) => {
    await using first = await workspace();
    await using second = await workspace();
    const written: Readonly<Record<string, string>>[] = [];
    for (const place of [first, second]) {
      await place.write({ '.contextcore.yaml': SHOP, 'team/a/.contextcore.yaml': MINIMAL.replaceAll('shop', 'team-a') });
      expect((await place.run(args, env)).code).toBe(0);
      written.push(snapshot(place.at(OUT)));
    }
    expect(Object.keys(written[0]!).length).toBeGreaterThan(6);
    expect(written[0]).toEqual(written[1]);
  });

  // Under a fixed epoch the ids are the same again, and the earlier export's epic is this one's: the link would lead to itself.
  test('a second run in the same place does not follow itself', async () => {
    await using place = await workspace({ '.contextcore.yaml': SHOP });
    await place.run(['run'], env);
    await place.run(['run'], env);
    const spans = spansOf(await place.text(SPOOL));
    expect(spans.flatMap(({ spanId, links = [] }) => links.filter((link: any) => link.spanId === spanId))).toEqual([]);
  });

  test.concurrent('another epoch is another run', async () => {
    await using place = await workspace({ '.contextcore.yaml': SHOP });
    await place.run(['run'], env);
    const first = await place.text(SPOOL);
    await place.run(['run'], { SOURCE_DATE_EPOCH: '1768469401' });
    expect(await place.text(SPOOL)).not.toBe(first);
  });
});

function refuse(response: import('node:http').ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end('{"code":3,"message":"no"}');
  return true;
}

function value(span: ReceivedSpan, key: string): unknown {
  return span.attributes[key]?.value;
}

/** A received span in the shape of OTLP/JSON, as far as a trace is checked. */
function plain(span: ReceivedSpan) {
  const id = { key: 'task.id', value: { stringValue: value(span, 'task.id') } };
  return {
    name: span.name,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    links: span.links,
    attributes: [id],
  };
}

function spoolIds(spool: string): readonly string[] {
  return spool
    .trimEnd()
    .split('\n')
    .flatMap((line) =>
      (JSON.parse(line).resourceSpans ?? []).flatMap((resource: any) => resource.scopeSpans.flatMap((scope: any) => scope.spans)),
    )
    .map((span: any) => `${span.traceId} ${span.spanId} ${span.startTimeUnixNano} ${span.endTimeUnixNano}`);
}

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import * as https from 'node:https';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { checkRequest } from '../../scripts/receiver.ts';
import { draftSpans } from '../../src/telemetry/draft-spans.ts';
import type { Emission } from '../../src/telemetry/emission.ts';
import { emit } from '../../src/telemetry/emit.ts';
import { createAuthority, type Identity, selfSigned } from './certificates.ts';
import { shopInput, testWorld } from './shop.ts';

const QUICK = { retries: 1, firstWait: 20, longestWait: 20 };
const SPOOL = 'task-spans.otlp.jsonl';
const LOOPBACK = ['127.0.0.1', 'localhost'];
const drafts = draftSpans(shopInput());

const authority = createAuthority('Receivers');
const stranger = createAuthority('Somebody else');
const server = authority.issue('receiver', { names: LOOPBACK });
const client = authority.issue('export-tasks');

let root: string;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tls-'));
  const files = {
    'ca.pem': authority.cert,
    'stranger.pem': stranger.cert,
    'client.key': client.key,
    'client.pem': client.cert,
    'other.key': stranger.issue('x').key,
    'text.pem': 'no certificate',
  };
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(root, name), content)));
});

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  await rm(join(root, SPOOL), { force: true });
});

afterAll(() => rm(root, { recursive: true, force: true }));

interface SecureReceiver {
  readonly url: string;
  readonly port: number;
  /** Spans of requests that it answered. */
  readonly received: () => number;
}

async function receiveWith(identity: Identity, options: https.ServerOptions = {}): Promise<SecureReceiver> {
  let received = 0;
  const listener = https.createServer({ ...identity, ...options }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    received += checkRequest(Buffer.concat(chunks).toString()).length;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  listener.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    const closed = new Promise((resolve) => listener.close(resolve));
    listener.closeAllConnections();
    return closed;
  });
  const { port } = listener.address() as AddressInfo;
  return { url: `https://127.0.0.1:${port}`, port, received: () => received };
}

function send(endpoint: string, env: Record<string, string> = {}): Promise<Emission> {
  const settings = { mode: 'auto', timeoutMs: 10_000, spoolPath: SPOOL, patience: QUICK, endpoint } as const;
  return emit(drafts, settings, testWorld(root, { OTEL_EXPORTER_OTLP_COMPRESSION: 'none', ...env }));
}

/** What was sent is counted by the receiver, what waits by the lines of the spool; nothing is lost. */
async function expectAccounted(emission: Emission, receiver: SecureReceiver): Promise<void> {
  const text = await readFile(join(root, SPOOL), 'utf8').catch(() => '');
  const waiting = text.split('\n').flatMap((line) => (line === '' ? [] : checkRequest(line))).length;
  expect({ sent: receiver.received(), spooled: waiting, lost: 0, drafted: emission.drafted }).toEqual({
    sent: emission.sent,
    spooled: emission.spooled,
    lost: emission.lost,
    drafted: emission.sent + emission.spooled,
  });
}

const CA = { OTEL_EXPORTER_OTLP_CERTIFICATE: 'ca.pem' };
const CLIENT = { OTEL_EXPORTER_OTLP_CLIENT_KEY: 'client.key', OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: 'client.pem' };
const ASKING = { ca: authority.cert, requestCert: true, rejectUnauthorized: true } as const;

describe('over TLS', () => {
  test.each([
    ['a certificate of our own authority', server, {}, CA],
    [
      'the same, named for traces alone',
      server,
      {},
      { OTEL_EXPORTER_OTLP_CERTIFICATE: 'stranger.pem', OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: 'ca.pem' },
    ],
    ['a receiver that asks for a client certificate', server, ASKING, { ...CA, ...CLIENT }],
    [
      'the same, named for traces alone',
      server,
      ASKING,
      { ...CA, OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: 'client.key', OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE: 'client.pem' },
    ],
  ])('every span arrives: %s', async (_, identity, options, env) => {
    const receiver = await receiveWith(identity, options);
    const emission = await send(receiver.url, env);
    expect(emission).toMatchObject({ state: 'sent', reason: `127.0.0.1:${receiver.port} accepted all ${drafts.spans.length} spans.` });
    await expectAccounted(emission, receiver);
  });

  test.each([
    ['an authority nobody named', server, {}, {}, 'OTEL_EXPORTER_OTLP_CERTIFICATE names the file of the authority'],
    [
      'another authority than the one named',
      server,
      {},
      { OTEL_EXPORTER_OTLP_CERTIFICATE: 'stranger.pem' },
      'names the file of the authority',
    ],
    ['a certificate that vouches for itself', selfSigned('receiver', LOOPBACK), {}, CA, 'names the file of the authority'],
    [
      'a certificate for another name',
      authority.issue('receiver', { names: ['otel.example'] }),
      {},
      CA,
      'its certificate is for another name',
    ],
    [
      'a certificate that has expired',
      authority.issue('receiver', { names: LOOPBACK, until: new Date('2020-01-01') }),
      {},
      CA,
      'its certificate has expired',
    ],
    [
      'a receiver that asks for a client certificate, and there is none',
      server,
      { ...ASKING, maxVersion: 'TLSv1.2' },
      CA,
      'OTEL_EXPORTER_OTLP_CLIENT_KEY and OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE',
    ],
    [
      'a certificate file that is not there',
      server,
      {},
      { OTEL_EXPORTER_OTLP_CERTIFICATE: 'none.pem' },
      '"none.pem" cannot be read: no such file (ENOENT)',
    ],
    ['a certificate file that holds none', server, {}, { OTEL_EXPORTER_OTLP_CERTIFICATE: 'text.pem' }, '"text.pem" holds no certificate'],
    [
      'a key file that holds none',
      server,
      ASKING,
      { ...CA, ...CLIENT, OTEL_EXPORTER_OTLP_CLIENT_KEY: 'text.pem' },
      '"text.pem" holds no private key',
    ],
    [
      'a key of another certificate',
      server,
      ASKING,
      { ...CA, ...CLIENT, OTEL_EXPORTER_OTLP_CLIENT_KEY: 'other.key' },
      '"other.key" is not the key of the certificate in "client.pem"',
    ],
    [
      'a certificate without its key',
      server,
      ASKING,
      { ...CA, OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: 'client.pem' },
      'OTEL_EXPORTER_OTLP_CLIENT_KEY',
    ],
  ] as const)('nothing is lost, and one sentence says why: %s', async (_, identity, options, env, why) => {
    const receiver = await receiveWith(identity, options);
    const emission = await send(receiver.url, env);
    expect(emission).toMatchObject({ state: 'spooled', spooled: drafts.spans.length, reason: expect.stringContaining(why) });
    expect(emission.reason).toContain(`export-tasks replay ${SPOOL}`);
    expect(emission.reason).not.toContain(root);
    await expectAccounted(emission, receiver);
  });

  // The alert may come after the request is on its way, and then the connection is only seen to break.
  test('nothing is lost where TLS 1.3 asks for a client certificate only after the handshake', async () => {
    const receiver = await receiveWith(server, { ...ASKING, minVersion: 'TLSv1.3' });
    const emission = await send(receiver.url, CA);
    expect(emission.state).toBe('spooled');
    await expectAccounted(emission, receiver);
  });
});

describe('through a proxy', () => {
  async function proxied(): Promise<{ readonly url: string; readonly asked: readonly string[] }> {
    const asked: string[] = [];
    const proxy = createServer((inner) => {
      inner.on('error', () => undefined);
      inner.once('data', (head) => {
        const [, host = ''] = /^CONNECT (\S+)/.exec(head.toString()) ?? [];
        asked.push(host);
        const outer = connect(Number(host.split(':').at(-1)), '127.0.0.1', () => {
          inner.write('HTTP/1.1 200 Connection established\r\n\r\n');
          inner.pipe(outer).pipe(inner);
        });
        outer.on('error', () => inner.destroy());
      });
      closing.push(async () => inner.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    closing.push(async () => proxy.close());
    return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
  }

  test('HTTPS_PROXY is asked to connect, and the receiver is trusted by its own name', async () => {
    const [receiver, proxy] = [await receiveWith(server), await proxied()];
    const emission = await send(receiver.url, { ...CA, HTTPS_PROXY: proxy.url });
    expect(emission.state).toBe('sent');
    expect(new Set(proxy.asked)).toEqual(new Set([`127.0.0.1:${receiver.port}`]));
    await expectAccounted(emission, receiver);
  });

  test.each([['127.0.0.1'], ['*'], ['example.com,127.0.0.1']])('NO_PROXY %s goes around it', async (exempt) => {
    const [receiver, proxy] = [await receiveWith(server), await proxied()];
    const emission = await send(receiver.url, { ...CA, HTTPS_PROXY: proxy.url, NO_PROXY: exempt });
    expect(emission.state).toBe('sent');
    expect(proxy.asked).toEqual([]);
  });
});

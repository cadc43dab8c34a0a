import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Channel, type HttpOutcome, openChannel } from '../../src/host/otlp-http.ts';

let server: http.Server;
let channel: Channel;
let serve: http.RequestListener;

beforeEach(async () => {
  server = http.createServer((request, response) => serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`);
  channel = openChannel({ url, headers: {}, lanes: 4, env: {}, tls: {}, isForbidden: () => false });
});

afterEach(async () => {
  channel.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function post(body: Uint8Array): Promise<HttpOutcome> {
  return channel.post(body, { contentType: 'application/json', gzip: false, timeout: 20_000, signal: new AbortController().signal });
}

describe('a server that answers before it has read all', () => {
  // Far more than the system buffers of a connection hold.
  const large = Buffer.alloc(48 * 1024 * 1024, 'x');

  test('is waited for, so that the body may be written over afterwards', async () => {
    let read = 0;
    serve = async (request, response) => {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        read += chunk.length;
        if (response.writableEnded) continue;
        response.end('{}');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    expect(await post(large)).toMatchObject({ answer: { status: 200 } });
    expect(read).toBeGreaterThan(large.length / 2);
  });

  test('and closes the connection has still answered', async () => {
    serve = (request, response) => {
      request.on('error', () => undefined);
      response.writeHead(413, { connection: 'close' });
      response.end('too large', () => setTimeout(() => request.socket.destroy(), 50));
    };
    expect(await post(large)).toMatchObject({ answer: { status: 413, body: Buffer.from('too large') } });
  });
});

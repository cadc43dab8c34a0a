// A strict OTLP/HTTP receiver of traces and metrics on loopback, for tests and the demo. It refuses what a Collector refuses (a null double, an id of the wrong length, an
// unknown status code, text as an enum) and more: unknown keys, repeated attributes, ends before starts. It decodes protobuf with code of its own.
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { checkMetrics, METRICS_REQUEST, type ReceivedPoint } from './receiver-metrics.ts';
import {
  ATTRIBUTE,
  array,
  attributes,
  decodeProtobuf,
  id,
  integer,
  nanos,
  nonEmpty,
  object,
  RESOURCE,
  SCOPE,
  type Schema,
  string,
  type TypedAttributes,
} from './strict-otlp.ts';

export type { ReceivedPoint } from './receiver-metrics.ts';
export type { TypedAttributes, TypedValue } from './strict-otlp.ts';

export interface ReceivedSpan {
  readonly resource: TypedAttributes;
  readonly scope: { readonly name: string; readonly version: string };
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly flags: number;
  readonly kind: number;
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: TypedAttributes;
  readonly events: readonly { readonly name: string; readonly time: bigint; readonly attributes: TypedAttributes }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string; readonly attributes: TypedAttributes }[];
  readonly status: { readonly code: 0 | 1 | 2; readonly message?: string };
}

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  /** Bytes on the wire. */
  readonly bytes: number;
  /** What was answered; 0 when a behaviour answered by itself. */
  status: number;
  spans: number;
  /** Of metrics. */
  points: number;
  /** Why it was refused. */
  fault?: string;
}

export interface Exchange {
  /** Requests before this one. */
  readonly number: number;
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  readonly body: Buffer;
  /** Judges and records the request as if no behaviour stood in between, without answering. */
  readonly accept: () => void;
}

export interface Receiver {
  /** `http://127.0.0.1:PORT`, without a path. */
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** Every span accepted, in order of arrival. */
  readonly spans: () => readonly ReceivedSpan[];
  /** Every metric point accepted, likewise. */
  readonly points: () => readonly ReceivedPoint[];
  /** The accepted trace requests as OTLP/JSON text, for a viewer. Protobuf requests come decoded. */
  readonly bodies: () => readonly Buffer[];
  readonly close: () => Promise<void>;
}

export interface ReceiverOptions {
  readonly port?: number;
  readonly host?: string;
  /** Answers instead of the receiver when it returns true. */
  readonly behaviour?: (exchange: Exchange) => boolean | Promise<boolean>;
}

const LARGEST_BODY = 20 * 1024 * 1024;

/** Starts listening; resolves when it does. */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const spans: ReceivedSpan[] = [];
  const points: ReceivedPoint[] = [];
  const bodies: Buffer[] = [];
  const server = http.createServer((request, response) => void serve(request, response).catch(() => response.destroy()));

  async function serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await readBody(request);
    const seen: ReceivedRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      bytes: body.length,
      status: 0,
      spans: 0,
      points: 0,
    };
    const number = requests.push(seen) - 1;
    const accept = () => {
      const read = readRequest(seen, body);
      spans.push(...read.spans);
      points.push(...read.points);
      if (read.points.length === 0) bodies.push(read.json);
      [seen.spans, seen.points] = [read.spans.length, read.points.length];
    };
    if (await options.behaviour?.({ number, request, response, body, accept })) return;
    try {
      accept();
      answer(seen, response, 200, {});
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(400, error instanceof Error ? error.message : String(error));
      seen.fault = refusal.message;
      answer(seen, response, refusal.status, { code: 3, message: refusal.message });
    }
  }

  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  const host = options.host?.includes(':') ? `[${options.host}]` : (options.host ?? '127.0.0.1');
  return {
    url: `http://${host}:${port}`,
    requests,
    spans: () => spans,
    points: () => points,
    bodies: () => bodies,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Judges one OTLP/JSON request. @throws a sentence when it is not strictly right. */
export function checkRequest(json: string): readonly ReceivedSpan[] {
  return new RequestReader().read(JSON.parse(json));
}

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function answer(seen: ReceivedRequest, response: http.ServerResponse, status: number, body: object): void {
  seen.status = status;
  const protobuf = seen.headers['content-type'] === 'application/x-protobuf' && status === 200;
  response.writeHead(status, { 'content-type': protobuf ? 'application/x-protobuf' : 'application/json' });
  response.end(protobuf ? '' : JSON.stringify(body));
}

interface Read {
  readonly spans: readonly ReceivedSpan[];
  readonly points: readonly ReceivedPoint[];
  readonly json: Buffer;
}

/** Judges one request as the receiver does. @throws a sentence when it is not strictly right. */
export function readRequest(seen: Pick<ReceivedRequest, 'method' | 'path' | 'headers'>, body: Buffer): Read {
  if (seen.method !== 'POST') throw new Refusal(405, `${seen.method} is not POST`);
  if (seen.path !== '/v1/traces' && seen.path !== '/v1/metrics') throw new Refusal(404, `nothing at ${seen.path}`);
  const type = seen.headers['content-type'];
  if (type !== 'application/json' && type !== 'application/x-protobuf') throw new Refusal(415, `content-type ${type}`);
  const encoding = seen.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'gzip') throw new Refusal(415, `content-encoding ${encoding}`);
  if (encoding === undefined && Number(seen.headers['content-length']) !== body.length) throw new Refusal(411, 'no content-length');
  const plain = encoding === 'gzip' ? gunzipSync(body, { maxOutputLength: LARGEST_BODY }) : body;
  if (plain.length > LARGEST_BODY) throw new Refusal(413, `${plain.length} bytes`);
  const isMetrics = seen.path === '/v1/metrics';
  const schema = isMetrics ? METRICS_REQUEST : REQUEST;
  const json = type === 'application/json' ? plain : Buffer.from(JSON.stringify(decodeProtobuf(plain, schema)));
  const text = new TextDecoder('utf-8', { fatal: true }).decode(json);
  return isMetrics ? { spans: [], points: checkMetrics(text), json } : { spans: checkRequest(text), points: [], json };
}

class RequestReader {
  read(value: unknown): readonly ReceivedSpan[] {
    const request = object(value, 'request', ['resourceSpans']);
    const spans = array(request['resourceSpans'], 'resourceSpans').flatMap((item) => this.#resourceSpans(item));
    if (spans.length === 0) throw new Error('a request without spans');
    return spans;
  }

  #resourceSpans(value: unknown): readonly ReceivedSpan[] {
    const item = object(value, 'resourceSpans', ['resource', 'scopeSpans', 'schemaUrl']);
    const resource = attributes(object(item['resource'], 'resource', ['attributes', 'droppedAttributesCount'])['attributes'], 'resource');
    if (!Object.hasOwn(resource, 'service.name')) throw new Error('the resource has no service.name');
    return array(item['scopeSpans'], 'scopeSpans').flatMap((scoped) => {
      const scopeSpans = object(scoped, 'scopeSpans', ['scope', 'spans', 'schemaUrl']);
      const raw = object(scopeSpans['scope'], 'scope', ['name', 'version', 'attributes', 'droppedAttributesCount']);
      const scope = { name: string(raw['name'], 'scope.name'), version: string(raw['version'], 'scope.version') };
      return array(scopeSpans['spans'], 'spans').map((span) => this.#span(span, resource, scope));
    });
  }

  #span(value: unknown, resource: TypedAttributes, scope: ReceivedSpan['scope']): ReceivedSpan {
    const raw = object(value, 'span', SPAN_KEYS);
    const [start, end] = [nanos(raw['startTimeUnixNano'], 'startTimeUnixNano'), nanos(raw['endTimeUnixNano'], 'endTimeUnixNano')];
    if (end < start) throw new Error('a span ends before it starts');
    const kind = integer(raw['kind'], 'kind', 0, 5);
    return {
      resource,
      scope,
      name: nonEmpty(raw['name'], 'name'),
      traceId: id(raw['traceId'], 32, 'traceId'),
      spanId: id(raw['spanId'], 16, 'spanId'),
      ...(raw['parentSpanId'] === undefined || raw['parentSpanId'] === ''
        ? {}
        : { parentSpanId: id(raw['parentSpanId'], 16, 'parentSpanId') }),
      ...(raw['traceState'] === undefined ? {} : { traceState: string(raw['traceState'], 'traceState') }),
      flags: integer(raw['flags'] ?? 0, 'flags', 0, 2 ** 32 - 1),
      kind,
      start,
      end,
      attributes: attributes(raw['attributes'], 'span'),
      events: array(raw['events'] ?? [], 'events').map((event) => {
        const {
          name,
          timeUnixNano,
          attributes: held,
        } = object(event, 'event', ['name', 'timeUnixNano', 'attributes', 'droppedAttributesCount']);
        return { name: nonEmpty(name, 'event name'), time: nanos(timeUnixNano, 'timeUnixNano'), attributes: attributes(held, 'event') };
      }),
      links: array(raw['links'] ?? [], 'links').map((link) => {
        const {
          traceId,
          spanId,
          attributes: held,
        } = object(link, 'link', ['traceId', 'spanId', 'traceState', 'attributes', 'flags', 'droppedAttributesCount']);
        return { traceId: id(traceId, 32, 'link traceId'), spanId: id(spanId, 16, 'link spanId'), attributes: attributes(held, 'link') };
      }),
      status: status(raw['status']),
    };
  }
}

const SPAN_KEYS = [
  ...['traceId', 'spanId', 'parentSpanId', 'traceState', 'flags', 'name', 'kind', 'startTimeUnixNano', 'endTimeUnixNano'],
  ...['attributes', 'droppedAttributesCount', 'events', 'droppedEventsCount', 'links', 'droppedLinksCount', 'status'],
];

function status(value: unknown): ReceivedSpan['status'] {
  const raw = object(value ?? {}, 'status', ['code', 'message']);
  const code = integer(raw['code'] ?? 0, 'status.code', 0, 2) as 0 | 1 | 2;
  return { code, ...(raw['message'] === undefined ? {} : { message: string(raw['message'], 'status.message') }) };
}

// A trace request in protobuf.
const EVENT: Schema = { 1: ['timeUnixNano', 'fixed64'], 2: ['name', 'text'], 3: ['attributes', ATTRIBUTE, 'many'] };
const LINK: Schema = {
  1: ['traceId', 'hex'],
  2: ['spanId', 'hex'],
  3: ['traceState', 'text'],
  4: ['attributes', ATTRIBUTE, 'many'],
  6: ['flags', 'fixed32'],
};
const STATUS: Schema = { 2: ['message', 'text'], 3: ['code', 'varint'] };
const SPAN: Schema = {
  1: ['traceId', 'hex'],
  2: ['spanId', 'hex'],
  3: ['traceState', 'text'],
  4: ['parentSpanId', 'hex'],
  5: ['name', 'text'],
  6: ['kind', 'varint'],
  7: ['startTimeUnixNano', 'fixed64'],
  8: ['endTimeUnixNano', 'fixed64'],
  9: ['attributes', ATTRIBUTE, 'many'],
  11: ['events', EVENT, 'many'],
  13: ['links', LINK, 'many'],
  15: ['status', STATUS],
  16: ['flags', 'fixed32'],
};
const SCOPE_SPANS: Schema = { 1: ['scope', SCOPE], 2: ['spans', SPAN, 'many'] };
const RESOURCE_SPANS: Schema = { 1: ['resource', RESOURCE], 2: ['scopeSpans', SCOPE_SPANS, 'many'] };
const REQUEST: Schema = { 1: ['resourceSpans', RESOURCE_SPANS, 'many'] };

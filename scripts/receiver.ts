// A strict OTLP/HTTP trace receiver on loopback, for tests and the demo. It refuses what a Collector refuses (a null double, an id of the wrong length, an
// unknown status code, text as an enum) and more: unknown keys, repeated attributes, ends before starts. It decodes protobuf with code of its own.
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export type TypedValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'array'; readonly value: readonly TypedValue[] };

export type TypedAttributes = Readonly<Record<string, TypedValue>>;

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
  /** The accepted requests as OTLP/JSON text, for a viewer. Protobuf requests come decoded. */
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
    };
    const number = requests.push(seen) - 1;
    const accept = () => {
      const read = readRequest(seen, body);
      spans.push(...read.spans);
      bodies.push(read.json);
      seen.spans = read.spans.length;
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

function readRequest(seen: ReceivedRequest, body: Buffer): { readonly spans: readonly ReceivedSpan[]; readonly json: Buffer } {
  if (seen.method !== 'POST') throw new Refusal(405, `${seen.method} is not POST`);
  if (seen.path !== '/v1/traces') throw new Refusal(404, `nothing at ${seen.path}`);
  const type = seen.headers['content-type'];
  if (type !== 'application/json' && type !== 'application/x-protobuf') throw new Refusal(415, `content-type ${type}`);
  const encoding = seen.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'gzip') throw new Refusal(415, `content-encoding ${encoding}`);
  if (encoding === undefined && Number(seen.headers['content-length']) !== body.length) throw new Refusal(411, 'no content-length');
  const plain = encoding === 'gzip' ? gunzipSync(body, { maxOutputLength: LARGEST_BODY }) : body;
  if (plain.length > LARGEST_BODY) throw new Refusal(413, `${plain.length} bytes`);
  const json = type === 'application/json' ? plain : Buffer.from(JSON.stringify(decodeProtobuf(plain, REQUEST)));
  const text = new TextDecoder('utf-8', { fatal: true }).decode(json);
  return { spans: checkRequest(text), json };
}

type Raw = Readonly<Record<string, unknown>>;

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

function attributes(value: unknown, where: string): TypedAttributes {
  const held: Record<string, TypedValue> = Object.create(null);
  for (const pair of array(value ?? [], `${where} attributes`)) {
    const raw = object(pair, `${where} attribute`, ['key', 'value']);
    const key = nonEmpty(raw['key'], `${where} attribute key`);
    if (Object.hasOwn(held, key)) throw new Error(`${where} has ${key} twice`);
    held[key] = anyValue(raw['value'], `${where} ${key}`);
  }
  return held;
}

function anyValue(value: unknown, where: string): TypedValue {
  const raw = object(value, where, ['stringValue', 'boolValue', 'intValue', 'doubleValue', 'arrayValue']);
  const kinds = Object.keys(raw);
  if (kinds.length !== 1) throw new Error(`${where} holds ${kinds.length} values`);
  const [kind] = kinds;
  const held = raw[kind!];
  if (kind === 'stringValue') return { type: 'string', value: string(held, where) };
  if (kind === 'boolValue') {
    if (typeof held !== 'boolean') throw new Error(`${where} is no boolean`);
    return { type: 'boolean', value: held };
  }
  if (kind === 'intValue') {
    if (!(typeof held === 'string' && /^-?\d{1,19}$/.test(held)) && !Number.isSafeInteger(held))
      throw new Error(`${where} is no int: ${String(held)}`);
    return { type: 'int', value: BigInt(held as string | number) };
  }
  if (kind === 'doubleValue') {
    if (typeof held !== 'number' || !Number.isFinite(held)) throw new Error(`${where} is no double: ${String(held)}`);
    return { type: 'double', value: held };
  }
  const items = array(object(held, where, ['values'])['values'] ?? [], where).map((item) => anyValue(item, where));
  if (new Set(items.map((item) => item.type)).size > 1) throw new Error(`${where} mixes types`);
  return { type: 'array', value: items };
}

function object(value: unknown, where: string, keys: readonly string[]): Raw {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${where} is no object`);
  for (const key of Object.keys(value)) if (!keys.includes(key)) throw new Error(`${where} has an unknown key ${key}`);
  return value as Raw;
}

function array(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${where} is no array`);
  return value;
}

function string(value: unknown, where: string): string {
  if (typeof value !== 'string' || !value.isWellFormed()) throw new Error(`${where} is no well-formed string`);
  return value;
}

function nonEmpty(value: unknown, where: string): string {
  const text = string(value, where);
  if (text === '') throw new Error(`${where} is empty`);
  return text;
}

function id(value: unknown, digits: number, where: string): string {
  const text = string(value, where);
  if (text.length !== digits || !/^[0-9a-f]+$/.test(text) || /^0+$/.test(text)) throw new Error(`${where} is no id: ${text}`);
  return text;
}

function integer(value: unknown, where: string, least: number, most: number): number {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) throw new Error(`${where} is ${String(value)}`);
  return value as number;
}

function nanos(value: unknown, where: string): bigint {
  if (typeof value !== 'string' || !/^[1-9]\d{0,19}$/.test(value)) throw new Error(`${where} is no time: ${String(value)}`);
  return BigInt(value);
}

// The part of opentelemetry-proto that a trace request is made of: field number → [key, kind], a list when `many`.
type Kind = 'text' | 'hex' | 'varint' | 'int64' | 'fixed64' | 'fixed32' | 'double' | 'bool' | Schema;
interface Schema {
  readonly [field: number]: readonly [key: string, kind: Kind, many?: 'many'];
}

const VALUE: { [field: number]: readonly [string, Kind, 'many'?] } = {
  1: ['stringValue', 'text'],
  2: ['boolValue', 'bool'],
  3: ['intValue', 'int64'],
  4: ['doubleValue', 'double'],
};
VALUE[5] = ['arrayValue', { 1: ['values', VALUE, 'many'] }];
const ATTRIBUTE: Schema = { 1: ['key', 'text'], 2: ['value', VALUE] };
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
const SCOPE: Schema = { 1: ['name', 'text'], 2: ['version', 'text'] };
const SCOPE_SPANS: Schema = { 1: ['scope', SCOPE], 2: ['spans', SPAN, 'many'] };
const RESOURCE_SPANS: Schema = { 1: ['resource', { 1: ['attributes', ATTRIBUTE, 'many'] }], 2: ['scopeSpans', SCOPE_SPANS, 'many'] };
const REQUEST: Schema = { 1: ['resourceSpans', RESOURCE_SPANS, 'many'] };

function decodeProtobuf(bytes: Buffer, schema: Schema): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  const lists = new Map<string, unknown[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 63n) throw new Error('a varint without end');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (size: number): Buffer => {
    if (at + size > bytes.length) throw new Error('a field longer than its message');
    at += size;
    return bytes.subarray(at - size, at);
  };
  const wires = [() => varint(), () => take(8), () => take(Number(varint())), undefined, undefined, () => take(4)] as const;
  while (at < bytes.length) {
    const tag = Number(varint());
    const read = wires[tag & (7 as 0)];
    const field = schema[tag >>> 3];
    if (!read || !field) throw new Error(`an unknown protobuf field ${tag >>> 3}`);
    const [key, kind, many] = field;
    const value = protobufValue((read as () => bigint | Buffer)(), kind);
    if (many) lists.set(key, [...(lists.get(key) ?? []), value]);
    else made[key] = value;
  }
  return { ...made, ...Object.fromEntries(lists) };
}

function protobufValue(raw: bigint | Buffer, kind: Kind): unknown {
  if (typeof raw === 'bigint') return kind === 'bool' ? raw !== 0n : kind === 'int64' ? String(BigInt.asIntN(64, raw)) : Number(raw);
  if (typeof kind === 'object') return decodeProtobuf(raw, kind);
  if (kind === 'text') return new TextDecoder('utf-8', { fatal: true }).decode(raw);
  if (kind === 'hex') return raw.toString('hex');
  if (kind === 'fixed64') return String(raw.readBigUInt64LE());
  if (kind === 'fixed32') return raw.readUInt32LE();
  if (kind === 'double') return raw.readDoubleLE();
  throw new Error(`a field of the wrong wire type for ${kind}`);
}

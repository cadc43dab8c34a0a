import { lookup as resolveName } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { TlsFiles } from './tls-files.ts';

/** What came back over the socket. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter?: string;
  readonly location?: string;
  readonly body: Uint8Array;
  readonly cut: boolean;
}

/** Why nothing did. */
export interface HttpFailure {
  readonly kind: 'unreachable' | 'broken' | 'timeout' | 'tls' | 'not-http' | 'forbidden' | 'cancelled';
  readonly code: string;
}

export type HttpOutcome = { readonly answer: HttpAnswer } | { readonly failure: HttpFailure };

export interface ChannelOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Sockets open at a time. */
  readonly lanes: number;
  /** HTTP_PROXY, HTTPS_PROXY and NO_PROXY are read from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tls: TlsFiles;
  /** Addresses nothing is sent to, asked after the name was resolved. */
  readonly isForbidden: (address: string) => boolean;
}

export interface PostOptions {
  readonly contentType: string;
  readonly gzip: boolean;
  /** Milliseconds for the whole exchange, body included: a server that drips is cut off. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

export interface Channel {
  /** Never throws, never follows a redirect, never reads more than 4 MiB. Once it resolves, nobody reads the body any longer. */
  readonly post: (body: Uint8Array, options: PostOptions) => Promise<HttpOutcome>;
  /** Destroys every socket, busy or not. */
  readonly close: () => void;
}

const LARGEST_ANSWER = 4 * 1024 * 1024;
const compress = promisify(gzip);

/** A keep-alive connection pool to one receiver. */
export function openChannel(options: ChannelOptions): Channel {
  const secure = options.url.protocol === 'https:';
  const agentOptions = { keepAlive: true, maxSockets: options.lanes, proxyEnv: proxyVariables(options.env) };
  const agent = secure ? new https.Agent({ ...agentOptions, ...options.tls }) : new http.Agent(agentOptions);
  const open = new Set<http.ClientRequest>();
  return {
    post: async (body, post) => {
      const packed = post.gzip ? await compress(body, { level: 1 }) : body;
      return exchange(secure ? https.request : http.request, agent, open, options, packed, post);
    },
    close: () => {
      for (const request of open) request.destroy();
      agent.destroy();
    },
  };
}

function exchange(
  request: typeof http.request,
  agent: http.Agent,
  open: Set<http.ClientRequest>,
  options: ChannelOptions,
  body: Uint8Array,
  post: PostOptions,
): Promise<HttpOutcome> {
  const { promise, resolve: settle } = Promise.withResolvers<HttpOutcome>();
  let ending: 'timeout' | 'cancelled' | undefined;
  const headers = {
    ...options.headers,
    'content-type': post.contentType,
    'content-length': body.byteLength,
    ...(post.gzip ? { 'content-encoding': 'gzip' } : {}),
    'user-agent': options.headers['user-agent'] ?? 'export-tasks (OTLP)',
  };
  const sent = request(options.url, { method: 'POST', agent, headers, lookup: guardedLookup(options.isForbidden) });
  const stop = (why: 'timeout' | 'cancelled') => {
    ending ??= why;
    sent.destroy();
  };
  const timer = setTimeout(stop, post.timeout, 'timeout');
  const cancel = () => stop('cancelled');
  post.signal.addEventListener('abort', cancel, { once: true });
  const finish = (outcome: HttpOutcome) => {
    clearTimeout(timer);
    post.signal.removeEventListener('abort', cancel);
    open.delete(sent);
    settle(outcome);
  };
  let answer: HttpAnswer | undefined;
  const fail = (error?: NodeJS.ErrnoException) => {
    finish(answer ? { answer } : { failure: ending ? { kind: ending, code: ending } : classify(error) });
  };
  open.add(sent);
  sent.on('error', fail);
  sent.on('response', async (response) => {
    try {
      answer = await readAnswer(response);
      // Some answer before they have read all: then the exchange lasts until the rest is written or the connection is gone.
      if (sent.writableFinished || sent.destroyed) finish({ answer });
      else sent.once('finish', fail).once('close', fail);
    } catch (error) {
      fail(error as NodeJS.ErrnoException);
    }
  });
  if (post.signal.aborted) cancel();
  sent.end(body);
  return promise;
}

async function readAnswer(response: http.IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  let cut = false;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    chunks.push(chunk);
    if (size > LARGEST_ANSWER) {
      cut = true;
      response.destroy();
      break;
    }
  }
  const { headers } = response;
  return {
    status: response.statusCode ?? 0,
    contentType: headers['content-type']?.toLowerCase() ?? '',
    ...(headers['retry-after'] ? { retryAfter: headers['retry-after'] } : {}),
    ...(headers.location ? { location: headers.location } : {}),
    body: cut ? new Uint8Array() : Buffer.concat(chunks),
    cut,
  };
}

/** A name may resolve to what its text does not show; every address is asked about. */
function guardedLookup(isForbidden: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return callback(error ?? new Error('no address'), '', 0);
      if (addresses.some(({ address }) => isForbidden(address))) {
        return callback(Object.assign(new Error('forbidden address'), { code: 'EFORBIDDEN' }), '', 0);
      }
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ECONNABORTED',
  'EHOSTDOWN',
  'ENETDOWN',
]);

function classify(error: NodeJS.ErrnoException | undefined): HttpFailure {
  const code = codeOf(error);
  if (code === 'EFORBIDDEN') return { kind: 'forbidden', code };
  if (UNREACHABLE.has(code)) return { kind: 'unreachable', code };
  if (code === 'ETIMEDOUT') return { kind: 'unreachable', code };
  if (code.startsWith('HPE_')) return { kind: 'not-http', code };
  if (/CERT|^ERR_TLS|^ERR_SSL|^EPROTO|SELF_SIGNED|UNABLE_TO/.test(code)) return { kind: 'tls', code: alertOf(error) ?? code };
  return { kind: 'broken', code };
}

/** EPROTO may be anything; the number of the alert that the other side sent stands in the message only (RFC 8446 §6). */
function alertOf(error: Error | undefined): string | undefined {
  const number = /SSL alert number (\d+)/.exec(error?.message ?? '')?.[1];
  return number === undefined ? undefined : `TLS alert ${number}`;
}

/** Happy eyeballs gathers one error per address; they are of one kind. */
function codeOf(error: NodeJS.ErrnoException | undefined): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error?.code ?? 'unknown';
}

function proxyVariables(env: ChannelOptions['env']): NodeJS.ProcessEnv {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

import { isIP } from 'node:net';

/** How a receiver is spoken to: `http/json` unless asked otherwise. */
export type Protocol = 'http/json' | 'http/protobuf';

/** What was asked for, as typed; nothing of it from a manifest. */
export interface EndpointSettings {
  /** Take the endpoint from OTEL_* variables when none is given. */
  readonly fromEnvironment: boolean;
  readonly endpoint?: string;
  /** `key=value,key=value`, percent-decoded. */
  readonly headers?: string;
  readonly protocol?: Protocol;
}

/** Where and how to send, ready to use; or a sentence that says why not. */
export type Endpoint =
  | {
      readonly state: 'ready';
      readonly url: URL;
      readonly headers: Readonly<Record<string, string>>;
      readonly protocol: Protocol;
      readonly gzip: boolean;
      /** Milliseconds one request may take. */
      readonly requestTimeout: number;
      /** Paths of PEM files, as typed. */
      readonly tls: { readonly ca?: string; readonly key?: string; readonly cert?: string };
      readonly notices: readonly string[];
    }
  | { readonly state: 'absent'; readonly notices: readonly string[] }
  | { readonly state: 'refused'; readonly reason: string; readonly notices: readonly string[] };

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Judges the endpoint before anything is sent (otel.md §3.4, §0.6): an endpoint that the stock exporter would quietly replace by localhost is refused with a
 * sentence. The input beats the variables; among them the one for traces beats the general one, headers key by key.
 */
export function judgeEndpoint(settings: EndpointSettings, env: Env): Endpoint {
  const notices: string[] = [];
  const target = resolveTarget(settings, env);
  if (target === undefined) return { state: 'absent', notices };
  if (typeof target === 'string') return { state: 'refused', reason: target, notices };
  const headers = resolveHeaders(settings, env, target);
  if (typeof headers === 'string') return { state: 'refused', reason: headers, notices };
  const refusal = refuseHost(target.url, target.from) ?? refuseClearText(target, headers, env);
  if (refusal) return { state: 'refused', reason: refusal, notices };
  return {
    state: 'ready',
    url: target.url,
    headers,
    protocol: resolveProtocol(settings, env, notices),
    gzip: resolveGzip(target.url, env, notices),
    requestTimeout: resolveTimeout(env, notices),
    tls: tlsFiles(env),
    notices,
  };
}

/** True for addresses that no receiver has and that hand out credentials: link-local ones and the metadata services of clouds. */
export function isForbiddenAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').toLowerCase();
  const mapped = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/.exec(bare);
  if (mapped) return isForbiddenAddress(mapped[1] ?? dotted(mapped[2]!, mapped[3]!));
  if (isIP(bare) === 4) return bare.startsWith('169.254.') || bare === '100.100.100.200' || bare === '0.0.0.0';
  if (isIP(bare) === 6) return /^fe[89ab][0-9a-f]:/.test(bare) || bare === 'fd00:ec2::254' || bare === '::';
  return ['metadata.google.internal', 'metadata.goog', 'instance-data', 'instance-data.ec2.internal'].includes(bare.replace(/\.$/, ''));
}

interface Target {
  readonly url: URL;
  /** How the user named it: an input or a variable. */
  readonly from: string;
  readonly userinfo?: string;
}

function resolveTarget(settings: EndpointSettings, env: Env): Target | string | undefined {
  const given = settings.endpoint?.trim();
  if (given) return parseTarget(given, 'otlp-endpoint', 'input');
  if (!settings.fromEnvironment) return undefined;
  const traces = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']?.trim();
  if (traces) return parseTarget(traces, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'traces');
  const general = env['OTEL_EXPORTER_OTLP_ENDPOINT']?.trim();
  return general ? parseTarget(general, 'OTEL_EXPORTER_OTLP_ENDPOINT', 'general') : undefined;
}

function parseTarget(given: string, from: string, rule: 'input' | 'traces' | 'general'): Target | string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(given)) {
    return `${from} is "${shown(given)}", which has no scheme; http://${shown(given)} is probably meant (https:// if the receiver has a certificate).`;
  }
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url?.hostname) return `${from} is "${shown(given)}", which is no URL.`;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return `${from} is "${shown(given)}"; only http:// and https:// are spoken here. OTLP over HTTP usually listens on port 4318.`;
  }
  const userinfo = url.username || url.password ? `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` : undefined;
  url.username = '';
  url.password = '';
  url.hash = '';
  if (rule !== 'traces') {
    const complete = /\/v1\/traces\/?$/.test(url.pathname);
    if (url.search !== '' && !(complete && rule === 'input')) {
      return `${from} has a query string, and /v1/traces is appended to it; put the whole address into OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, which is used as it is.`;
    }
    if (!complete) url.pathname = url.pathname.replace(/\/*$/, '/v1/traces');
  }
  return { url, from, ...(userinfo === undefined ? {} : { userinfo }) };
}

function refuseHost(url: URL, from: string): string | undefined {
  if (!isForbiddenAddress(url.hostname)) return undefined;
  return `${from} points to ${url.hostname}, a link-local or metadata address; no OTLP receiver listens there, so nothing was sent.`;
}

function refuseClearText(target: Target, headers: Readonly<Record<string, string>>, env: Env): string | undefined {
  if (target.url.protocol === 'https:' || Object.keys(headers).length === 0 || !isPublicHost(target.url.hostname)) return undefined;
  const allowed = env['OTEL_EXPORTER_OTLP_TRACES_INSECURE'] ?? env['OTEL_EXPORTER_OTLP_INSECURE'];
  if (allowed?.trim().toLowerCase() === 'true') return undefined;
  return `${target.from} is plain http to the public host ${target.url.hostname}, and headers (${Object.keys(headers).join(', ')}) would travel in clear; use https, or set OTEL_EXPORTER_OTLP_INSECURE=true if that is meant.`;
}

/** Loopback, private networks, single-label names and the suffixes of clusters are no public hosts. */
function isPublicHost(hostname: string): boolean {
  const host = hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  if (isIP(host) === 4) return !/^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(host);
  if (isIP(host) === 6) return !(host === '::1' || /^f[cd]/.test(host) || /^::ffff:(7f|a|c0a8)/.test(host));
  return host.includes('.') && !/\.(local|localhost|internal|svc|lan|home|test|cluster\.local|home\.arpa|in-addr\.arpa)$/.test(host);
}

const RESERVED = new Set(['host', 'content-length', 'content-type', 'content-encoding', 'transfer-encoding', 'connection']);

function resolveHeaders(settings: EndpointSettings, env: Env, target: Target): Readonly<Record<string, string>> | string {
  const merged = new Map<string, string>();
  if (target.userinfo !== undefined) merged.set('authorization', `Basic ${Buffer.from(target.userinfo).toString('base64')}`);
  const lists: readonly (readonly [string, string | undefined])[] = [
    ['OTEL_EXPORTER_OTLP_HEADERS', env['OTEL_EXPORTER_OTLP_HEADERS']],
    ['OTEL_EXPORTER_OTLP_TRACES_HEADERS', env['OTEL_EXPORTER_OTLP_TRACES_HEADERS']],
    ['otlp-headers', settings.headers],
  ];
  for (const [from, list] of lists) {
    // Headers of the environment belong to the endpoint of the environment; they are no secret of the input's endpoint.
    if (list === undefined || (from !== 'otlp-headers' && !settings.fromEnvironment)) continue;
    const parsed = parseHeaders(list, from);
    if (typeof parsed === 'string') return parsed;
    for (const [key, value] of parsed) merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

/** Baggage syntax, told in full when it is broken, with the position and never the value. */
function parseHeaders(list: string, from: string): ReadonlyMap<string, string> | string {
  const headers = new Map<string, string>();
  const pairs = list.split(/[,\r\n]/).map((pair) => pair.trim());
  for (const [index, pair] of pairs.entries()) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const key = at < 0 ? '' : decoded(pair.slice(0, at).trim()).toLowerCase();
    const value = decoded(pair.slice(at + 1).trim());
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(key)) return `Entry ${index + 1} of ${from} is not of the form key=value; nothing was sent.`;
    if (/[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]/.test(value))
      return `Entry ${index + 1} of ${from} (${key}) holds characters that no HTTP header may hold; nothing was sent.`;
    if (RESERVED.has(key)) return `${from} sets ${key}, which the sender itself must set; remove it.`;
    headers.set(key, value);
  }
  return headers;
}

function resolveProtocol(settings: EndpointSettings, env: Env, notices: string[]): Protocol {
  if (settings.protocol) return settings.protocol;
  const name = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ? 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL' : 'OTEL_EXPORTER_OTLP_PROTOCOL';
  const asked = env[name]?.trim();
  if (!asked || asked === 'http/json') return 'http/json';
  if (asked === 'http/protobuf') return 'http/protobuf';
  notices.push(`${name} is "${shown(asked)}"; Export Tasks speaks OTLP over HTTP, so http/json is used.`);
  return 'http/json';
}

/** Compressed unless told otherwise; to the own machine it would cost more than it saves. */
function resolveGzip(url: URL, env: Env, notices: string[]): boolean {
  const asked = (env['OTEL_EXPORTER_OTLP_TRACES_COMPRESSION'] ?? env['OTEL_EXPORTER_OTLP_COMPRESSION'])?.trim();
  if (asked === 'none' || asked === 'gzip') return asked === 'gzip';
  const gzip = !/^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname);
  if (asked) notices.push(`OTEL_EXPORTER_OTLP_COMPRESSION is "${shown(asked)}", neither gzip nor none; ${gzip ? 'gzip' : 'none'} is used.`);
  return gzip;
}

const REQUEST_TIMEOUT = 10_000;

function resolveTimeout(env: Env, notices: string[]): number {
  const asked = (env['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT'] ?? env['OTEL_EXPORTER_OTLP_TIMEOUT'])?.trim();
  if (!asked) return REQUEST_TIMEOUT;
  const millis = Number(asked);
  if (Number.isFinite(millis) && millis > 0) return millis;
  notices.push(`OTEL_EXPORTER_OTLP_TIMEOUT is "${shown(asked)}", not a number of milliseconds; ${REQUEST_TIMEOUT} is used.`);
  return REQUEST_TIMEOUT;
}

function tlsFiles(env: Env) {
  const named = (stem: string) => env[`OTEL_EXPORTER_OTLP_TRACES_${stem}`]?.trim() || env[`OTEL_EXPORTER_OTLP_${stem}`]?.trim();
  const ca = named('CERTIFICATE');
  const key = named('CLIENT_KEY');
  const cert = named('CLIENT_CERTIFICATE');
  return { ...(ca ? { ca } : {}), ...(key ? { key } : {}), ...(cert ? { cert } : {}) };
}

/** The address without what may be secret in it. */
function shown(given: string): string {
  return given
    .replace(/\/\/[^/@]*@/, '//')
    .replace(/\?.*$/s, '?…')
    .slice(0, 200);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function dotted(high: string, low: string): string {
  const word = Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (word >>> shift) & 255).join('.');
}

import { isIP } from 'node:net';

export const PROTOCOLS = ['http/json', 'http/protobuf'] as const;

/** How a receiver is spoken to: `http/json` unless asked otherwise. */
export type Protocol = (typeof PROTOCOLS)[number];

/** What is sent: each signal has a path, variables and a response of its own. */
export type Signal = 'traces' | 'metrics';

/** What was asked for, as typed; nothing of it from a manifest. */
export interface EndpointSettings {
  /** `traces` when absent. */
  readonly signal?: Signal;
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
      readonly signal: Signal;
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
 * sentence. The input beats the variables; among them the one for the signal beats the general one, headers key by key. Metrics go to `/v1/metrics` where
 * traces go to `/v1/traces`; an address that a variable names for one signal says nothing of the other.
 */
export function judgeEndpoint(settings: EndpointSettings, env: Env): Endpoint {
  const notices: string[] = [];
  const target = resolveTarget(settings, env);
  if (target === undefined) return { state: 'absent', notices };
  if (typeof target === 'string') return { state: 'refused', reason: target, notices };
  const headers = resolveHeaders(settings, env, target);
  if (typeof headers === 'string') return { state: 'refused', reason: headers, notices };
  const names = variables(settings);
  const refusal = refuseHost(target.url, target.from) ?? refuseClearText(target, headers, env, names);
  if (refusal) return { state: 'refused', reason: refusal, notices };
  return {
    state: 'ready',
    signal: settings.signal ?? 'traces',
    url: target.url,
    headers,
    protocol: resolveProtocol(settings, env, names, notices),
    gzip: resolveGzip(target.url, env, names, notices),
    requestTimeout: resolveTimeout(env, names, notices),
    tls: tlsFiles(env, names),
    notices,
  };
}

/** The names under which a setting may stand in the environment, the signal's own first. */
type Variables = (stem: string) => { readonly own: string; readonly general: string };

function variables({ signal = 'traces' }: EndpointSettings): Variables {
  return (stem) => ({ own: `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${stem}`, general: `OTEL_EXPORTER_OTLP_${stem}` });
}

/** The variable that counts, and what it says; one that is empty says nothing. */
function asked(env: Env, { own, general }: ReturnType<Variables>): { readonly name: string; readonly value: string } | undefined {
  for (const name of [own, general]) {
    const value = env[name]?.trim();
    if (value) return { name, value };
  }
  return undefined;
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
  const { signal = 'traces' } = settings;
  const given = settings.endpoint?.trim();
  if (given) return parseTarget(given, 'otlp-endpoint', 'input', signal);
  if (!settings.fromEnvironment) return undefined;
  const names = variables(settings)('ENDPOINT');
  const found = asked(env, names);
  return found && parseTarget(found.value, found.name, found.name === names.own ? 'own' : 'general', signal);
}

function parseTarget(given: string, from: string, rule: 'input' | 'own' | 'general', signal: Signal): Target | string {
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
  if (rule !== 'own') {
    const complete = /\/v1\/traces\/?$/.test(url.pathname);
    if (url.search !== '' && !(complete && rule === 'input')) {
      return `${from} has a query string, and /v1/${signal} is appended to it; put the whole address into OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT, which is used as it is.`;
    }
    if (!complete) url.pathname = url.pathname.replace(/\/*$/, `/v1/${signal}`);
    else if (signal === 'metrics') url.pathname = url.pathname.replace(/\/traces(\/?)$/, '/metrics$1');
  }
  return { url, from, ...(userinfo === undefined ? {} : { userinfo }) };
}

function refuseHost(url: URL, from: string): string | undefined {
  if (!isForbiddenAddress(url.hostname)) return undefined;
  return `${from} points to ${url.hostname}, a link-local or metadata address; no OTLP receiver listens there, so nothing was sent.`;
}

function refuseClearText(target: Target, headers: Readonly<Record<string, string>>, env: Env, names: Variables): string | undefined {
  if (target.url.protocol === 'https:' || Object.keys(headers).length === 0 || !isPublicHost(target.url.hostname)) return undefined;
  if (asked(env, names('INSECURE'))?.value.toLowerCase() === 'true') return undefined;
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
  const { own, general } = variables(settings)('HEADERS');
  const lists: readonly (readonly [string, string | undefined])[] = [
    [general, env[general]],
    [own, env[own]],
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

function resolveProtocol(settings: EndpointSettings, env: Env, names: Variables, notices: string[]): Protocol {
  if (settings.protocol) return settings.protocol;
  const { name, value } = asked(env, names('PROTOCOL')) ?? { value: 'http/json' };
  const protocol = PROTOCOLS.find((known) => known === value);
  if (protocol) return protocol;
  notices.push(`${name} is "${shown(value)}"; Export Tasks speaks OTLP over HTTP, so http/json is used.`);
  return 'http/json';
}

/** Compressed unless told otherwise; to the own machine it would cost more than it saves. */
function resolveGzip(url: URL, env: Env, names: Variables, notices: string[]): boolean {
  const found = asked(env, names('COMPRESSION'));
  if (found?.value === 'none' || found?.value === 'gzip') return found.value === 'gzip';
  const gzip = !/^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname);
  if (found) notices.push(`${found.name} is "${shown(found.value)}", neither gzip nor none; ${gzip ? 'gzip' : 'none'} is used.`);
  return gzip;
}

const REQUEST_TIMEOUT = 10_000;

function resolveTimeout(env: Env, names: Variables, notices: string[]): number {
  const found = asked(env, names('TIMEOUT'));
  if (!found) return REQUEST_TIMEOUT;
  const millis = Number(found.value);
  if (Number.isFinite(millis) && millis > 0) return millis;
  notices.push(`${found.name} is "${shown(found.value)}", not a number of milliseconds; ${REQUEST_TIMEOUT} is used.`);
  return REQUEST_TIMEOUT;
}

function tlsFiles(env: Env, names: Variables) {
  const [ca, key, cert] = ['CERTIFICATE', 'CLIENT_KEY', 'CLIENT_CERTIFICATE'].map((stem) => asked(env, names(stem))?.value);
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

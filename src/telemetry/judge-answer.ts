import { isJsonObject } from '../host/json.ts';
import type { Signal } from './endpoint.ts';

/** What a receiver answered, as the socket gave it. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter?: string;
  readonly location?: string;
  readonly body: Uint8Array;
  /** The body was longer than we read. */
  readonly cut: boolean;
}

/** Why there was no answer. */
export interface NoAnswer {
  readonly kind: 'unreachable' | 'broken' | 'timeout' | 'tls' | 'not-http' | 'forbidden' | 'cancelled';
  /** Node's code, e.g. ECONNREFUSED. */
  readonly code: string;
}

/** What becomes of the spans of one request. Reasons are clauses that complete "the receiver …" or stand alone. */
export type Judgement =
  | {
      readonly kind: 'accepted';
      readonly rejected: number;
      readonly reason?: string;
      /** In the receiver's own words. */
      readonly said?: string;
    }
  /** Worth another try, after the time the receiver asked for. */
  | { readonly kind: 'retry'; readonly reason: string; readonly after?: number }
  /** Kept for later. With `always`, every other request would end the same way. `status` is there when the receiver answered with one. */
  | { readonly kind: 'kept'; readonly reason: string; readonly always: boolean; readonly status?: number };

/** Reads what is in a protobuf response; the stock deserializer, handed in. */
export type ReadProtobuf = (body: Uint8Array) => {
  readonly partialSuccess?:
    | { readonly rejectedSpans?: number; readonly rejectedDataPoints?: number; readonly errorMessage?: string }
    | undefined;
};

/** Success only when the body says so too: a login page with status 200 took nothing in (otel.md §3.3). */
export function judgeAnswer(answer: Answer, spans: number, now: Date, readProtobuf: ReadProtobuf, signal: Signal = 'traces'): Judgement {
  if (answer.status >= 200 && answer.status < 300) return judgeSuccess(answer, spans, readProtobuf, signal);
  if (answer.status >= 300 && answer.status < 400) {
    const to = answer.location ? ` to ${hostOf(answer.location)}` : '';
    return {
      kind: 'kept',
      always: true,
      reason: `answered ${answer.status}, a redirect${to}, which is not followed; set the endpoint to the final address`,
    };
  }
  if (RETRYABLE.has(answer.status)) {
    const after = readRetryAfter(answer.retryAfter, now);
    return {
      kind: 'retry',
      reason: `answered ${answer.status} (${RETRYABLE.get(answer.status)})`,
      ...(after === undefined ? {} : { after }),
    };
  }
  const hint = HINTS.get(answer.status);
  return {
    kind: 'kept',
    always: hint?.always ?? false,
    status: answer.status,
    reason: `answered ${answer.status}${hint ? `: ${hint.says}` : ''}${quoteBody(answer)}`,
  };
}

/** A connection that failed is tried again; what cannot become better is not. */
export function judgeNoAnswer(failure: NoAnswer, port: string): Judgement {
  switch (failure.kind) {
    case 'unreachable':
      return { kind: 'retry', reason: `could not be reached (${failure.code})${grpcHint(port)}` };
    case 'broken':
      return { kind: 'retry', reason: `closed the connection before it had answered (${failure.code})` };
    case 'timeout':
      return { kind: 'kept', always: true, reason: 'did not answer in time' };
    case 'tls':
      return {
        kind: 'kept',
        always: true,
        reason: `offers no TLS connection we can trust (${failure.code}); ${TLS_HINTS.find(([code]) => code.test(failure.code))![1]}`,
      };
    case 'not-http':
      return {
        kind: 'kept',
        always: true,
        reason: `does not speak HTTP (${failure.code})${grpcHint(port) || '; 4317 is for gRPC, OTLP over HTTP is usually on 4318'}`,
      };
    case 'forbidden':
      return { kind: 'kept', always: true, reason: 'resolves to a link-local or metadata address, where nothing is sent' };
    case 'cancelled':
      return { kind: 'kept', always: true, reason: 'had not answered when the time was up' };
  }
}

/** By Node's code, or the alert that the receiver sent: 40, 42 and 116 are how servers ask for a client certificate that they did not get. */
const TLS_HINTS: readonly (readonly [RegExp, string])[] = [
  [/ALTNAME/, 'its certificate is for another name; use the name that it is for'],
  [/EXPIRED/, 'its certificate has expired'],
  [/NOT_YET_VALID/, 'its certificate is not valid yet; is the clock right?'],
  [
    /alert (40|42|116)$|CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE/,
    'it may ask for a client certificate, which OTEL_EXPORTER_OTLP_CLIENT_KEY and OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE name',
  ],
  [/^EPROTO|WRONG_VERSION|PACKET_LENGTH/, 'if it speaks no TLS, write http:// in place of https://'],
  [/^/, 'OTEL_EXPORTER_OTLP_CERTIFICATE names the file of the authority to trust'],
];

/** Seconds or an HTTP date, in milliseconds; undefined when absent or garbage. */
export function readRetryAfter(value: string | undefined, now: Date): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Z][a-z]{2},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

const RETRYABLE: ReadonlyMap<number, string> = new Map([
  [429, 'too many requests'],
  [502, 'bad gateway'],
  [503, 'unavailable'],
  [504, 'gateway timeout'],
]);

const HINTS: ReadonlyMap<number, { readonly says: string; readonly always: boolean }> = new Map([
  [401, { says: 'it wants credentials; set otlp-headers', always: true }],
  [403, { says: 'the credentials in otlp-headers are not allowed to write', always: true }],
  [404, { says: 'it has nothing at this path; OTLP is usually at /v1/traces', always: true }],
  [405, { says: 'it takes no POST at this path', always: true }],
  [407, { says: 'the proxy wants credentials', always: true }],
  [408, { says: 'it waited too long for the request', always: false }],
  [413, { says: 'the request is too large for it', always: false }],
  [415, { says: 'it does not take this encoding; try otlp-protocol: http/protobuf', always: true }],
  [501, { says: 'it does not implement this', always: true }],
]);

function judgeSuccess(answer: Answer, spans: number, readProtobuf: ReadProtobuf, signal: Signal): Judgement {
  if (answer.cut) return { kind: 'kept', always: true, reason: `answered ${answer.status} with more than an OTLP receiver ever says` };
  if (answer.body.length === 0) return { kind: 'accepted', rejected: 0 };
  const partial = answer.contentType.includes('protobuf') ? readPartialProtobuf(answer.body, readProtobuf) : readPartialJson(answer.body);
  if (partial === undefined) {
    const what = answer.contentType.split(';')[0] || 'something';
    return {
      kind: 'kept',
      always: true,
      reason: `answered ${answer.status} with ${what} that is no OTLP response; is it a login page or a proxy?`,
    };
  }
  const rejected = Math.min(spans, Math.max(0, partial.rejected));
  const said = partial.message.slice(0, 200);
  const quoted = said ? `: "${said}"` : '';
  if (rejected > 0) return { kind: 'accepted', rejected, said, reason: `rejected ${rejected} of ${spans} ${NOUN[signal]}${quoted}` };
  return { kind: 'accepted', rejected: 0, ...(said ? { said, reason: `accepted everything, and said${quoted}` } : {}) };
}

const NOUN: Readonly<Record<Signal, string>> = { traces: 'spans', metrics: 'points' };

interface Partial {
  readonly rejected: number;
  readonly message: string;
}

const REJECTED = ['rejectedSpans', 'rejected_spans', 'rejectedDataPoints', 'rejected_data_points'] as const;

function readPartialJson(body: Uint8Array): Partial | undefined {
  const parsed = parseJson(body);
  if (!isJsonObject(parsed)) return undefined;
  const partial = parsed['partialSuccess'] ?? parsed['partial_success'];
  if (!isJsonObject(partial)) return { rejected: 0, message: '' };
  const [given] = REJECTED.flatMap((key) => partial[key] ?? []);
  const rejected = Number(given ?? 0);
  const message = partial['errorMessage'] ?? partial['error_message'];
  return { rejected: Number.isFinite(rejected) ? Math.trunc(rejected) : 0, message: typeof message === 'string' ? message : '' };
}

function readPartialProtobuf(body: Uint8Array, read: ReadProtobuf): Partial | undefined {
  try {
    const { partialSuccess } = read(body);
    return {
      rejected: Number(partialSuccess?.rejectedSpans ?? partialSuccess?.rejectedDataPoints ?? 0),
      message: partialSuccess?.errorMessage ?? '',
    };
  } catch {
    return undefined;
  }
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** A short answer in plain text or JSON often says what is wrong; a page does not. */
function quoteBody(answer: Answer): string {
  if (answer.cut || answer.body.length === 0 || answer.body.length > 2_000 || !/json|text\/plain/.test(answer.contentType)) return '';
  const said = new TextDecoder().decode(answer.body).replace(/\s+/g, ' ').trim();
  return said ? ` ("${said.slice(0, 200)}")` : '';
}

function grpcHint(port: string): string {
  return port === '4317' ? '; 4317 is gRPC, try 4318' : '';
}

function hostOf(location: string): string {
  return URL.canParse(location) ? new URL(location).host : 'another path';
}

import { isJsonObject } from '../host/json.ts';

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
  | { readonly kind: 'accepted'; readonly rejected: number; readonly reason?: string }
  /** Worth another try, after the time the receiver asked for. */
  | { readonly kind: 'retry'; readonly reason: string; readonly after?: number }
  /** Kept for later. With `always`, every other request would end the same way. */
  | { readonly kind: 'kept'; readonly reason: string; readonly always: boolean };

/** Reads what is in a protobuf response; the stock deserializer, handed in. */
export type ReadProtobuf = (body: Uint8Array) => {
  readonly partialSuccess?: { readonly rejectedSpans?: number; readonly errorMessage?: string } | undefined;
};

/** Success only when the body says so too: a login page with status 200 took nothing in (otel.md §3.3). */
export function judgeAnswer(answer: Answer, spans: number, now: Date, readProtobuf: ReadProtobuf): Judgement {
  if (answer.status >= 200 && answer.status < 300) return judgeSuccess(answer, spans, readProtobuf);
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
        reason: `offers no TLS connection we can trust (${failure.code}); OTEL_EXPORTER_OTLP_CERTIFICATE names a CA file`,
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

function judgeSuccess(answer: Answer, spans: number, readProtobuf: ReadProtobuf): Judgement {
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
  const said = partial.message ? `: "${partial.message.slice(0, 200)}"` : '';
  if (rejected > 0) return { kind: 'accepted', rejected, reason: `rejected ${rejected} of ${spans} spans${said}` };
  return { kind: 'accepted', rejected: 0, ...(said ? { reason: `accepted everything, and said${said}` } : {}) };
}

interface Partial {
  readonly rejected: number;
  readonly message: string;
}

function readPartialJson(body: Uint8Array): Partial | undefined {
  const parsed = parseJson(body);
  if (!isJsonObject(parsed)) return undefined;
  const partial = parsed['partialSuccess'] ?? parsed['partial_success'];
  if (!isJsonObject(partial)) return { rejected: 0, message: '' };
  const rejected = Number(partial['rejectedSpans'] ?? partial['rejected_spans'] ?? 0);
  const message = partial['errorMessage'] ?? partial['error_message'];
  return { rejected: Number.isFinite(rejected) ? Math.trunc(rejected) : 0, message: typeof message === 'string' ? message : '' };
}

function readPartialProtobuf(body: Uint8Array, read: ReadProtobuf): Partial | undefined {
  try {
    const { partialSuccess } = read(body);
    return { rejected: Number(partialSuccess?.rejectedSpans ?? 0), message: partialSuccess?.errorMessage ?? '' };
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

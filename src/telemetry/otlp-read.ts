import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';

/** A span as it stands in an OTLP/JSON request: strangers' text, shape checked, nothing else. */
export interface SeenSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: ReadonlyMap<string, JsonValue>;
  readonly events: readonly { readonly name: string; readonly time: bigint; readonly attributes: ReadonlyMap<string, JsonValue> }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string; readonly attributes: ReadonlyMap<string, JsonValue> }[];
  readonly status: 'UNSET' | 'OK' | 'ERROR';
  readonly message?: string;
  readonly service?: string;
}

/** How many spans an OTLP/JSON trace request carries; undefined when the bytes are none. */
export function countSpans(bytes: Uint8Array): number | undefined {
  const request = parseRequest(bytes);
  if (!request) return undefined;
  let spans = 0;
  for (const scope of scopesOf(request)) spans += objects(scope.scope['spans']).length;
  return spans > 0 ? spans : undefined;
}

/** Every span of a request whose ids are ids; undefined when the bytes are no request. */
export function readSpans(bytes: Uint8Array): readonly SeenSpan[] | undefined {
  const request = parseRequest(bytes);
  if (!request) return undefined;
  return scopesOf(request).flatMap(({ scope, service }) => objects(scope['spans']).flatMap((span) => readSpan(span, service)));
}

/** The name that all spans of a request have; undefined when they differ, or the bytes are no request. */
export function commonName(bytes: Uint8Array): string | undefined {
  const names = new Set(readSpans(bytes)?.map(({ name }) => name));
  const [name] = names;
  return names.size === 1 ? name : undefined;
}

/** An OTLP/JSON request of traces or metrics; undefined when the bytes are none. Whole numbers beyond what a number holds exactly come as text, which OTLP takes too. */
export function parseRequest(bytes: Uint8Array, key: 'resourceSpans' | 'resourceMetrics' = 'resourceSpans'): JsonObject | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const parsed: unknown = LONG_NUMBER.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
    return isJsonObject(parsed) && Array.isArray(parsed[key]) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Asked first, since reading every number by its text costs ten times as much. */
const LONG_NUMBER = /[:,[]\s*-?\d{16}/;

function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const unsafe = typeof value === 'number' && !Number.isSafeInteger(value);
  return unsafe && /^-?\d+$/.test(context?.source ?? '') ? context?.source : value;
}

function scopesOf(request: JsonObject): readonly { readonly scope: JsonObject; readonly service: string | undefined }[] {
  return objects(request['resourceSpans']).flatMap((resourceSpans) => {
    const resource = resourceSpans['resource'];
    const name = isJsonObject(resource) ? readAttributes(resource['attributes']).get('service.name') : undefined;
    const service = typeof name === 'string' ? name : undefined;
    return objects(resourceSpans['scopeSpans']).map((scope) => ({ scope, service }));
  });
}

function readSpan(span: JsonObject, service: string | undefined): readonly SeenSpan[] {
  const { traceId, spanId, parentSpanId, name, status } = span;
  if (typeof traceId !== 'string' || typeof spanId !== 'string' || !/^[0-9a-f]{32}$/i.test(traceId) || !/^[0-9a-f]{16}$/i.test(spanId))
    return [];
  const code = isJsonObject(status) ? status['code'] : 0;
  const message = isJsonObject(status) ? status['message'] : undefined;
  return [
    {
      name: typeof name === 'string' ? name : '',
      traceId: traceId.toLowerCase(),
      spanId: spanId.toLowerCase(),
      ...(typeof parentSpanId === 'string' && parentSpanId !== '' ? { parentSpanId: parentSpanId.toLowerCase() } : {}),
      start: readNanos(span['startTimeUnixNano']),
      end: readNanos(span['endTimeUnixNano']),
      attributes: readAttributes(span['attributes']),
      events: objects(span['events']).map((event) => ({
        name: typeof event['name'] === 'string' ? event['name'] : '',
        time: readNanos(event['timeUnixNano']),
        attributes: readAttributes(event['attributes']),
      })),
      links: objects(span['links']).map((link) => ({
        traceId: String(link['traceId']),
        spanId: String(link['spanId']),
        attributes: readAttributes(link['attributes']),
      })),
      status: code === 2 || code === 'STATUS_CODE_ERROR' ? 'ERROR' : code === 1 || code === 'STATUS_CODE_OK' ? 'OK' : 'UNSET',
      ...(typeof message === 'string' && message !== '' ? { message } : {}),
      ...(service === undefined ? {} : { service }),
    },
  ];
}

function readAttributes(value: JsonValue | undefined): ReadonlyMap<string, JsonValue> {
  return new Map(
    objects(value).flatMap((pair) =>
      typeof pair['key'] === 'string' && isJsonObject(pair['value']) ? [[pair['key'], readValue(pair['value'])] as const] : [],
    ),
  );
}

function readValue(value: JsonObject): JsonValue {
  const { stringValue, boolValue, intValue, doubleValue, arrayValue } = value;
  if (intValue !== undefined) return Number(intValue);
  if (doubleValue !== undefined) return Number(doubleValue);
  if (isJsonObject(arrayValue)) return objects(arrayValue['values']).map(readValue);
  return stringValue ?? boolValue ?? null;
}

function readNanos(value: JsonValue | undefined): bigint {
  return (typeof value === 'string' && /^\d{1,20}$/.test(value)) || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)
    ? BigInt(value)
    : 0n;
}

export function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((item) => isJsonObject(item)) : [];
}

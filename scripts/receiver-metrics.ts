import {
  ATTRIBUTE,
  array,
  attributes,
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

/** One value of a metric as our receiver read it. */
export interface ReceivedPoint {
  readonly resource: TypedAttributes;
  readonly scope: { readonly name: string; readonly version: string };
  readonly metric: string;
  readonly unit: string;
  readonly description: string;
  readonly kind: 'gauge' | 'sum';
  /** Of sums. */
  readonly monotonic?: boolean;
  readonly temporality?: 'delta' | 'cumulative';
  readonly attributes: TypedAttributes;
  readonly start?: bigint;
  readonly time: bigint;
  readonly value: { readonly type: 'int'; readonly value: bigint } | { readonly type: 'double'; readonly value: number };
}

/** Judges one OTLP/JSON metrics request. @throws a sentence when it is not strictly right. */
export function checkMetrics(json: string): readonly ReceivedPoint[] {
  const request = object(JSON.parse(json), 'request', ['resourceMetrics']);
  const points = array(request['resourceMetrics'], 'resourceMetrics').flatMap(resourceMetrics);
  if (points.length === 0) throw new Error('a request without points');
  const seen = new Set<string>();
  for (const { metric, attributes: held, time } of points) {
    const key = `${metric} ${time} ${JSON.stringify(held, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`;
    if (seen.has(key)) throw new Error(`${metric} has a point twice`);
    seen.add(key);
  }
  return points;
}

type Told = Pick<ReceivedPoint, 'resource' | 'scope' | 'metric' | 'unit' | 'description' | 'kind' | 'monotonic' | 'temporality'>;

function resourceMetrics(value: unknown): readonly ReceivedPoint[] {
  const item = object(value, 'resourceMetrics', ['resource', 'scopeMetrics', 'schemaUrl']);
  const resource = attributes(object(item['resource'], 'resource', ['attributes', 'droppedAttributesCount'])['attributes'], 'resource');
  if (!Object.hasOwn(resource, 'service.name')) throw new Error('the resource has no service.name');
  return array(item['scopeMetrics'], 'scopeMetrics').flatMap((scoped) => {
    const scopeMetrics = object(scoped, 'scopeMetrics', ['scope', 'metrics', 'schemaUrl']);
    const raw = object(scopeMetrics['scope'], 'scope', ['name', 'version', 'attributes', 'droppedAttributesCount']);
    const scope = { name: string(raw['name'], 'scope.name'), version: string(raw['version'], 'scope.version') };
    return array(scopeMetrics['metrics'], 'metrics').flatMap((metric) => readMetric(metric, resource, scope));
  });
}

/** `metadata` is what a Collector's file receiver adds. */
function readMetric(value: unknown, resource: TypedAttributes, scope: ReceivedPoint['scope']): readonly ReceivedPoint[] {
  const raw = object(value, 'metric', ['name', 'description', 'unit', 'metadata', 'gauge', 'sum']);
  const told = {
    resource,
    scope,
    metric: nonEmpty(raw['name'], 'metric name'),
    unit: string(raw['unit'] ?? '', 'unit'),
    description: string(raw['description'] ?? '', 'description'),
  };
  if ((raw['gauge'] === undefined) === (raw['sum'] === undefined)) throw new Error(`${told.metric} is neither a gauge nor a sum`);
  if (raw['gauge'] !== undefined) {
    const { dataPoints } = object(raw['gauge'], 'gauge', ['dataPoints']);
    return array(dataPoints, 'dataPoints').map((point) => readPoint(point, { ...told, kind: 'gauge' }));
  }
  const { dataPoints, aggregationTemporality, isMonotonic } = object(raw['sum'], 'sum', [
    'dataPoints',
    'aggregationTemporality',
    'isMonotonic',
  ]);
  const temporality = integer(aggregationTemporality, 'aggregationTemporality', 1, 2) === 1 ? 'delta' : 'cumulative';
  return array(dataPoints, 'dataPoints').map((point) =>
    readPoint(point, { ...told, kind: 'sum', monotonic: isMonotonic === true, temporality }),
  );
}

function readPoint(value: unknown, told: Told): ReceivedPoint {
  const raw = object(value, 'point', ['attributes', 'startTimeUnixNano', 'timeUnixNano', 'asInt', 'asDouble']);
  const time = nanos(raw['timeUnixNano'], 'timeUnixNano');
  const start = raw['startTimeUnixNano'] === undefined ? undefined : nanos(raw['startTimeUnixNano'], 'startTimeUnixNano');
  if (told.kind === 'sum' && start === undefined) throw new Error(`${told.metric} does not say since when it counts`);
  if (start !== undefined && start > time) throw new Error(`${told.metric} ends before it starts`);
  return {
    ...told,
    attributes: attributes(raw['attributes'], told.metric),
    ...(start === undefined ? {} : { start }),
    time,
    value: readNumber(raw, told.metric),
  };
}

function readNumber({ asInt, asDouble }: Readonly<Record<string, unknown>>, where: string): ReceivedPoint['value'] {
  if ((asInt === undefined) === (asDouble === undefined)) throw new Error(`${where} has not one value`);
  if (asDouble === undefined) {
    if (typeof asInt !== 'string' || !/^-?\d{1,19}$/.test(asInt)) throw new Error(`${where} is no int: ${String(asInt)}`);
    return { type: 'int', value: BigInt(asInt) };
  }
  if (typeof asDouble !== 'number' || !Number.isFinite(asDouble)) throw new Error(`${where} is no double: ${String(asDouble)}`);
  return { type: 'double', value: asDouble };
}

// A metrics request in protobuf: the part that gauges and sums are made of.
const POINT: Schema = {
  2: ['startTimeUnixNano', 'fixed64'],
  3: ['timeUnixNano', 'fixed64'],
  4: ['asDouble', 'double'],
  6: ['asInt', 'sfixed64'],
  7: ['attributes', ATTRIBUTE, 'many'],
};
const METRIC: Schema = {
  1: ['name', 'text'],
  2: ['description', 'text'],
  3: ['unit', 'text'],
  5: ['gauge', { 1: ['dataPoints', POINT, 'many'] }],
  7: ['sum', { 1: ['dataPoints', POINT, 'many'], 2: ['aggregationTemporality', 'varint'], 3: ['isMonotonic', 'bool'] }],
};
const SCOPE_METRICS: Schema = { 1: ['scope', SCOPE], 2: ['metrics', METRIC, 'many'] };
export const METRICS_REQUEST: Schema = {
  1: ['resourceMetrics', { 1: ['resource', RESOURCE], 2: ['scopeMetrics', SCOPE_METRICS, 'many'] }, 'many'],
};

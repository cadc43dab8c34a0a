import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';
import type { Drafts, MetricsDraft, PointDraft } from './draft.ts';
import { stringify } from './json-bytes.ts';
import type { MetricSpec } from './metric-registry.ts';
import { LINE_BYTES, type OtlpLine } from './otlp-json.ts';
import { objects, parseRequest } from './otlp-read.ts';
import { attributesJson } from './span-json.ts';

/** How counters of runs that know nothing of each other are to be read. Each run counts from its own start, so the numbers are the same. */
export type Temporality = 'cumulative' | 'delta';

/** The metrics as OTLP/JSON requests of at most 512 KB, usually one. A value that is no number is left out; `spans` counts points. */
export function* otlpMetricLines({ resource, scope, metrics }: Drafts, temporality: Temporality): Generator<OtlpLine> {
  if (!metrics) return;
  const head = `{"resourceMetrics":[{"resource":{"attributes":${attributesJson(resource)}},"scopeMetrics":[{"scope":{"name":${stringify(scope.name)},"version":${stringify(scope.version)}},"metrics":[`;
  const room = LINE_BYTES - Buffer.byteLength(head) - TAIL.length;
  for (const group of groupsOf(metrics, room)) {
    const bodies = [...Map.groupBy(group, ({ spec }) => spec)].map(([spec, own]) => metricJson(spec, own, temporality));
    yield { body: Buffer.from(head + bodies.join(',') + TAIL), spans: group.length };
  }
}

/** How many points an OTLP/JSON metrics request carries; undefined when the bytes are none. */
export function countPoints(bytes: Uint8Array): number | undefined {
  const request = parseRequest(bytes, 'resourceMetrics');
  if (!request) return undefined;
  const metrics = objects(request['resourceMetrics'])
    .flatMap((resource) => objects(resource['scopeMetrics']))
    .flatMap((scope) => objects(scope['metrics']));
  const points = metrics.flatMap((metric) => DATA.flatMap((kind) => pointsOf(metric[kind])));
  return points.length > 0 ? points.length : undefined;
}

const TAIL = ']}]}]}';
const DATA = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const;
const CUMULATIVE = 2;
const DELTA = 1;

interface Piece {
  readonly spec: MetricSpec;
  readonly json: string;
}

/** A group always takes its first point, however large. What a metric says of itself is counted with every point: simple, and never too much. */
function* groupsOf(metrics: MetricsDraft, room: number): Generator<readonly Piece[]> {
  let group: Piece[] = [];
  let size = 0;
  for (const piece of piecesOf(metrics)) {
    const added = Buffer.byteLength(piece.json) + Buffer.byteLength(piece.spec.brief) + 200;
    if (group.length > 0 && size + added > room) {
      yield group;
      [group, size] = [[], 0];
    }
    group.push(piece);
    size += added;
  }
  if (group.length > 0) yield group;
}

function* piecesOf({ start, time, metrics }: MetricsDraft): Generator<Piece> {
  for (const { spec, points } of metrics) {
    for (const point of points) if (Number.isFinite(point.value)) yield { spec, json: pointJson(spec, point, start, time) };
  }
}

function pointJson({ kind, type }: MetricSpec, { attributes, value }: PointDraft, start: bigint, time: bigint): string {
  const number = type === 'int' ? `"asInt":"${Math.trunc(value)}"` : `"asDouble":${value}`;
  const since = kind === 'counter' ? `"startTimeUnixNano":"${start}",` : '';
  return `{"attributes":${attributesJson(attributes)},${since}"timeUnixNano":"${time}",${number}}`;
}

function metricJson({ name, unit, brief, kind }: MetricSpec, points: readonly Piece[], temporality: Temporality): string {
  const data = `{"dataPoints":[${points.map(({ json }) => json).join(',')}]`;
  const held =
    kind === 'gauge'
      ? `"gauge":${data}}`
      : `"sum":${data},"aggregationTemporality":${temporality === 'delta' ? DELTA : CUMULATIVE},"isMonotonic":true}`;
  return `{"name":${stringify(name)},"description":${stringify(brief)},"unit":${stringify(unit)},${held}}`;
}

function pointsOf(data: JsonValue | undefined): readonly JsonObject[] {
  return isJsonObject(data) ? objects(data['dataPoints']) : [];
}

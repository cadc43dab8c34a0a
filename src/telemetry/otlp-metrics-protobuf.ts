import { isJsonObject, type JsonObject } from '../host/json.ts';
import { attributes, list, requestToProtobuf } from './otlp-protobuf.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';

/**
 * An OTLP/JSON metrics request as the same request in protobuf (opentelemetry-proto, metrics/v1): the gauges and sums that we write.
 * @throws TypeError when the text is no such request, or holds histograms or summaries, which nothing here writes.
 */
export function otlpMetricsToProtobuf(body: Uint8Array): Uint8Array {
  return requestToProtobuf(body, { resources: 'resourceMetrics', scopes: 'scopeMetrics', items: 'metrics', write: metric });
}

function metric(w: ProtobufWriter, value: JsonObject): void {
  w.string(1, value['name']);
  w.string(2, value['description']);
  w.string(3, value['unit']);
  const { gauge, sum } = value;
  if (isJsonObject(gauge)) w.message(5, () => dataPoints(w, gauge));
  else if (isJsonObject(sum)) {
    w.message(7, () => {
      dataPoints(w, sum);
      w.varint(2, sum['aggregationTemporality']);
      if (sum['isMonotonic'] === true) w.integer(3, 1n);
    });
  } else throw new TypeError(`the metric ${String(value['name'])} is neither a gauge nor a sum`);
}

function dataPoints(w: ProtobufWriter, data: JsonObject): void {
  for (const point of list(data['dataPoints'])) w.message(1, () => dataPoint(w, point));
}

/** A value is a oneof: the field is written even when it holds 0. */
function dataPoint(w: ProtobufWriter, point: JsonObject): void {
  w.fixed64(2, point['startTimeUnixNano']);
  w.fixed64(3, point['timeUnixNano']);
  const { asDouble, asInt } = point;
  if (asDouble !== undefined) w.double(4, Number(asDouble));
  else if (asInt !== undefined) w.fixed64(6, asInt);
  attributes(w, 7, point['attributes']);
}

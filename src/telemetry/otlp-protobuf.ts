import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';
import { parseRequest } from './otlp-read.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/**
 * An OTLP/JSON trace request as the same request in protobuf (opentelemetry-proto, trace/v1 and common/v1): for `http/protobuf`, from the line that the spool
 * holds, so that what is sent later is what would have been sent now. Ours, because the stock serializer turns a double of 100 into an int.
 * @throws TypeError when the text is no such request.
 */
export function otlpJsonToProtobuf(body: Uint8Array): Uint8Array {
  return requestToProtobuf(body, { resources: 'resourceSpans', scopes: 'scopeSpans', items: 'spans', write: span });
}

/** What tells the requests of two signals apart: the names of their lists, and what stands in the innermost. */
export interface RequestShape {
  readonly resources: 'resourceSpans' | 'resourceMetrics';
  readonly scopes: string;
  readonly items: string;
  readonly write: (w: ProtobufWriter, item: JsonObject) => void;
}

/** The envelope that every signal has. @throws TypeError when the text is no such request. */
export function requestToProtobuf(body: Uint8Array, shape: RequestShape): Uint8Array {
  const request = parseRequest(body, shape.resources);
  if (!request) throw new TypeError(`no OTLP request with ${shape.resources}`);
  const writer = new ProtobufWriter(Buffer.allocUnsafeSlow(body.byteLength));
  for (const item of list(request[shape.resources])) writer.message(1, () => resourceItems(writer, item, shape));
  return writer.finish();
}

function resourceItems(w: ProtobufWriter, value: JsonObject, shape: RequestShape): void {
  const resource = value['resource'];
  if (isJsonObject(resource)) w.message(1, () => attributes(w, 1, resource['attributes']));
  for (const scoped of list(value[shape.scopes])) w.message(2, () => scopeItems(w, scoped, shape));
  w.string(3, value['schemaUrl']);
}

function scopeItems(w: ProtobufWriter, value: JsonObject, { items, write }: RequestShape): void {
  const scope = value['scope'];
  if (isJsonObject(scope)) {
    w.message(1, () => {
      w.string(1, scope['name']);
      w.string(2, scope['version']);
      attributes(w, 3, scope['attributes']);
    });
  }
  for (const item of list(value[items])) w.message(2, () => write(w, item));
  w.string(3, value['schemaUrl']);
}

function span(w: ProtobufWriter, value: JsonObject): void {
  w.hex(1, value['traceId']);
  w.hex(2, value['spanId']);
  w.string(3, value['traceState']);
  w.hex(4, value['parentSpanId']);
  w.string(5, value['name']);
  w.varint(6, value['kind']);
  w.fixed64(7, value['startTimeUnixNano']);
  w.fixed64(8, value['endTimeUnixNano']);
  attributes(w, 9, value['attributes']);
  w.varint(10, value['droppedAttributesCount']);
  for (const item of list(value['events'])) w.message(11, () => event(w, item));
  w.varint(12, value['droppedEventsCount']);
  for (const item of list(value['links'])) w.message(13, () => link(w, item));
  w.varint(14, value['droppedLinksCount']);
  const status = value['status'];
  if (isJsonObject(status)) {
    w.message(15, () => {
      w.string(2, status['message']);
      w.varint(3, status['code']);
    });
  }
  w.fixed32(16, value['flags']);
}

function event(w: ProtobufWriter, value: JsonObject): void {
  w.fixed64(1, value['timeUnixNano']);
  w.string(2, value['name']);
  attributes(w, 3, value['attributes']);
  w.varint(4, value['droppedAttributesCount']);
}

function link(w: ProtobufWriter, value: JsonObject): void {
  w.hex(1, value['traceId']);
  w.hex(2, value['spanId']);
  w.string(3, value['traceState']);
  attributes(w, 4, value['attributes']);
  w.varint(5, value['droppedAttributesCount']);
  w.fixed32(6, value['flags']);
}

export function attributes(w: ProtobufWriter, field: number, value: JsonValue | undefined): void {
  for (const pair of list(value)) {
    w.message(field, () => {
      w.string(1, pair['key']);
      const held = pair['value'];
      if (isJsonObject(held)) w.message(2, () => anyValue(w, held));
    });
  }
}

/** A oneof: the field is written even when it holds the default. */
function anyValue(w: ProtobufWriter, value: JsonObject): void {
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = value;
  if (typeof stringValue === 'string') w.text(1, stringValue);
  else if (typeof boolValue === 'boolean') w.integer(2, boolValue ? 1n : 0n);
  else if (intValue !== undefined) w.integer(3, BigInt(String(intValue)));
  else if (doubleValue !== undefined) w.double(4, Number(doubleValue));
  else if (isJsonObject(arrayValue)) w.message(5, () => arrayItems(w, arrayValue['values']));
  else if (isJsonObject(kvlistValue)) w.message(6, () => attributes(w, 1, kvlistValue['values']));
  else if (typeof bytesValue === 'string') w.bytes(7, Buffer.from(bytesValue, 'base64'));
}

function arrayItems(w: ProtobufWriter, values: JsonValue | undefined): void {
  for (const item of list(values)) w.message(1, () => anyValue(w, item));
}

export function list(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((item) => isJsonObject(item)) : [];
}

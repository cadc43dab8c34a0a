import { isJsonObject, type JsonObject, type JsonValue } from '../host/json.ts';

/**
 * An OTLP/JSON trace request as the same request in protobuf (opentelemetry-proto, trace/v1 and common/v1): for `http/protobuf`, from the line that the spool
 * holds, so that what is sent later is what would have been sent now. Ours, because the stock serializer turns a double of 100 into an int.
 * @throws TypeError when the text is no such request.
 */
export function otlpJsonToProtobuf(body: Uint8Array): Uint8Array {
  const request: unknown = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  if (!isJsonObject(request) || !Array.isArray(request['resourceSpans'])) throw new TypeError('no OTLP trace request');
  const writer = new Writer(body.byteLength);
  for (const item of list(request['resourceSpans'])) writer.message(1, () => resourceSpans(writer, item));
  return writer.finish();
}

function resourceSpans(w: Writer, value: JsonObject): void {
  const resource = value['resource'];
  if (isJsonObject(resource)) w.message(1, () => attributes(w, 1, resource['attributes']));
  for (const scoped of list(value['scopeSpans'])) w.message(2, () => scopeSpans(w, scoped));
  w.string(3, value['schemaUrl']);
}

function scopeSpans(w: Writer, value: JsonObject): void {
  const scope = value['scope'];
  if (isJsonObject(scope)) {
    w.message(1, () => {
      w.string(1, scope['name']);
      w.string(2, scope['version']);
      attributes(w, 3, scope['attributes']);
    });
  }
  for (const item of list(value['spans'])) w.message(2, () => span(w, item));
  w.string(3, value['schemaUrl']);
}

function span(w: Writer, value: JsonObject): void {
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

function event(w: Writer, value: JsonObject): void {
  w.fixed64(1, value['timeUnixNano']);
  w.string(2, value['name']);
  attributes(w, 3, value['attributes']);
  w.varint(4, value['droppedAttributesCount']);
}

function link(w: Writer, value: JsonObject): void {
  w.hex(1, value['traceId']);
  w.hex(2, value['spanId']);
  w.string(3, value['traceState']);
  attributes(w, 4, value['attributes']);
  w.varint(5, value['droppedAttributesCount']);
  w.fixed32(6, value['flags']);
}

function attributes(w: Writer, field: number, value: JsonValue | undefined): void {
  for (const pair of list(value)) {
    w.message(field, () => {
      w.string(1, pair['key']);
      const held = pair['value'];
      if (isJsonObject(held)) w.message(2, () => anyValue(w, held));
    });
  }
}

/** A oneof: the field is written even when it holds the default. */
function anyValue(w: Writer, value: JsonObject): void {
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = value;
  if (typeof stringValue === 'string') w.text(1, stringValue);
  else if (typeof boolValue === 'boolean') w.integer(2, boolValue ? 1n : 0n);
  else if (intValue !== undefined) w.integer(3, BigInt(String(intValue)));
  else if (doubleValue !== undefined) w.double(4, Number(doubleValue));
  else if (isJsonObject(arrayValue)) w.message(5, () => arrayItems(w, arrayValue['values']));
  else if (isJsonObject(kvlistValue)) w.message(6, () => attributes(w, 1, kvlistValue['values']));
  else if (typeof bytesValue === 'string') w.bytes(7, Buffer.from(bytesValue, 'base64'));
}

function arrayItems(w: Writer, values: JsonValue | undefined): void {
  for (const item of list(values)) w.message(1, () => anyValue(w, item));
}

function list(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((item) => isJsonObject(item)) : [];
}

/** Protobuf's wire format, written front to back; a message's length is put before it once it is known. */
class Writer {
  #buffer: Buffer;
  #at = 0;

  constructor(size: number) {
    this.#buffer = Buffer.allocUnsafe(Math.max(256, size));
  }

  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#at);
  }

  message(field: number, write: () => void): void {
    this.#tag(field, 2);
    const start = this.#at;
    write();
    const length = this.#at - start;
    const room = varintSize(length);
    this.#reserve(room);
    this.#buffer.copyWithin(start + room, start, this.#at);
    this.#at = start;
    this.#raw(BigInt(length));
    this.#at = start + room + length;
  }

  string(field: number, value: JsonValue | undefined): void {
    if (typeof value === 'string' && value !== '') this.text(field, value);
  }

  text(field: number, value: string): void {
    const length = Buffer.byteLength(value);
    this.#tag(field, 2);
    this.#raw(BigInt(length));
    this.#reserve(length);
    this.#at += this.#buffer.write(value, this.#at, 'utf8');
  }

  hex(field: number, value: JsonValue | undefined): void {
    if (typeof value === 'string' && value !== '') this.bytes(field, Buffer.from(value, 'hex'));
  }

  bytes(field: number, value: Buffer): void {
    this.#tag(field, 2);
    this.#raw(BigInt(value.length));
    this.#reserve(value.length);
    this.#at += value.copy(this.#buffer, this.#at);
  }

  varint(field: number, value: JsonValue | undefined): void {
    if (typeof value === 'number' && Number.isInteger(value) && value !== 0) this.integer(field, BigInt(value));
  }

  integer(field: number, value: bigint): void {
    this.#tag(field, 0);
    this.#raw(value);
  }

  double(field: number, value: number): void {
    this.#tag(field, 1);
    this.#reserve(8);
    this.#at = this.#buffer.writeDoubleLE(value, this.#at);
  }

  fixed64(field: number, value: JsonValue | undefined): void {
    if (typeof value !== 'string' && typeof value !== 'number') return;
    this.#tag(field, 1);
    this.#reserve(8);
    this.#at = this.#buffer.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), this.#at);
  }

  fixed32(field: number, value: JsonValue | undefined): void {
    if (typeof value !== 'number' || value === 0) return;
    this.#tag(field, 5);
    this.#reserve(4);
    this.#at = this.#buffer.writeUInt32LE(value >>> 0, this.#at);
  }

  #tag(field: number, wire: number): void {
    this.#small(field * 8 + wire);
  }

  #raw(value: bigint): void {
    if (value >= 0n && value < 0x4000_0000n) this.#small(Number(value));
    else this.#big(BigInt.asUintN(64, value));
  }

  #small(value: number): void {
    this.#reserve(5);
    let rest = value;
    while (rest > 0x7f) {
      this.#buffer[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#at++] = rest;
  }

  #big(value: bigint): void {
    this.#reserve(10);
    let rest = value;
    while (rest > 0x7fn) {
      this.#buffer[this.#at++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#buffer[this.#at++] = Number(rest);
  }

  #reserve(size: number): void {
    if (this.#at + size <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + size));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) size++;
  return size;
}

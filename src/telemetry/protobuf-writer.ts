import type { JsonValue } from '../host/json.ts';

/**
 * Protobuf's wire format, written front to back. Fields whose value is absent or of another type, and those that hold their default, are left out where the
 * format leaves them out; `text`, `integer` and `double` write whatever they are given.
 */
export class ProtobufWriter {
  #buffer: Buffer;
  #at = 0;

  /** Writes into the given buffer, and into a larger one when it is full. */
  constructor(into: Buffer) {
    this.#buffer = into;
  }

  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#at);
  }

  message(field: number, write: () => void): void {
    const start = this.open(field);
    write();
    this.close(start);
  }

  /** Begins a message; what is written until `close` is inside. */
  open(field: number): number {
    this.#tag(field, 2);
    this.#reserve(1);
    return this.#at++;
  }

  /** Most messages are attributes of less than 128 bytes, whose length is the one byte that `open` left; for others the content moves on. */
  close(start: number): void {
    this.#putLength(start, 1, this.#at - start - 1);
  }

  string(field: number, value: JsonValue | undefined): void {
    if (typeof value === 'string' && value !== '') this.text(field, value);
  }

  text(field: number, value: string): void {
    this.#tag(field, 2);
    this.#reserve(5 + value.length * 3);
    const start = this.#at;
    if (value.length < SHORT && this.#putAscii(value)) return;
    const room = varintSize(value.length);
    this.#at = start + room;
    this.#at += this.#buffer.write(value, this.#at, 'utf8');
    this.#putLength(start, room, this.#at - start - room);
  }

  hex(field: number, value: JsonValue | undefined): void {
    if (typeof value !== 'string' || value === '') return;
    const start = this.open(field);
    this.#reserve(value.length);
    this.#at += this.#buffer.write(value, this.#at, 'hex');
    this.close(start);
  }

  bytes(field: number, value: Buffer): void {
    this.#tag(field, 2);
    this.#small(value.length);
    this.#reserve(value.length);
    this.#at += value.copy(this.#buffer, this.#at);
  }

  varint(field: number, value: JsonValue | undefined): void {
    if (typeof value === 'number' && Number.isInteger(value) && value !== 0) this.integer(field, value);
  }

  integer(field: number, value: number | bigint): void {
    this.#tag(field, 0);
    if (value >= 0 && value < 0x4000_0000) this.#small(Number(value));
    else this.#big(BigInt.asUintN(64, BigInt(value)));
  }

  double(field: number, value: number): void {
    this.#tag(field, 1);
    this.#reserve(8);
    this.#at = this.#buffer.writeDoubleLE(value, this.#at);
  }

  fixed64(field: number, value: JsonValue | bigint | undefined): void {
    if (typeof value !== 'bigint' && typeof value !== 'string' && typeof value !== 'number') return;
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

  /** Length and text, letter by letter: for a short one a call into the engine costs more. False when it is not ASCII; then nothing counts as written. */
  #putAscii(value: string): boolean {
    const buffer = this.#buffer;
    let at = this.#at;
    buffer[at++] = value.length;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) return false;
      buffer[at++] = code;
    }
    this.#at = at;
    return true;
  }

  /** Puts a length before the content that was written last, for which `room` bytes were left. */
  #putLength(start: number, room: number, length: number): void {
    const size = varintSize(length);
    if (size !== room) {
      this.#reserve(size);
      this.#buffer.copyWithin(start + size, start + room, start + room + length);
    }
    let rest = length;
    for (let at = start; at < start + size; at++) {
      this.#buffer[at] = rest > 0x7f ? (rest & 0x7f) | 0x80 : rest;
      rest >>>= 7;
    }
    this.#at = start + size + length;
  }

  #reserve(size: number): void {
    if (this.#at + size <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#at + size));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}

const SHORT = 96;

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 0x7f; rest >>>= 7) size++;
  return size;
}

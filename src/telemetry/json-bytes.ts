import { remembered } from '../host/remembered.ts';

/**
 * JSON written straight into bytes. A span is some hundred short pieces: joined as strings they cost more, in time and in garbage, than all else that
 * happens to it.
 */
export class JsonBytes {
  /** Bytes written; what is set lower is forgotten. */
  length = 0;
  #buffer: Buffer;

  constructor(into: Buffer) {
    this.#buffer = into;
  }

  /** What was written, not copied. */
  written(): Buffer {
    return this.#buffer.subarray(0, this.length);
  }

  /** What was written since. */
  copyFrom(start: number): Buffer {
    return Buffer.from(this.#buffer.subarray(start, this.length));
  }

  /** Takes over bytes of another, from `start` to its end. */
  take(other: JsonBytes, start: number): void {
    const size = other.length - start;
    this.#reserve(size);
    other.#buffer.copy(this.#buffer, this.length, start, other.length);
    this.length += size;
  }

  /** ASCII, as it is. */
  raw(ascii: string): void {
    this.#reserve(ascii.length);
    const buffer = this.#buffer;
    let at = this.length;
    for (let index = 0; index < ascii.length; index++) buffer[at++] = ascii.charCodeAt(index);
    this.length = at;
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    const buffer = this.#buffer;
    let at = this.length;
    if (bytes.length >= SHORT) buffer.set(bytes, at);
    else for (let index = 0; index < bytes.length; index++) buffer[at + index] = bytes[index]!;
    at += bytes.length;
    this.length = at;
  }

  /** A string in its quotes. A lone surrogate, which JSON could escape but not every receiver takes, becomes U+FFFD. */
  text(value: string): void {
    if (value.length >= LONG) this.bytes(longText(value));
    else if (!this.#plain(value)) this.bytes(quoted(value));
  }

  /** Letter by letter: for a short text a call into the engine costs more. False when there is something rarer to escape; then nothing counts as written. */
  #plain(value: string): boolean {
    this.#reserve(2 * value.length + 2);
    const buffer = this.#buffer;
    let at = this.length;
    buffer[at++] = QUOTE;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code < 0x20 || code > 0x7e) return false;
      if (code === QUOTE || code === BACKSLASH) buffer[at++] = BACKSLASH;
      buffer[at++] = code;
    }
    buffer[at++] = QUOTE;
    this.length = at;
    return true;
  }

  #reserve(size: number): void {
    if (this.length + size <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#buffer.length, this.length + size));
    this.#buffer.copy(larger, 0, 0, this.length);
    this.#buffer = larger;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SHORT = 16;
const LONG = 256;

function quoted(value: string): Buffer {
  return Buffer.from(stringify(value));
}

/** A string in its quotes, well-formed. */
export function stringify(value: string): string {
  return JSON.stringify(value.toWellFormed());
}

/** Payloads come again for every artifact of a type, and escaping them is most of the work. */
const longText = remembered(quoted, 256);

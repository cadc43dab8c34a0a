/** Gathers the bytes of a text that comes in pieces. What they are gathered in is used again for the next text, since memory that is new to the process is dear. */
export class TextBytes {
  #length = 0;
  #room: Buffer;
  readonly #encoding: 'latin1' | 'utf8';

  /** `latin1` for texts that are ASCII. */
  constructor(encoding: 'latin1' | 'utf8') {
    this.#encoding = encoding;
    this.#room = spare ?? Buffer.allocUnsafeSlow(FIRST);
    spare = undefined;
  }

  add(piece: string): void {
    const most = this.#length + (this.#encoding === 'utf8' ? 3 : 1) * piece.length;
    if (most > this.#room.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#room.length, most));
      this.#room.copy(larger, 0, 0, this.#length);
      this.#room = larger;
    }
    this.#length += this.#room.write(piece, this.#length, this.#encoding);
  }

  /** The bytes so far; nothing is added after. */
  toBytes(): Buffer {
    const bytes = Buffer.from(this.#room.subarray(0, this.#length));
    if (this.#room.length <= MOST_SPARE) spare = this.#room;
    return bytes;
  }
}

let spare: Buffer | undefined;
/** Of memory that is asked for, only what is written to is taken. */
const FIRST = 4 * 1024 * 1024;
const MOST_SPARE = 64 * 1024 * 1024;

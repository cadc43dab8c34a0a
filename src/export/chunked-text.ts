/**
 * Gathers a text from its pieces and hands it on a few kilobytes at a time. A text of a hundred thousand pieces that is kept whole until its end is moved about by
 * the garbage collector, piece by piece.
 */
export class ChunkedText {
  #text = '';
  readonly #take: (chunk: string) => void;

  constructor(take: (chunk: string) => void) {
    this.#take = take;
  }

  add(piece: string): void {
    this.#text += piece;
    if (this.#text.length >= CHUNK) this.end();
  }

  /** Hands on what is left. */
  end(): void {
    this.#take(this.#text);
    this.#text = '';
  }
}

const CHUNK = 8192;

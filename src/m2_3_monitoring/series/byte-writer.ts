/** A UTF-16 code unit is at most three bytes of UTF-8. */
const MAX_BYTES_PER_UNIT = 3;
/** Large enough to be worth a write, and small enough for a client to read the first while the next is written. */
const CHUNK_BYTES = 262_144;
/** How often the clock is read. */
const BYTES_BETWEEN_LOOKS = 16_384;
/** After this long, whatever else waits for the event loop has its turn. */
const SLICE_MS = 2;

/** Takes the chunks of a text one after another. */
export type OnChunk = (chunk: Buffer, isLast: boolean) => void;

/** Makes bytes of texts, gives them away in chunks, and reports when others should have their turn. */
export class ByteWriter {
  #chunk: Buffer;
  #length = 0;
  #nextLook = BYTES_BETWEEN_LOOKS;
  #sliceStartMs = performance.now();

  /** @param expectedBytes how long all of it was the last time, so that a small text does not take a large chunk */
  constructor(
    private readonly onChunk: OnChunk,
    expectedBytes: number,
  ) {
    this.#chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, 2 * BYTES_BETWEEN_LOOKS + 2 * expectedBytes));
  }

  /** True where it is time for a pause. */
  add(text: string): boolean {
    if (this.#length + MAX_BYTES_PER_UNIT * text.length > this.#chunk.length) this.#begin(text);
    this.#length += this.#chunk.write(text, this.#length);
    if (this.#length < this.#nextLook) return false;
    this.#nextLook = this.#length + BYTES_BETWEEN_LOOKS;
    return performance.now() - this.#sliceStartMs > SLICE_MS;
  }

  async pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#sliceStartMs = performance.now();
  }

  finish(): void {
    this.#give(true);
  }

  #begin(text: string): void {
    if (this.#length > 0) this.#give(false);
    this.#chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, Buffer.byteLength(text)));
    this.#length = 0;
    this.#nextLook = BYTES_BETWEEN_LOOKS;
  }

  #give(isLast: boolean): void {
    this.onChunk(this.#chunk.subarray(0, this.#length), isLast);
  }
}

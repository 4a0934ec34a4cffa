/** A UTF-16 code unit is at most three bytes of UTF-8. */
const MAX_BYTES_PER_UNIT = 3;
/** Room for what a page has grown by since the last time. */
const SPARE_BYTES = 65_536;
/** How often the clock is read. */
const BYTES_BETWEEN_LOOKS = 16_384;
/** After this long, whatever else waits for the event loop has its turn. */
const SLICE_MS = 2;

/** Collects texts as bytes, and reports when others should have their turn. */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;
  #nextLook = BYTES_BETWEEN_LOOKS;
  #sliceStartMs = performance.now();

  constructor(expectedBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(expectedBytes + SPARE_BYTES);
  }

  /** True where it is time for a pause. */
  add(text: string): boolean {
    const needed = this.#length + MAX_BYTES_PER_UNIT * text.length;
    if (needed > this.#bytes.length) this.#grow(2 * needed);
    this.#length += this.#bytes.write(text, this.#length);
    if (this.#length < this.#nextLook) return false;
    this.#nextLook = this.#length + BYTES_BETWEEN_LOOKS;
    return performance.now() - this.#sliceStartMs > SLICE_MS;
  }

  async pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#sliceStartMs = performance.now();
  }

  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(length: number): void {
    const larger = Buffer.allocUnsafeSlow(length);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

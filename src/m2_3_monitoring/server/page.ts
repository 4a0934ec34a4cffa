import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import type { OnChunk } from '../series/index.js';

/** Smaller ones do not become smaller. */
const GZIP_FROM_BYTES = 1024;
/** A third of the processor time of zlib's own choice, 6, for a tenth more bytes. */
const GZIP = { level: 3, chunkSize: 65_536 };
/** To hand less than this to another thread takes several times as long as to compress it. */
const SMALL_BYTES = 65_536;

/**
 * The metrics at one moment, as all clients see them who asked for them then. Each reads the page from its beginning, and begins
 * before its end is written.
 */
export class Page {
  /** Of what has been written. */
  bytes = 0;
  isComplete = false;
  /** Never rejects. */
  readonly completed: Promise<void>;
  readonly #chunks: Buffer[] = [];
  #error: unknown;
  #compressed: Page | undefined;
  #change = Promise.resolve();
  #announceChange = () => {};

  /** @param write gives the chunks; a small page is complete with its last, before `write` is done */
  constructor(write: (onChunk: OnChunk) => Promise<void>) {
    this.#renewChange();
    const end = (error?: unknown) => {
      this.#error = error;
      this.isComplete = true;
      this.#renewChange();
    };
    this.completed = write((chunk, isLast) => this.#add(chunk, isLast)).then(() => end(), end);
  }

  /** Waits for the first chunk; then it is known whether more come. */
  async begun(): Promise<this> {
    if (this.#chunks.length === 0 && !this.isComplete) await this.#change;
    return this;
  }

  /** The chunks from the first on, and those to come. @throws the error that the writing has failed with */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (let index = 0; index < this.#chunks.length || !this.isComplete; ) {
      const chunk = this.#chunks[index];
      if (chunk) {
        index += 1;
        yield chunk;
      } else await this.#change;
    }
    if (this.#error !== undefined) throw this.#error;
  }

  get isWorthCompressing(): boolean {
    return this.bytes >= GZIP_FROM_BYTES;
  }

  /** The same with gzip, compressed once for all. */
  compressed(): Page {
    this.#compressed ??= new Page(async (onChunk) => {
      if (this.isComplete && this.bytes <= SMALL_BYTES) onChunk(gzipSync(Buffer.concat(this.#chunks), GZIP), true);
      else
        await pipeline(this, createGzip(GZIP), async (compressed: AsyncIterable<Buffer>) => {
          for await (const chunk of compressed) onChunk(chunk, false);
        });
    });
    return this.#compressed;
  }

  #add(chunk: Buffer, isLast: boolean): void {
    this.#chunks.push(chunk);
    this.bytes += chunk.length;
    this.isComplete = isLast;
    this.#renewChange();
  }

  #renewChange(): void {
    this.#announceChange();
    this.#change = new Promise((resolve) => {
      this.#announceChange = resolve;
    });
  }
}

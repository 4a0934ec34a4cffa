import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';

/** Smaller ones do not become smaller. */
const GZIP_FROM_BYTES = 1024;
/** A third of the processor time of zlib's own choice, 6, for a tenth more bytes. */
const GZIP_LEVEL = 3;
/** To hand less than this to another thread takes several times as long as to compress it. */
const SMALL_BYTES = 65_536;
const compressElsewhere = promisify(gzip);

/** The metrics at one moment, as all see them who asked for them then. */
export class Page {
  #compressed: Promise<Buffer> | undefined;

  /** @param bytes in UTF-8 */
  constructor(readonly bytes: Buffer) {}

  get isWorthCompressing(): boolean {
    return this.bytes.length >= GZIP_FROM_BYTES;
  }

  /** The same with gzip, compressed once. */
  compressed(): Promise<Buffer> {
    this.#compressed ??= this.#compress();
    return this.#compressed;
  }

  async #compress(): Promise<Buffer> {
    const level = { level: GZIP_LEVEL };
    return this.bytes.length <= SMALL_BYTES ? gzipSync(this.bytes, level) : compressElsewhere(this.bytes, level);
  }
}

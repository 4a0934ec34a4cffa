import type { Registry } from 'prom-client';
import { asCompact } from './compact-metric.js';
import type { Labels } from './series-table.js';
import type { TextStyle } from './text-style.js';

/** Text of about this length becomes bytes at once, while it is still in the processor's cache. */
const CHUNK_LENGTH = 16_384;
/** A UTF-16 code unit is at most three bytes of UTF-8. */
const MAX_BYTES_PER_UNIT = 3;
/** After this long, whatever else waits for the event loop has its turn. */
const SLICE_MS = 4;

export type AnyMetric = ReturnType<Registry['getMetricsAsArray']>[number];

/** Writes the text of a metric that is not ours, such as those of Node itself; each line ended. */
export type RenderOther = (metric: AnyMetric) => Promise<string>;

/** Collects text as bytes, and says when others should have their turn. */
class ByteWriter {
  #bytes: Buffer;
  #length = 0;
  #text = '';
  #sliceStartMs = performance.now();

  constructor(expectedBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(expectedBytes + MAX_BYTES_PER_UNIT * 2 * CHUNK_LENGTH);
  }

  /** True where it is time for a pause. */
  add(text: string): boolean {
    this.#text += text;
    if (this.#text.length < CHUNK_LENGTH) return false;
    this.#flush();
    return performance.now() - this.#sliceStartMs > SLICE_MS;
  }

  async pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#sliceStartMs = performance.now();
  }

  finish(): Buffer {
    this.#flush();
    return this.#bytes.subarray(0, this.#length);
  }

  #flush(): void {
    const needed = this.#length + MAX_BYTES_PER_UNIT * this.#text.length;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(2 * needed);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    this.#length += this.#bytes.write(this.#text, this.#length);
    this.#text = '';
  }
}

/** The labels that a registry gives all its metrics. prom-client keeps them to itself. */
export const defaultLabelsOf = (registry: Registry): Labels =>
  (registry as unknown as { _defaultLabels?: Labels })._defaultLabels ?? {};

/**
 * The text of all metrics of a registry, in UTF-8. Each label set is written at one moment, all of them over some turns.
 * @param expectedBytes how long the text was the last time: then it need not be moved as it grows
 */
export async function renderRegistry(
  registry: Registry,
  style: TextStyle,
  renderOther: RenderOther,
  expectedBytes = 0,
): Promise<Buffer> {
  const writer = new ByteWriter(expectedBytes);
  const defaults = defaultLabelsOf(registry);
  for (const [index, metric] of registry.getMetricsAsArray().entries()) {
    if (index > 0) writer.add(style.betweenFamilies);
    const ours = asCompact(metric);
    if (ours === undefined) {
      if (writer.add(await renderOther(metric))) await writer.pause();
      continue;
    }
    await ours.collect?.();
    writer.add(style.head(ours));
    for (const text of ours.texts(style, defaults)) if (writer.add(text)) await writer.pause();
  }
  writer.add(style.end);
  return writer.finish();
}

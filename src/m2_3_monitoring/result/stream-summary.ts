import { isObject } from '../interop/safe-read.js';
import { checkFacts } from './check-facts.js';
import type { RawFacts } from './find-facts.js';

/** What `extract` is given of a stream. */
export class StreamSummary {
  readonly #lastValues: Record<string, unknown> = {};
  readonly #chunks: unknown[] | undefined;

  /** @param keepsChunks whether every chunk is kept until the stream ends, as `extract` asks for by a second parameter */
  constructor(keepsChunks: boolean) {
    this.#chunks = keepsChunks ? [] : undefined;
  }

  /** Takes in a chunk. Never throws. */
  add(chunk: unknown): void {
    this.#chunks?.push(chunk);
    if (!isObject(chunk) || ArrayBuffer.isView(chunk)) return;
    try {
      for (const [key, value] of Object.entries(chunk)) if (value != null) this.#lastValues[key] = value;
    } catch {
      // A getter that throws, or a proxy: what the chunk has is not for reading.
    }
  }

  get chunks(): readonly unknown[] {
    return this.#chunks ?? [];
  }

  /** The last value of each field of the chunks, with the model and the usage that were found in them. */
  with(facts: RawFacts): object {
    const { model, usage } = facts;
    const { model: _, relevanceScore, contextPrecision, cached, ...counts } = checkFacts({ usage }, () => undefined);
    return { ...this.#lastValues, ...(model && { model }), ...(usage && { usage: counts }) };
  }
}

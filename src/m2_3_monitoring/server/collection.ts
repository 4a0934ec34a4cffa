import type { Collect } from '../series/index.js';

/** A collector gave an error instead of its values. */
export class CollectorError extends Error {
  override readonly name = 'CollectorError';
  constructor(
    readonly collector: string,
    cause: unknown,
  ) {
    super(`the collector of ${collector} failed: ${String(cause)}`, { cause });
  }
}

/** Collectors did not answer in time. */
export class CollectorTimeout extends Error {
  override readonly name = 'CollectorTimeout';
  constructor(collectors: readonly string[], limitMs: number) {
    const whose = collectors.length > 0 ? `the collector of ${collectors.join(', ')} gave` : 'rendering gave';
    super(`${whose} no answer within ${limitMs / 1000} s`);
  }
}

/** Rejects when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  const rejection = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  rejection.catch(() => undefined);
  return rejection;
}

/** One collection of the metrics, for all who wait for it. It ends with them: a collector that never answers keeps nothing alive. */
export class Collection<Value> {
  /** No later scrape may join: it has failed, has taken one of them too long, or they have all gone. */
  isClosed = false;
  /** The metrics that have been asked, and have not answered. */
  readonly #asked = new Set<string>();
  readonly #abandon = new AbortController();
  #waiting = 0;
  readonly #result: Promise<Value>;

  constructor(collectAll: (collect: Collect) => Promise<Value>) {
    const { signal } = this.#abandon;
    const abandoned = aborted(signal);
    const collect: Collect = async (metric, ask) => {
      this.#asked.add(metric);
      try {
        return await Promise.race([ask(), abandoned]);
      } catch (cause) {
        throw signal.aborted ? cause : new CollectorError(metric, cause);
      } finally {
        this.#asked.delete(metric);
      }
    };
    this.#result = collectAll(collect);
  }

  /** @throws {CollectorTimeout} at its time limit; the reason of `gone` where the one who waits has gone before */
  async wait(limitMs: number, gone: AbortSignal): Promise<Value> {
    const timeLimit = new AbortController();
    // Ended with the wait: what it leads to, such as a page, would be kept until then.
    const timer = setTimeout(() => timeLimit.abort(), limitMs).unref();
    this.#waiting += 1;
    try {
      return await Promise.race([this.#result, aborted(timeLimit.signal), aborted(gone)]);
    } catch (error) {
      this.isClosed ||= !gone.aborted || this.#waiting === 1;
      if (this.#waiting === 1) this.#abandon.abort();
      throw timeLimit.signal.aborted ? new CollectorTimeout([...this.#asked], limitMs) : error;
    } finally {
      clearTimeout(timer);
      this.#waiting -= 1;
    }
  }
}

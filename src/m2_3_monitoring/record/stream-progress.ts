import type { Fields } from '../interop/safe-read.js';
import { checkFacts, type QueryFacts } from '../result/check-facts.js';
import { findFacts } from '../result/find-facts.js';
import { StreamFacts } from '../result/stream-facts.js';
import { StreamSummary } from '../result/stream-summary.js';
import { extractFrom, type MonitoredFunction } from './monitored-function.js';

/**
 * Whether a chunk is output in a form of the known clients and has nothing else that is recorded, as nearly all are. Reading
 * them in full takes three times as long: `npm run bench -- stream`, and the section on streams in docs/benchmarks.md.
 */
function isPieceOfOutput(chunk: unknown): boolean {
  try {
    const { choices, type, usage, relevance_score, relevanceScore, context_precision, contextPrecision, cached } =
      chunk as Fields;
    const fact = usage ?? relevance_score ?? relevanceScore ?? context_precision ?? contextPrecision ?? cached;
    if (fact !== undefined && fact !== null) return false;
    // The last chunk of an answer may report its usage anywhere.
    return Array.isArray(choices)
      ? choices[0]?.finish_reason === null
      : typeof type === 'string' && type.endsWith('delta');
  } catch {
    // What is no object, or a getter that throws, is read with care.
    return false;
  }
}

/** What the stream of one call has given so far. Knows nothing of the call, so that it keeps nothing of it alive. */
export class StreamProgress {
  /** When the first output came, by the clock `now`. */
  firstOutputMs: number | undefined = undefined;
  readonly #facts = new StreamFacts();
  /** Only where the function has an `extract`. */
  readonly #summary: StreamSummary | undefined;

  constructor(private readonly monitored: MonitoredFunction) {
    const { extract } = monitored.options;
    this.#summary = extract && new StreamSummary(extract.length > 1);
  }

  add(chunk: unknown): void {
    this.#summary?.add(chunk);
    if (this.firstOutputMs !== undefined && isPieceOfOutput(chunk)) return;
    if (this.#facts.add(chunk) && this.firstOutputMs === undefined) this.firstOutputMs = this.monitored.context.now();
  }

  /** The error that an event of the stream reported; undefined where there was none. */
  get failure(): unknown {
    return this.#facts.failure;
  }

  /** What is known from the chunks. */
  read(): QueryFacts {
    const summary = this.#summary;
    const { facts } = this.#facts;
    const raw = summary ? findFacts(extractFrom(this.monitored, summary.with(facts), summary.chunks)) : facts;
    return checkFacts(raw, this.monitored.context.drop);
  }
}

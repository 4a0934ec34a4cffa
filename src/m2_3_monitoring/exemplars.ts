import type { Exemplar } from './series/index.js';
import { activeTrace } from './trace-context.js';

/** Gives the exemplar of an observation: the sampled span that is active, where there is one. */
export const createExemplarReader =
  (wallClock: () => number) =>
  (value: number): Exemplar | undefined => {
    const trace = activeTrace();
    return trace?.sampled ? { traceId: trace.traceId, value, timestampSeconds: wallClock() / 1000 } : undefined;
  };

import type { Origin } from '../series/index.js';
import type { TraceContext } from './trace-context.js';

/** Where an observation comes from: a span, if it is sampled, at a time in milliseconds since 1970. */
export const originOf = ({ traceId, sampled }: TraceContext, atMs: number): Origin | undefined =>
  sampled ? { traceId, timestampSeconds: atMs / 1000 } : undefined;

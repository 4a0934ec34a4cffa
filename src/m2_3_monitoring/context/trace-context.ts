import { context, createContextKey, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { onceASecond } from '../clock/cached-for-a-second.js';

/** The span that is active here, by OpenTelemetry. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  sampled: boolean;
}

/** The active span; undefined where the process does not trace. */
function activeTrace(): TraceContext | undefined {
  const span = trace.getSpanContext(context.active());
  return span && { traceId: span.traceId, spanId: span.spanId, sampled: (span.traceFlags & 1) === 1 };
}

const PROBE = createContextKey('m2_3_monitoring: are contexts kept?');

const isTracing = (): boolean =>
  context.with(ROOT_CONTEXT.setValue(PROBE, true), () => context.active().getValue(PROBE) === true);

/** As `activeTrace`, for a hot path that knows the time of a clock, in milliseconds. */
export function createTraceReader(): (nowMs: number) => TraceContext | undefined {
  const isTracingAt = onceASecond(isTracing);
  return (nowMs) => (isTracingAt(nowMs) ? activeTrace() : undefined);
}

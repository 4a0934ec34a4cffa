import { trace } from '@opentelemetry/api';

/** The span that is active here, by OpenTelemetry. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  sampled: boolean;
}

/** The active span; undefined where the process does not trace. */
export function activeTrace(): TraceContext | undefined {
  const context = trace.getActiveSpan()?.spanContext();
  return context && { traceId: context.traceId, spanId: context.spanId, sampled: (context.traceFlags & 1) === 1 };
}

import type { CallContext } from '../context/call-context.js';
import type { Cohort } from './open-calls.js';
import type { OperationSeries } from './operation-series.js';
import type { MonitoredQueryOptions, RecordingContext } from './recording-context.js';

/** What all calls of one monitored function have in common. */
export interface MonitoredFunction {
  calls: CallContext;
  context: RecordingContext;
  options: MonitoredQueryOptions;
  series: OperationSeries;
  /** The cohort of the calls that begin now. */
  cohort: () => Cohort;
}

/** What the function's `extract` makes of a result, or the result itself. What it throws is counted. */
export function extractFrom(
  { options, context }: Pick<MonitoredFunction, 'options' | 'context'>,
  result: unknown,
  chunks: readonly unknown[] = [],
): unknown {
  if (!options.extract) return result;
  try {
    return options.extract(result, chunks);
  } catch {
    context.drop('extract', 'unreadable');
    return undefined;
  }
}

import { CodedError } from '../m2_3_monitoring/errors/index.js';
import type { PrometheusClient } from '../prometheus/client.js';
import type { Labels } from '../prometheus/labels.js';
import type { SteppedRange } from '../prometheus/range.js';
import { PrometheusError } from '../prometheus/request.js';

/** The times at which a rule is evaluated. */
export type Evaluations = SteppedRange;

/** What an expression gave for one set of labels: a value at some of the steps, counted from 0. */
export interface SteppedSeries {
  labels: Labels;
  steps: number[];
  values: number[];
}

/** The message of a query that failed, in one line. */
function reasonOf(error: Error): string {
  if (error.name === 'TimeoutError') return 'Prometheus: no answer in time; ask for a shorter range';
  const message = error instanceof PrometheusError ? `Prometheus: ${error.message}` : error.message;
  return message.split('\n').join(' ');
}

/**
 * Evaluates an expression at each step, as a rule would: a range query is an instant query at each of its steps.
 * @throws {CodedError} `ERR_EXPRESSION` with Prometheus' own message
 */
export async function queryRange(
  prometheus: Pick<PrometheusClient, 'queryRange'>,
  expr: string,
  range: Evaluations,
): Promise<SteppedSeries[]> {
  const series = await prometheus.queryRange(expr, range).catch((cause: Error) => {
    throw new CodedError(reasonOf(cause), 'ERR_EXPRESSION', { cause });
  });
  // An alert has the labels of its series, without the metric's name.
  return series.map(({ labels: { __name__, ...labels }, points }) => ({
    labels,
    steps: points.map(([seconds]) => Math.round((seconds - range.fromSeconds) / range.stepSeconds)),
    values: points.map(([, value]) => value),
  }));
}

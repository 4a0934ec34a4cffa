import { CodedError } from '../m2_3_monitoring/errors/index.js';
import type { Prometheus } from '../stack/index.js';

/** The times at which a rule is evaluated: every `stepSeconds` from the first on, the last included. */
export interface Evaluations {
  /** Seconds since 1970. */
  fromSeconds: number;
  toSeconds: number;
  stepSeconds: number;
}

/** What an expression gave for one set of labels: a value at some of the evaluations, counted from 0. */
export interface SteppedSeries {
  labels: Record<string, string>;
  steps: number[];
  values: number[];
}

/** Prometheus refuses a query of more points than 11,000 for a series. */
const MAX_STEPS = 11_000;

interface Matrix {
  result: { metric: Record<string, string>; values: [seconds: number, value: string][] }[];
}

const toNumber = (text: string) => (text.endsWith('Inf') ? Number(text.replace('Inf', 'Infinity')) : Number(text));

/** @throws {CodedError} `ERR_EXPRESSION` with Prometheus' own message */
async function ask(prometheus: Pick<Prometheus, 'api'>, parameters: Record<string, string>): Promise<Matrix> {
  try {
    return await prometheus.api<Matrix>(`query_range?${new URLSearchParams(parameters)}`);
  } catch (cause) {
    const { name, message } = cause as Error;
    const reason = name === 'TimeoutError' ? 'Prometheus: no answer in time; ask for less of the past' : message;
    throw new CodedError(reason.split('\n').join(' '), 'ERR_EXPRESSION', { cause });
  }
}

/** An alert is told by its labels without the metric's name. */
function alertLabels({ __name__, ...labels }: Record<string, string>): Record<string, string> {
  return labels;
}

const keyOf = (labels: Record<string, string>) => JSON.stringify(Object.entries(labels).sort());

/**
 * Evaluates an expression at each time, as a rule would: a range query is an instant query at each of its steps.
 * @throws {CodedError} `ERR_EXPRESSION` with Prometheus' own message
 */
export async function queryRange(
  prometheus: Pick<Prometheus, 'api'>,
  expr: string,
  { fromSeconds, toSeconds, stepSeconds }: Evaluations,
): Promise<SteppedSeries[]> {
  const found = new Map<string, SteppedSeries>();
  const lastStep = Math.floor((toSeconds - fromSeconds) / stepSeconds);
  for (let first = 0; first <= lastStep; first += MAX_STEPS) {
    const last = Math.min(first + MAX_STEPS - 1, lastStep);
    const { result } = await ask(prometheus, {
      query: expr,
      start: String(fromSeconds + first * stepSeconds),
      end: String(fromSeconds + last * stepSeconds),
      step: String(stepSeconds),
    });
    for (const { metric, values } of result) {
      const labels = alertLabels(metric);
      const key = keyOf(labels);
      const series = found.get(key) ?? { labels, steps: [], values: [] };
      found.set(key, series);
      for (const [seconds, value] of values) {
        series.steps.push(Math.round((seconds - fromSeconds) / stepSeconds));
        series.values.push(toNumber(value));
      }
    }
  }
  return [...found.values()];
}

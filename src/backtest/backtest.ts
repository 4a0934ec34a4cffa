import type { PrometheusClient } from '../prometheus/client.js';
import { type BacktestResult, playAlert } from './alert-states.js';
import { worseOf } from './condition.js';
import { type Evaluations, queryRange } from './query-range.js';

/** As `evaluation_interval` of prometheus.yml. */
const EVALUATION_SECONDS = 15;

/** The past that an alert is played over. */
export interface Past {
  prometheus: Pick<PrometheusClient, 'queryRange'>;
  /** Seconds since 1970: the first evaluation. What was true before it is not known. */
  fromSeconds: number;
  toSeconds: number;
  /** How often the rule is evaluated. Default: 15. */
  evaluationSeconds?: number;
}

/** An alert, as far as it decides when it fires. */
export interface AlertCondition {
  expr: string;
  /** Default: 0. */
  forSeconds?: number;
  /** Default: 0. */
  keepFiringForSeconds?: number;
}

/** The times at which a past is evaluated. */
export const evaluationsOf = ({ fromSeconds, toSeconds, evaluationSeconds }: Past): Evaluations => ({
  fromSeconds,
  toSeconds,
  stepSeconds: evaluationSeconds ?? EVALUATION_SECONDS,
});

/**
 * When an alert would have fired: its expression is evaluated over the past, and its state kept, as Prometheus would.
 * @throws {CodedError} `ERR_EXPRESSION` with Prometheus' own message
 * @example await backtest({ prometheus, rule: { expr: 'up == 0', forSeconds: 60 }, fromSeconds, toSeconds })
 */
export async function backtest({ rule, ...past }: Past & { rule: AlertCondition }): Promise<BacktestResult> {
  const evaluations = evaluationsOf(past);
  const series = await queryRange(past.prometheus, rule.expr, evaluations);
  const { forSeconds = 0, keepFiringForSeconds = 0 } = rule;
  return playAlert(series, evaluations, { forSeconds, keepFiringForSeconds, worse: worseOf(rule.expr) });
}

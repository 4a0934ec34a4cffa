import { catalogue } from '../metrics/catalogue.js';
import type { MetricSubset } from '../metrics/create-metrics.js';
import { seriesByValue } from '../metrics/series-by-label.js';
import type { Price } from '../pricing/price-book.js';
import type { BoundHistogram, BoundNumber } from '../series/index.js';

/** The series of one model, bound once. */
export interface ModelSeries {
  inputTokens: BoundHistogram;
  outputTokens: BoundHistogram;
  queryCost: BoundHistogram;
  totalCost: BoundNumber;
  /** The model's price at a time of the clock `now`; undefined where it has none. */
  priceAt: (nowMs: number) => Price | undefined;
}

/** The series of what is a part of a model's tokens, bound at the first call that reports it. */
export interface PartSeries {
  cachedInput: (model: string) => BoundNumber;
  reasoning: (model: string) => BoundNumber;
}

export function createPartSeries({ metrics, limit }: MetricSubset): PartSeries {
  const perModel = (key: 'cachedInputTokens' | 'reasoningTokens') =>
    seriesByValue(
      (model) => limit(catalogue[key].name, { model }).model,
      (model) => metrics[key].bind({ model }),
    );
  return { cachedInput: perModel('cachedInputTokens'), reasoning: perModel('reasoningTokens') };
}

const PER_MODEL = [catalogue.inputTokens, catalogue.outputTokens, catalogue.queryCost, catalogue.totalCost];

/** Gives the series of a model, bound at its first call. There are as many as the label may have values. */
export function createModelSeries(
  { metrics, limit }: MetricSubset,
  priceOf: (model: string) => ModelSeries['priceAt'],
): (model: string) => ModelSeries {
  const bound = new Map<string, ModelSeries>();
  const bind = (limited: string): ModelSeries => {
    const labels = { model: limited };
    const series = {
      inputTokens: metrics.inputTokens.bind(labels),
      outputTokens: metrics.outputTokens.bind(labels),
      queryCost: metrics.queryCost.bind(labels),
      totalCost: metrics.totalCost.bind(labels),
      priceAt: priceOf(limited),
    };
    bound.set(limited, series);
    return series;
  };
  return (model) => {
    const known = bound.get(model);
    if (known) return known;
    // A name that is new, or beyond the limit: the latter is counted for each metric that it would have had.
    let limited = model;
    for (const { name } of PER_MODEL) limited = limit(name, { model }).model ?? model;
    const series = bound.get(limited) ?? bind(limited);
    // A model beyond the limit is counted with the others, and has a price of its own.
    return limited === model ? series : { ...series, priceAt: priceOf(model) };
  };
}

import type { MetricDefinition } from '../m2_3_monitoring/metrics/catalogue.js';
import { type Labels, seriesText } from '../prometheus/labels.js';
import { formatNumber } from '../prometheus/number.js';

/** A series, and its value at present. */
export interface Series {
  /** As a line of OpenMetrics begins: `rag_cache_hits_total{cache_type="semantic",instance="…",job="rag-service"}`. */
  readonly text: string;
  /** NaN where a scrape would not find it. */
  value: number;
}

/** The series of one process as a scrape of it stores them, and what counts into them. */
export interface SeriesSet {
  readonly all: readonly Series[];
  counter(definition: MetricDefinition, labels?: Labels): (value: number) => void;
  gauge(definition: MetricDefinition, labels?: Labels): (value: number) => void;
  histogram(definition: MetricDefinition, labels?: Labels): (value: number) => void;
  /** A new process: every counter at 0, no gauge known. */
  restart(): void;
}

export const JOB = 'rag-service';

/** `le` as the module's OpenMetrics has it, which Prometheus asks for, and as Prometheus 3 stores it in any case. */
const boundText = (bound: number) => (Number.isInteger(bound) ? `${bound}.0` : formatNumber(bound));

/** Makes the series of a process that is scraped as `target` (`host:port`). */
export function createSeriesSet(target: string): SeriesSet {
  const all: Series[] = [];
  const initial: number[] = [];
  const add = (name: string, labels: Labels, value: number): Series => {
    const series = { text: seriesText({ __name__: name, ...labels, instance: target, job: JOB }), value };
    all.push(series);
    initial.push(value);
    return series;
  };
  return {
    all,
    counter({ name }, labels = {}) {
      const series = add(name, labels, 0);
      return (value) => {
        series.value += value;
      };
    },
    gauge({ name }, labels = {}) {
      const series = add(name, labels, Number.NaN);
      return (value) => {
        series.value = value;
      };
    },
    histogram({ name, buckets = [] }, labels = {}) {
      const bounds = [...buckets, Number.POSITIVE_INFINITY];
      const counts = bounds.map((bound) => add(`${name}_bucket`, { ...labels, le: boundText(bound) }, 0));
      const sum = add(`${name}_sum`, labels, 0);
      const count = add(`${name}_count`, labels, 0);
      return (value) => {
        sum.value += value;
        count.value += 1;
        // Cumulative: a bucket counts everything up to its bound.
        for (let index = bounds.length - 1; index >= 0 && value <= (bounds[index] as number); index--)
          (counts[index] as Series).value += 1;
      };
    },
    restart() {
      all.forEach((series, index) => {
        series.value = initial[index] as number;
      });
    },
  };
}

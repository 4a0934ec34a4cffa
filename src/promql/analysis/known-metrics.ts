import { catalogue, type MetricDefinition } from '../../m2_3_monitoring/metrics/catalogue.js';
import { SERIES_SUFFIXES } from '../../prometheus/exposition.js';

/** What is known of a metric, from the catalogue or from a /metrics page. */
export interface KnownMetric {
  name: string;
  type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped';
  /** Undefined where no series has shown them yet. */
  labels: readonly string[] | undefined;
  /** Finite upper bounds of a histogram. */
  buckets?: readonly number[];
  /** A share of everything since the process started: a gauge in the unit `ratio`. */
  isLifetimeRatio?: boolean;
}

/** A series as a query names it: a metric, and which part of a histogram. */
export interface KnownSeries {
  metric: KnownMetric;
  part: '' | (typeof SERIES_SUFFIXES)[number];
}

/** Our own metrics: the catalogue of the module. */
export const catalogueMetrics: readonly KnownMetric[] = Object.values<MetricDefinition>(catalogue).map(
  ({ name, type, labels, buckets, unit }) => ({
    name,
    type,
    labels,
    ...(buckets && { buckets }),
    isLifetimeRatio: type === 'gauge' && unit === 'ratio',
  }),
);

/** Every metric that is known, by the names of its series. */
export class KnownMetrics {
  private readonly byName = new Map<string, KnownMetric>();

  /** @param isComplete whether a name that is not among them is wrong, whatever it begins with */
  constructor(
    metrics: Iterable<KnownMetric>,
    readonly isComplete = false,
  ) {
    for (const metric of metrics) this.byName.set(metric.name, metric);
  }

  find(series: string): KnownSeries | undefined {
    const whole = this.byName.get(series);
    if (whole) return { metric: whole, part: '' };
    const part = SERIES_SUFFIXES.find((one) => series.endsWith(one));
    const metric = part && this.byName.get(series.slice(0, -part.length));
    const hasPart = metric?.type === 'histogram' || (metric?.type === 'summary' && part !== '_bucket');
    return metric && part && hasPart ? { metric, part } : undefined;
  }

  /** The names that a query may use. */
  *seriesNames(): Generator<string> {
    for (const { name, type } of this.byName.values()) {
      if (type !== 'histogram') yield name;
      else for (const part of SERIES_SUFFIXES) yield name + part;
    }
  }
}

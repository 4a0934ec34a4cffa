import { catalogue, type MetricDefinition } from './catalogue.js';
import { maximumValues } from './label-limiter.js';

/** How many series a metric makes. */
export interface MetricBudget {
  metric: string;
  /** Series for each set of label values: buckets, +Inf, sum and count of a histogram; one otherwise. */
  seriesPerLabelSet: number;
  /** Sets of label values: as given, or at most. */
  labelSets: number;
  series: number;
}

/** Series for each set of label values. */
const seriesPerLabelSet = ({ type, buckets = [] }: MetricDefinition) => (type === 'histogram' ? buckets.length + 3 : 1);

/**
 * How many series one process can make at most, metric by metric, largest first.
 * @param maxLabelValues as in the settings
 * @param expected how many values a label will really have, such as `{ model: 3, operation: 2, endpoint: 2 }`
 */
export function seriesBudget(maxLabelValues: number, expected: Record<string, number> = {}): MetricBudget[] {
  return Object.values<MetricDefinition>(catalogue)
    .map((definition) => {
      const values = definition.labels.map((label) => expected[label] ?? maximumValues(label, maxLabelValues));
      const labelSets = values.reduce((product, count) => product * count, 1);
      const perSet = seriesPerLabelSet(definition);
      return { metric: definition.name, seriesPerLabelSet: perSet, labelSets, series: labelSets * perSet };
    })
    .sort((a, b) => b.series - a.series);
}

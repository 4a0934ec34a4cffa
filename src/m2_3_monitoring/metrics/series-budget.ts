import { catalogue, DROP_REASONS, type MetricDefinition, STATUSES } from './catalogue.js';

/** How many series a metric makes. */
export interface MetricBudget {
  metric: string;
  /** Series for each set of label values: buckets, +Inf, sum and count of a histogram; one otherwise. */
  seriesPerLabelSet: number;
  /** Sets of label values: as given, or at most. */
  labelSets: number;
  series: number;
}

const definitions = Object.values<MetricDefinition>(catalogue);

/** Labels whose values are the module's own; `field` names a metric, or one of about a dozen facts of a result. */
const OWN_VALUES: Record<string, number> = {
  status: STATUSES.length,
  reason: DROP_REASONS.length,
  metric: definitions.length,
  field: definitions.length + 12,
  label: new Set(definitions.flatMap(({ labels }) => labels)).size,
};

/** Series for each set of label values. */
const seriesPerLabelSet = ({ type, buckets = [] }: MetricDefinition) => (type === 'histogram' ? buckets.length + 3 : 1);

/**
 * How many series one process can make at most, metric by metric, largest first.
 * @param maxLabelValues as in the settings
 * @param expected how many values a label will really have, such as `{ model: 3, operation: 2, endpoint: 2 }`
 */
export function seriesBudget(maxLabelValues: number, expected: Record<string, number> = {}): MetricBudget[] {
  return definitions
    .map((definition) => {
      const values = definition.labels.map((label) => expected[label] ?? OWN_VALUES[label] ?? maxLabelValues + 1);
      const labelSets = values.reduce((product, count) => product * count, 1);
      const perSet = seriesPerLabelSet(definition);
      return { metric: definition.name, seriesPerLabelSet: perSet, labelSets, series: labelSets * perSet };
    })
    .sort((a, b) => b.series - a.series);
}

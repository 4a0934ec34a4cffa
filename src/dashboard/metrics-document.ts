import { catalogue, DROP_REASONS, type MetricDefinition, STATUSES } from '../m2_3_monitoring/metrics/catalogue.js';
import { GEN_AI_CONVENTIONS } from '../m2_3_monitoring/record/otel-bridge.js';
import { code, generatedFrom, markdownTable } from './markdown.js';

const metrics = Object.entries<MetricDefinition>(catalogue);
const codes = (values: readonly (string | number)[]) => values.map(code).join(', ');

const overview = () =>
  markdownTable(
    ['metric', 'type', 'labels', 'question that it answers'],
    metrics.map(([, { name, type, labels, why }]) => [code(name), type, codes(labels), why]),
  );

const descriptions = () =>
  markdownTable(
    ['metric', 'in code', 'unit', 'what is recorded'],
    metrics.map(([key, { name, unit, help }]) => [code(name), code(`metrics.${key}`), unit, help]),
  );

const boundaries = () =>
  markdownTable(
    ['histogram', 'upper bounds'],
    metrics.flatMap(([, { name, buckets }]) => (buckets ? [[code(name), buckets.join(', ')]] : [])),
  );

const aggregations = () =>
  markdownTable(
    ['gauge', 'value of several processes'],
    metrics.flatMap(([, { name, aggregator }]) => (aggregator ? [[code(name), aggregator]] : [])),
  );

const { operationDuration, tokenUsage, timeToFirstChunk, timePerOutputChunk, version } = GEN_AI_CONVENTIONS;

const conventions = () =>
  markdownTable(
    ['OpenTelemetry', 'unit', 'metric of the module'],
    [
      [code(operationDuration.name), code(operationDuration.unit), codes([catalogue.queryLatency.name])],
      [code(tokenUsage.name), code(tokenUsage.unit), codes([catalogue.inputTokens.name, catalogue.outputTokens.name])],
      [code(timeToFirstChunk.name), code(timeToFirstChunk.unit), codes([catalogue.timeToFirstToken.name])],
      [code(timePerOutputChunk.name), code(timePerOutputChunk.unit), codes([catalogue.timePerOutputToken.name])],
    ],
  );

/** The text of `docs/metrics.md`. */
export const renderMetricsDocument = (): string => `# Metrics

${generatedFrom('src/m2_3_monitoring/metrics/catalogue.ts')}

These are the metrics that \`/metrics\` exposes. [module.md](module.md) describes what records them. The metrics of the Node.js process (\`process_*\`, \`nodejs_*\`) come from prom-client, and [prom-client's documentation](https://github.com/siimon/prom-client#default-metrics) describes them.

${overview()}

## Names in code, and units

The export \`metrics\` has each metric as a prom-client metric: \`metrics.retrievalLatency.observe(0.12)\` takes seconds.

${descriptions()}

## Labels

- \`operation\` and \`endpoint\` are the option \`operation\` of \`monitoredQuery\`.
- \`status\` is one of ${codes(STATUSES)}. How an error becomes a status: [module.md](module.md#outcomes).
- \`error_type\` is the name of the error, or of its class; \`NonError\` where something else was thrown.
- \`model\` is the model that answered. A model without a price is priced at the default rates, and counted in \`${catalogue.unpricedRequests.name}\`.
- \`reason\` is one of ${codes(DROP_REASONS)}; \`field\` is the field of the result, or the metric, whose value was dropped.
- A label has at most \`MAX_LABEL_VALUES\` values. Further values are recorded as \`other\`, and counted in \`${catalogue.labelOverflow.name}\` under the name of the \`metric\` and of the \`label\`.

## Buckets

Each threshold of the alerts is a bucket boundary, and at least one finite boundary lies above it: \`histogram_quantile\` interpolates within a bucket, and never gives more than the highest finite boundary.

${boundaries()}

## Gauges of several processes

Where the metrics of several processes are put together, counters and histograms are added up, and gauges are aggregated as follows; \`omit\` means that no total is made.

${aggregations()}

## OpenTelemetry

With \`OTEL_BRIDGE=true\` the same calls are recorded through \`@opentelemetry/api\` too, under the names of the semantic conventions for generative AI, version ${version}:

${conventions()}
`;

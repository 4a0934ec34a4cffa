import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import * as successor from '@prometheus-io/client';
import * as promClient from 'prom-client';
import { catalogue } from '../src/m2_3_monitoring/index.js';

/** prom-client, or its successor @prometheus-io/client, which has the same interface. */
export type PromLibrary = Pick<typeof promClient, 'Counter' | 'Gauge' | 'Histogram' | 'Registry'>;

export const PROM_LIBRARIES: [name: string, library: PromLibrary][] = [
  ['prom-client', promClient],
  ['@prometheus-io/client', successor as unknown as PromLibrary],
];

// One call records nine things: active requests up and down, latency, the request, two token counts, cost twice, relevance.
export const RESULT = { input_tokens: 450, output_tokens: 120, relevance_score: 0.88 };
const COST_USD = 0.0207;
export const OPERATION = 'ask';
export const MODEL = 'gpt-4';

export const bareCall = async () => RESULT;

/** A call with its nine updates written by hand, as one would on prom-client. */
export function handWritten({ Counter, Gauge, Histogram, Registry }: PromLibrary) {
  const registers = [new Registry()];
  const histogram = (name: string, labelNames: string[], buckets: readonly number[]) =>
    new Histogram({ name, help: name, labelNames, buckets: [...buckets], registers });
  const active = new Gauge({ name: 'active', help: 'active', registers });
  const latency = histogram('latency', ['operation'], catalogue.queryLatency.buckets);
  const input = histogram('input', ['model'], catalogue.inputTokens.buckets);
  const output = histogram('output', ['model'], catalogue.outputTokens.buckets);
  const cost = histogram('cost', ['model'], catalogue.queryCost.buckets);
  const total = new Counter({ name: 'total', help: 'total', labelNames: ['model'], registers });
  const relevance = histogram('relevance', [], catalogue.relevanceScore.buckets);
  const requests = new Counter({ name: 'requests', help: 'requests', labelNames: ['endpoint', 'status'], registers });
  const call = async () => {
    active.inc();
    const start = performance.now();
    const result = await bareCall();
    active.dec();
    latency.observe({ operation: OPERATION }, (performance.now() - start) / 1000);
    requests.inc({ endpoint: OPERATION, status: 'success' });
    input.observe({ model: MODEL }, result.input_tokens);
    output.observe({ model: MODEL }, result.output_tokens);
    cost.observe({ model: MODEL }, COST_USD);
    total.inc({ model: MODEL }, COST_USD);
    relevance.observe(result.relevance_score);
    return result;
  };
  return { call, counted: async () => (await requests.get()).values[0]?.value ?? 0 };
}

/** The same on OpenTelemetry's metrics. */
export function handWrittenForOpenTelemetry() {
  // Without a reader it would keep nothing.
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('bench');
  const histogram = (name: string) => meter.createHistogram(name);
  const [latency, input, output, cost, relevance] = ['latency', 'input', 'output', 'cost', 'relevance'].map(histogram);
  const active = meter.createUpDownCounter('active');
  const total = meter.createCounter('total');
  const requests = meter.createCounter('requests');
  let calls = 0;
  const call = async () => {
    active.add(1);
    const start = performance.now();
    const result = await bareCall();
    active.add(-1);
    latency?.record((performance.now() - start) / 1000, { operation: OPERATION });
    requests.add(1, { endpoint: OPERATION, status: 'success' });
    input?.record(result.input_tokens, { model: MODEL });
    output?.record(result.output_tokens, { model: MODEL });
    cost?.record(COST_USD, { model: MODEL });
    total.add(COST_USD, { model: MODEL });
    relevance?.record(result.relevance_score);
    calls += 1;
    return result;
  };
  return { call, counted: () => calls };
}

import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { CompactHistogram } from '../src/m2_3_monitoring/series/index.js';
import { summarise } from './measure.js';
import { PROM_LIBRARIES } from './peers.js';
import type { Report, Row } from './report.js';

const BUCKETS = [0.1, 0.5, 1, 2, 5, 10, 30];
const SETS = 10_000;
const ROUNDS = 5;
const OPTIONS = { name: 'h', help: 'h', labelNames: ['operation', 'model'], buckets: BUCKETS, registers: [] };

type Observe = (labels: { operation: string; model: string }, seconds: number) => void;

function openTelemetry(): Observe {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const views = [{ instrumentName: 'h', aggregationCardinalityLimit: SETS + 1 }];
  const meter = new MeterProvider({ readers: [reader], views }).getMeter('bench');
  const histogram = meter.createHistogram('h', { advice: { explicitBucketBoundaries: BUCKETS } });
  return (labels, seconds) => histogram.record(seconds, labels);
}

/** Heap and typed arrays, after a collection. */
function usedBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** What the histogram holds for each label set. The labels' texts are there before: they are the caller's. */
function bytesPerSet(make: () => Observe): { bytes: number; keep: Observe } {
  const operations = Array.from({ length: 100 }, (_, index) => `operation-${index}`);
  const models = Array.from({ length: SETS / 100 }, (_, index) => `model-${index}`);
  const observe = make();
  const before = usedBytes();
  for (const operation of operations) for (const model of models) observe({ operation, model }, 0.7);
  return { bytes: (usedBytes() - before) / SETS, keep: observe };
}

/** How much memory a label set of a histogram takes. */
export async function perSeries(): Promise<Report> {
  if (!globalThis.gc) throw new Error('the heap can be measured only under node --expose-gc');
  const candidates: [name: string, make: () => Observe][] = [
    ...PROM_LIBRARIES.map(([name, { Histogram }]): [string, () => Observe] => [
      name,
      () => {
        const histogram = new Histogram(OPTIONS);
        return (labels, seconds) => histogram.observe(labels, seconds);
      },
    ]),
    ['OpenTelemetry metrics', openTelemetry],
    [
      'ours',
      () => {
        const histogram = new CompactHistogram(OPTIONS);
        return (labels, seconds) => histogram.observe(labels, seconds);
      },
    ],
  ];
  const rows: Row[] = candidates.map(([name, make]) => {
    // The first one of a kind pays for its code; and other garbage may go meanwhile, so that one sample says little.
    const samples = Array.from({ length: ROUNDS + 1 }, () => bytesPerSet(make)).slice(1);
    return summarise(
      name,
      samples.map(({ bytes }) => bytes),
      name === 'ours' ? true : undefined,
    );
  });
  return { title: `Memory for each label set of a histogram with ${BUCKETS.length} buckets`, unit: 'bytes', rows };
}

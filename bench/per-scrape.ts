import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  CompactHistogram,
  CompactRegistry,
  collectRegistry,
  openMetricsText,
  plainText,
  renderCollected,
} from '../src/m2_3_monitoring/series/index.js';
import { inUnit, measure, median } from './measure.js';
import { PROM_LIBRARIES, type PromLibrary } from './peers.js';
import type { Report, Row } from './report.js';

const BUCKETS = [0.1, 0.5, 1, 2, 5, 10, 30];
const LINES_PER_SET = BUCKETS.length + 3;
const NAME = 'rag_query_latency_seconds';
const MILLISECOND = 1e6;

/** Label sets of two labels, and five observations in each. */
function fill(sets: number, observe: (labels: { operation: string; model: string }, seconds: number) => void): void {
  for (let index = 0; index < sets; index++) {
    const labels = { operation: `operation-${index % 100}`, model: `model-${Math.floor(index / 100)}` };
    for (let k = 0; k < 5; k++) observe(labels, ((index * 7919 + k * 104_729) % 4000) / 100);
  }
}

interface Exposition {
  name: string;
  render: () => Promise<string | Buffer[]>;
  isOurs?: true;
}

const OPTIONS = { name: NAME, help: 'Latency', labelNames: ['operation', 'model'], buckets: BUCKETS };

function ofLibrary([name, { Histogram, Registry }]: [string, PromLibrary], sets: number): Exposition {
  const registry = new Registry();
  const histogram = new Histogram({ ...OPTIONS, registers: [registry] });
  fill(sets, (labels, seconds) => histogram.observe(labels, seconds));
  return { name, render: () => registry.metrics() };
}

function ofOpenTelemetry(sets: number): Exposition {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({
    readers: [reader],
    views: [{ instrumentName: NAME, aggregationCardinalityLimit: sets + 1 }],
  });
  const histogram = provider.getMeter('bench').createHistogram(NAME, { advice: { explicitBucketBoundaries: BUCKETS } });
  fill(sets, (labels, seconds) => histogram.record(seconds, labels));
  const serializer = new PrometheusSerializer();
  return {
    name: 'OpenTelemetry, Prometheus exporter',
    render: async () => serializer.serialize((await reader.collect()).resourceMetrics),
  };
}

function ofOurs(sets: number): Exposition[] {
  const registry = new CompactRegistry();
  const histogram = new CompactHistogram({ ...OPTIONS, registers: [registry] });
  fill(sets, (labels, seconds) => histogram.observe(labels, seconds));
  const nothingElse = async () => '';
  const render = async (style: typeof plainText) => {
    const chunks: Buffer[] = [];
    const onChunk = (chunk: Buffer) => chunks.push(chunk);
    await renderCollected(await collectRegistry(registry, nothingElse), style, { onChunk });
    return chunks;
  };
  return [
    { name: 'ours, as /metrics sends it', isOurs: true, render: () => render(plainText) },
    { name: 'ours, OpenMetrics', render: () => render(openMetricsText) },
    { name: 'ours, registry.metrics()', render: () => registry.metrics() },
  ];
}

/** Makes no text of a million lines, the garbage of which others would pay for. */
function countLines(exposition: string | Buffer[]): number {
  let lines = 0;
  for (const part of [exposition].flat())
    for (let at = part.indexOf('\n'); at >= 0; at = part.indexOf('\n', at + 1)) lines++;
  return lines;
}

function measured({ name, render, isOurs }: Exposition, sets: number) {
  let scrapes = 0;
  let last: string | Buffer[] = '';
  const run = async (times: number) => {
    for (let i = 0; i < times; i++) {
      last = await render();
      scrapes++;
    }
  };
  /** Every line that there should be, or the figure means nothing. */
  const done = () => (countLines(last) >= sets * LINES_PER_SET ? scrapes : 0);
  return { name, run, done, ...(isOurs && { isOurs }) };
}

/** The longest time that nothing else had its turn while something ran, in milliseconds. */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let isDone = false;
  const tick = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isDone) setImmediate(tick);
  };
  setImmediate(tick);
  await work();
  isDone = true;
  await new Promise((resolve) => setImmediate(resolve));
  return Math.max(longest, performance.now() - last);
}

const ROUNDS_OF_BLOCKS = 7;

async function blocks(expositions: Exposition[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, render, isOurs } of expositions) {
    const samples: number[] = [];
    for (let round = 0; round < ROUNDS_OF_BLOCKS; round++) samples.push(await longestBlock(render));
    rows.push({ name, value: median(samples), ...(isOurs && { isOurs }) });
  }
  return rows;
}

async function scrapeOf(sets: number, rounds: number): Promise<Report> {
  const expositions = [
    ...PROM_LIBRARIES.map((library) => ofLibrary(library, sets)),
    ofOpenTelemetry(sets),
    ...ofOurs(sets),
  ];
  const rows = await measure(
    expositions.map((exposition) => measured(exposition, sets)),
    { rounds, times: 1 },
  );
  const lines = (sets * LINES_PER_SET).toLocaleString('en-US');
  return {
    title: `One scrape of ${sets.toLocaleString('en-US')} label sets (${lines} lines)`,
    unit: 'ms',
    rows: inUnit(rows, MILLISECOND),
  };
}

const SIZES = [100, 1000, 10_000, 100_000];

/** What one line costs at several sizes: the same, where a scrape grows with what it shows and no faster. */
async function growth(): Promise<Report> {
  const rows: Row[] = [];
  let largest: Exposition[] = [];
  for (const sets of SIZES) {
    largest = ofOurs(sets).slice(0, 1);
    const times = Math.max(1, Math.round(1000 / sets));
    const candidates = largest.map((exposition) => measured(exposition, sets));
    const [row] = inUnit(await measure(candidates, { rounds: 8, times }), sets * LINES_PER_SET);
    if (row) rows.push({ ...row, name: `${sets.toLocaleString('en-US')} label sets` });
  }
  const [{ value: block } = { value: Number.NaN }] = await blocks(largest);
  return {
    title: 'One line of a scrape of ours, as it grows',
    unit: 'ns',
    rows,
    notes: [`Longest time without a turn for others at a million lines: ${block.toFixed(1)} ms.`],
  };
}

/** What a scrape costs, and for how long it keeps everything else waiting. */
export async function perScrape(): Promise<Report[]> {
  const reports = [await scrapeOf(100, 60), await scrapeOf(1000, 30), await scrapeOf(10_000, 12)];
  const sets = 10_000;
  const expositions = [
    ...PROM_LIBRARIES.map((library) => ofLibrary(library, sets)),
    ofOpenTelemetry(sets),
    ...ofOurs(sets),
  ];
  reports.push({
    title: 'Longest time without a turn for others during a scrape of 100,000 lines',
    unit: 'ms',
    rows: await blocks(expositions),
  });
  reports.push(await growth());
  return reports;
}

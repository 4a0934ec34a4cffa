import type { Registry } from 'prom-client';
import { ByteWriter, type OnChunk } from './byte-writer.js';
import { asCompact } from './compact-metric.js';
import type { Labels } from './series-table.js';
import type { TextStyle } from './text-style.js';

export type AnyMetric = ReturnType<Registry['getMetricsAsArray']>[number];

/** Writes the text of a metric that is not ours, such as those of Node itself; each line ended. */
export type RenderOther = (metric: AnyMetric) => Promise<string>;

/** The labels that a registry gives all its metrics. prom-client keeps them to itself. */
export const defaultLabelsOf = (registry: Registry): Labels =>
  (registry as unknown as { _defaultLabels?: Labels })._defaultLabels ?? {};

/** Asks a metric for its values: `ask` may take its time, fail, or never return. */
export type Collect = <Value>(metric: string, ask: () => Value | PromiseLike<Value>) => Promise<Value>;

const askAtOnce: Collect = async (_metric, ask) => await ask();

/** What a page is made from: nothing in it has to be waited for, or can fail. */
export interface Collected {
  metrics: readonly AnyMetric[];
  /** Of the metrics that are not ours. */
  texts: ReadonlyMap<AnyMetric, string>;
  defaults: Labels;
}

/** Asks all metrics for their values. Those with a `collect` of their own are asked at the same time, as in prom-client. */
export async function collectRegistry(
  registry: Registry,
  renderOther: RenderOther,
  collect = askAtOnce,
): Promise<Collected> {
  const metrics = registry.getMetricsAsArray();
  const texts = new Map<AnyMetric, string>();
  const collectOne = async (metric: AnyMetric) => {
    const ours = asCompact(metric);
    if (ours) await collect(metric.name, () => ours.collect?.());
    else texts.set(metric, await collect(metric.name, () => renderOther(metric)));
  };
  await Promise.all(metrics.filter((metric) => 'collect' in metric).map(collectOne));
  for (const metric of metrics) if (!('collect' in metric) && !asCompact(metric)) await collectOne(metric);
  return { metrics, texts, defaults: defaultLabelsOf(registry) };
}

/** Where a page goes. */
export interface RenderOptions {
  onChunk: OnChunk;
  /** How long it was the last time. Default: 0. */
  expectedBytes?: number;
}

/** Writes the page, in UTF-8. Each label set is written at one moment, all of them over some turns of the event loop. */
export async function renderCollected(
  { metrics, texts, defaults }: Collected,
  style: TextStyle,
  { onChunk, expectedBytes = 0 }: RenderOptions,
): Promise<void> {
  const writer = new ByteWriter(onChunk, expectedBytes);
  for (const [index, metric] of metrics.entries()) {
    if (index > 0) writer.add(style.betweenFamilies);
    const ours = asCompact(metric);
    if (writer.add(ours ? style.head(ours) : (texts.get(metric) ?? ''))) await writer.pause();
    if (!ours) continue;
    for (const text of ours.texts(style, defaults)) if (writer.add(text)) await writer.pause();
  }
  writer.add(style.end);
  writer.finish();
}

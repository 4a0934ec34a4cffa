import type { Registry } from 'prom-client';
import { ByteWriter } from './byte-writer.js';
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

/** How a page is rendered. */
export interface RenderOptions {
  /** How long the text was the last time: then it need not be moved as it grows. Default: 0. */
  expectedBytes?: number;
  /** Ends the rendering between two metrics, or two slices of one. */
  signal?: AbortSignal;
  collect?: Collect;
}

/** Metrics with a `collect` of their own ask for their values at the same time, as in prom-client; the texts are those of others. */
async function collectAll(metrics: AnyMetric[], renderOther: RenderOther, collect: Collect) {
  const texts = new Map<AnyMetric, string>();
  const collectOne = async (metric: AnyMetric) => {
    const ours = asCompact(metric);
    if (ours) await collect(metric.name, () => ours.collect?.());
    else texts.set(metric, await collect(metric.name, () => renderOther(metric)));
  };
  await Promise.all(metrics.filter((metric) => 'collect' in metric).map(collectOne));
  return texts;
}

/**
 * The text of all metrics of a registry, in UTF-8. Each label set is written at one moment, all of them over some turns of the
 * event loop.
 */
export async function renderRegistry(
  registry: Registry,
  style: TextStyle,
  renderOther: RenderOther,
  { expectedBytes = 0, signal, collect = askAtOnce }: RenderOptions = {},
): Promise<Buffer> {
  const metrics = registry.getMetricsAsArray();
  const texts = await collectAll(metrics, renderOther, collect);
  const writer = new ByteWriter(expectedBytes);
  const defaults = defaultLabelsOf(registry);
  const pause = async () => {
    await writer.pause();
    signal?.throwIfAborted();
  };
  for (const [index, metric] of metrics.entries()) {
    if (index > 0) writer.add(style.betweenFamilies);
    const ours = asCompact(metric);
    if (ours === undefined) {
      const text = texts.get(metric) ?? (await collect(metric.name, () => renderOther(metric)));
      if (writer.add(text)) await pause();
      continue;
    }
    writer.add(style.head(ours));
    for (const text of ours.texts(style, defaults)) if (writer.add(text)) await pause();
  }
  writer.add(style.end);
  return writer.finish();
}

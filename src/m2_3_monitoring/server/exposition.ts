import type { Registry } from 'prom-client';
import type { Metrics } from '../metrics/create-metrics.js';
import {
  type Collected,
  collectRegistry,
  type OnChunk,
  openMetricsText,
  plainText,
  renderCollected,
  type TextStyle,
} from '../series/index.js';
import { Collection } from './collection.js';
import { otherAsOpenMetrics, otherAsText } from './foreign-metrics.js';
import type { Format } from './negotiation.js';
import { Page } from './page.js';

/** Renders the metrics; scrapes that come while one is being rendered get the same page. */
export interface Exposition {
  /** @throws {CollectorError | CollectorTimeout} where there is no page; the signal's reason where the client has gone */
  render(format: Format, limitMs: number, gone: AbortSignal): Promise<Page>;
}

/** The format of prom-client's registry is never switched: that would rename counters for good. */
const STYLES = {
  text: { style: plainText, renderOther: otherAsText },
  openmetrics: { style: openMetricsText, renderOther: otherAsOpenMetrics },
};

/** The exposition of a registry, which also reports of itself how long it took and how large it was. */
export function createExposition(registry: Registry, metrics: Metrics, now: () => number): Exposition {
  const underWay = new Map<Format, Collection<Page>>();
  let expectedBytes = 0;

  const write = async (collected: Collected, style: TextStyle, startMs: number, onChunk: OnChunk) => {
    let bytes = 0;
    const count: OnChunk = (chunk, isLast) => {
      bytes += chunk.length;
      onChunk(chunk, isLast);
    };
    await renderCollected(collected, style, { onChunk: count, expectedBytes });
    expectedBytes = bytes;
    metrics.scrapeDuration.set((now() - startMs) / 1000);
    metrics.scrapeSize.set(bytes);
  };

  const begin = (format: Format) => {
    const collection = new Collection(async (collect) => {
      const startMs = now();
      const { style, renderOther } = STYLES[format];
      const collected = await collectRegistry(registry, (metric) => renderOther(registry, metric), collect);
      const page = new Page((onChunk) => write(collected, style, startMs, onChunk));
      void page.completed.then(() => forget(format, collection));
      return page;
    });
    underWay.set(format, collection);
    return collection;
  };

  const forget = (format: Format, collection: Collection<Page>) => {
    if (underWay.get(format) === collection) underWay.delete(format);
  };

  return {
    async render(format, limitMs, gone) {
      const collection = underWay.get(format) ?? begin(format);
      try {
        return await collection.wait(limitMs, gone);
      } catch (error) {
        if (collection.isClosed) forget(format, collection);
        throw error;
      }
    },
  };
}

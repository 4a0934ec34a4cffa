import type { Registry } from 'prom-client';
import type { Metrics } from '../metrics/create-metrics.js';
import { openMetricsText, plainText, renderRegistry } from '../series/index.js';
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

  const begin = (format: Format) =>
    new Collection(async (collect, signal) => {
      const startMs = now();
      const { style, renderOther } = STYLES[format];
      const options = { expectedBytes, signal, collect };
      const bytes = await renderRegistry(registry, style, (metric) => renderOther(registry, metric), options);
      expectedBytes = bytes.length;
      metrics.scrapeDuration.set((now() - startMs) / 1000);
      metrics.scrapeSize.set(bytes.length);
      return new Page(bytes);
    });

  return {
    async render(format, limitMs, gone) {
      const collection = underWay.get(format) ?? begin(format);
      underWay.set(format, collection);
      try {
        return await collection.wait(limitMs, gone);
      } finally {
        if (collection.isClosed && underWay.get(format) === collection) underWay.delete(format);
      }
    },
  };
}

import type { Registry } from 'prom-client';
import type { Metrics } from '../metrics/create-metrics.js';
import { openMetricsText, plainText, renderRegistry } from '../series/index.js';
import { otherAsOpenMetrics, otherAsText } from './foreign-metrics.js';

/** A text form of the metrics. */
export type Format = 'text' | 'openmetrics';

export const CONTENT_TYPES: Record<Format, string> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** The quality that an Accept header gives a media type, 0 to 1. */
function quality(accept: string, mediaType: string): number {
  const entries = accept.split(',').map((entry) => entry.trim().split(/\s*;\s*/));
  const qualities = entries
    .filter(([type]) => type?.toLowerCase() === mediaType)
    .map(([, ...parameters]) => Number(parameters.find((one) => one.startsWith('q='))?.slice(2) ?? 1));
  return Math.max(0, ...qualities.filter(Number.isFinite));
}

/** OpenMetrics where the client asks for it and likes it at least as well as plain text, else text. */
export function negotiate(accept = ''): Format {
  const openMetrics = quality(accept, 'application/openmetrics-text');
  return openMetrics > 0 && openMetrics >= quality(accept, 'text/plain') ? 'openmetrics' : 'text';
}

/** Renders the metrics; scrapes that come while one is being rendered get the same bytes. */
export interface Exposition {
  /** UTF-8. */
  render(format: Format): Promise<Buffer>;
}

/** The format of prom-client's registry is never switched: that would rename counters for good. */
const STYLES = {
  text: { style: plainText, renderOther: otherAsText },
  openmetrics: { style: openMetricsText, renderOther: otherAsOpenMetrics },
};

/** The exposition of a registry, which also says of itself how long it took and how large it was. */
export function createExposition(registry: Registry, metrics: Metrics, now: () => number): Exposition {
  const underWay = new Map<Format, Promise<Buffer>>();
  let lastBytes = 0;
  const collect = async (format: Format) => {
    const startMs = now();
    const { style, renderOther } = STYLES[format];
    const bytes = await renderRegistry(registry, style, (metric) => renderOther(registry, metric), {
      expectedBytes: lastBytes,
    });
    lastBytes = bytes.length;
    metrics.scrapeDuration.set((now() - startMs) / 1000);
    metrics.scrapeSize.set(lastBytes);
    return bytes;
  };
  return {
    render(format) {
      const known = underWay.get(format);
      if (known) return known;
      const rendering = collect(format).finally(() => underWay.delete(format));
      underWay.set(format, rendering);
      return rendering;
    },
  };
}

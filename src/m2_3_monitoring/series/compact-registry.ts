import { Registry } from 'prom-client';
import { renderRegistry } from './render.js';
import { plainText } from './text-style.js';

/** prom-client's registry, which lets our metrics write their text themselves. */
export class CompactRegistry extends Registry {
  override async metrics(): Promise<string> {
    // In OpenMetrics prom-client renames counters for good; whoever switches its format gets what it gives.
    if (this.contentType !== Registry.PROMETHEUS_CONTENT_TYPE) return super.metrics();
    const bytes = await renderRegistry(
      this,
      plainText,
      async ({ name }) => `${await this.getSingleMetricAsString(name)}\n`,
    );
    return bytes.toString();
  }
}

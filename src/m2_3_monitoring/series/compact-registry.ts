import { Registry } from 'prom-client';
import { collectRegistry, renderCollected } from './render.js';
import { plainText } from './text-style.js';

/** prom-client's registry, which lets our metrics write their text themselves. */
export class CompactRegistry extends Registry {
  override async metrics(): Promise<string> {
    // In OpenMetrics prom-client renames counters for good; whoever switches its format gets what it gives.
    if (this.contentType !== Registry.PROMETHEUS_CONTENT_TYPE) return super.metrics();
    const collected = await collectRegistry(this, async ({ name }) => `${await this.getSingleMetricAsString(name)}\n`);
    const chunks: Buffer[] = [];
    await renderCollected(collected, plainText, { onChunk: (chunk) => chunks.push(chunk) });
    return chunks.map(String).join('');
  }
}

/**
 * How numbers are kept, and how they become text. From outside these are prom-client's metrics and registry; inside,
 *
 * - a series is found once, where its labels are known, and held (`BoundNumber`, `BoundHistogram`): prom-client joins and
 *   looks up the labels at every update;
 * - its numbers lie beside those of other series in typed arrays (`SeriesTable`): an update allocates nothing, and a label
 *   set takes a quarter of the memory;
 * - a scrape puts a label set's text together once for all its lines, and bytes are made of it while it is warm (`render`),
 *   with pauses in which the process goes on.
 *
 * `npm run bench` says what each of these is worth; docs/benchmarks.md explains the figures.
 *
 * In: numbers and labels.
 * Out: prom-client's classes, and the text of a scrape.
 * Must not know: what the numbers mean.
 *
 * @module
 */

export { BoundHistogram } from './bound-histogram.js';
export { BoundNumber } from './bound-number.js';
export type { OnChunk } from './byte-writer.js';
export { CompactCounter } from './compact-counter.js';
export { CompactGauge } from './compact-gauge.js';
export { CompactHistogram } from './compact-histogram.js';
export { asCompact } from './compact-metric.js';
export { CompactRegistry } from './compact-registry.js';
export type { Exemplar, Origin } from './exemplar.js';
export { labelsText } from './labels-text.js';
export {
  type AnyMetric,
  type Collect,
  type Collected,
  collectRegistry,
  defaultLabelsOf,
  type RenderOther,
  renderCollected,
} from './render.js';
export { type Family, openMetricsText, plainText, type TextStyle } from './text-style.js';

/**
 * Grafana's panels as pictures of Apache ECharts: what to ask Prometheus for, and what to draw from its answers. Nothing
 * here needs Node or ECharts itself: `./echarts.js` registers its parts, `./picture.js` draws in Node.
 *
 * @module
 */
export { bucketOption, type Histogram } from './buckets.js';
export { type Bucket, bucketsOf, toBuckets } from './histogram.js';
export { parseDuration } from './interval.js';
export { drawnPanels, panelSize } from './layout.js';
export { notDrawn } from './not-drawn.js';
export { type Theme, themeOf } from './palette.js';
export { type LegendEntry, type PanelLegend, panelLegend } from './panel-legend.js';
export { panelOption } from './panel-option.js';
export { panelText } from './panel-text.js';
export { type Ask, readPanel } from './read-panel.js';
export { panelRequests } from './requests.js';
export { toSeries } from './series.js';
export type {
  Answer,
  Dashboard,
  GridPosition,
  Panel,
  PanelRequest,
  PanelText,
  PrometheusData,
  QueryScope,
  Series,
  ThemeName,
  TimeRange,
  Variable,
  View,
} from './types.js';
export { formatValue } from './units.js';
export { resolveVariables } from './variables.js';

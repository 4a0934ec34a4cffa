/**
 * Grafana's panels as pictures of Apache ECharts: what to ask Prometheus for, and what to draw from its answers. Nothing
 * here needs Node or ECharts itself: `render/echarts.js` registers its parts, `render/svg.js` draws in Node.
 *
 * In: a Grafana dashboard, answers of Prometheus.
 * Out: panels as pictures and HTML.
 * Must not know: who shows them; the metrics of this project.
 *
 * @module
 */

export { drawnPanels, panelSize } from './dashboard/grid.js';
export type {
  Dashboard,
  GridPosition,
  Panel,
  PanelRequest,
  PanelText,
  QueryScope,
  Series,
  ThemeName,
  TimeRange,
  Variable,
  View,
} from './dashboard/types.js';
export { type Bucket, bucketsOf, toBuckets } from './fields/histogram.js';
export { panelText } from './fields/panel-text.js';
export { formatValue } from './fields/units.js';
export { bucketOption, type Histogram } from './panels/bucket-histogram.js';
export { type LegendEntry, type PanelLegend, panelLegend } from './panels/panel-legend.js';
export { panelOption } from './panels/panel-option.js';
export { panelRequests } from './query/panel-requests.js';
export { type PanelData, readPanel } from './query/read-panel.js';
export { toSeries } from './query/to-series.js';
export { fillIn, resolveVariables } from './query/variables.js';
export { type Theme, themeOf } from './style/theme.js';
export { notDrawn } from './support/not-drawn.js';

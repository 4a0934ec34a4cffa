import type { TimeRange } from '../../prometheus/range.js';

export type {
  CustomConfig,
  Dashboard,
  FieldConfig,
  GridPosition,
  LegendOptions,
  Override,
  Panel,
  PanelOptions,
  Target,
  ThresholdStep,
  Variable,
} from './grafana-json.js';

export type { TimeRange };

/** All that a query depends on besides its panel. */
export interface QueryScope {
  range: TimeRange;
  /** Width of the panel: Grafana asks for at most one point a pixel. */
  widthPixels: number;
  /** `timeInterval` of Grafana's data source. */
  scrapeIntervalSeconds: number;
  /** A text is filled in as it is; a list is escaped and becomes `(one|two)`. `resolveVariables` makes these. */
  variables: Record<string, string | string[]>;
}

/** A request of Prometheus' HTTP API: `/api/v1/${path}?${new URLSearchParams(parameters)}`. */
export interface PanelRequest {
  refId: string;
  path: 'query' | 'query_range';
  parameters: Record<string, string>;
}

/** A curve, or the one point of an instant query. Values that are no number are null. */
export interface Series {
  refId: string;
  name: string;
  labels: Record<string, string>;
  points: [seconds: number, value: number | null][];
}

export type ThemeName = 'light' | 'dark';

/** The place that a panel is drawn in, without its title. */
export interface View {
  widthPixels: number;
  heightPixels: number;
  theme: ThemeName;
  range: TimeRange;
  /** `outside`: the caller writes the legend beside the picture, from `panelLegend`. Default: in the picture. */
  legend?: 'inside' | 'outside';
}

/** A panel as text: for screen readers, tables and tests. */
export interface PanelText {
  /** One sentence. */
  summary: string;
  columns: string[];
  rows: string[][];
}

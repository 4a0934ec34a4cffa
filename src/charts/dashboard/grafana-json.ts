/**
 * Dashboards as Grafana stores them.
 *
 * In: Grafana's dashboard JSON.
 * Out: its panels, typed, and their places.
 * Must not know: data.
 *
 * @module
 */

// What is read of Grafana's classic dashboard JSON; whatever else it holds is left alone (`notDrawn` says what matters).

export interface Dashboard {
  title?: string;
  description?: string;
  /** Default range, such as `{from: 'now-1h', to: 'now'}`. */
  time?: { from: string; to: string };
  /** Default refresh, such as `10s`. */
  refresh?: string | false;
  templating?: { list: Variable[] };
  panels?: Panel[];
}

export interface Variable {
  name: string;
  type: string;
  label?: string | null;
  multi?: boolean;
  includeAll?: boolean;
  /** What "All" stands for, as it is; without it, all values joined. */
  allValue?: string | null;
  query?: string | { query?: string };
  current?: { text?: string | string[]; value?: string | string[] };
}

export interface Panel {
  id?: number;
  type: string;
  title?: string;
  description?: string;
  gridPos?: GridPosition;
  targets?: Target[];
  options?: PanelOptions;
  fieldConfig?: { defaults?: FieldConfig; overrides?: Override[] };
  /** Points that a query may have at most. Default: one for each pixel of width. */
  maxDataPoints?: number | null;
  /** Least interval between two points, such as `30s`. Default: the scrape interval. */
  interval?: string | null;
  transformations?: { id: string }[];
  /** Of a row: the panels that are folded into it. */
  panels?: Panel[];
  repeat?: string;
  timeFrom?: string | null;
  timeShift?: string | null;
}

/** Place in a grid of 24 columns, in rows of 30 px with 8 px between them. */
export interface GridPosition {
  h: number;
  w: number;
  x: number;
  y: number;
}

export interface Target {
  refId?: string;
  expr?: string;
  /** `{{label}}` is filled in; empty or `__auto` leaves the name to Grafana's rules. */
  legendFormat?: string;
  instant?: boolean;
  range?: boolean;
  hide?: boolean;
  /** Min step of this query, such as `15s`. */
  interval?: string;
  intervalFactor?: number;
  format?: string;
}

export interface LegendOptions {
  showLegend?: boolean;
  displayMode?: string;
  placement?: string;
  calcs?: string[];
  values?: string[];
  [other: string]: unknown;
}

/** The options of all panel types that are drawn. */
export interface PanelOptions {
  legend?: LegendOptions;
  tooltip?: { mode?: string; sort?: string; [other: string]: unknown };
  reduceOptions?: { calcs?: string[]; values?: boolean; fields?: string; [other: string]: unknown };
  orientation?: string;
  colorMode?: string;
  graphMode?: string;
  textMode?: string;
  justifyMode?: string;
  showThresholdMarkers?: boolean;
  showThresholdLabels?: boolean;
  pieType?: string;
  displayLabels?: string[];
  displayMode?: string;
  [other: string]: unknown;
}

export interface ThresholdStep {
  /** null: from minus infinity. */
  value: number | null;
  color: string;
}

export interface Thresholds {
  mode?: string;
  steps: ThresholdStep[];
}

/** How a curve or value is shown: the panel's defaults, with the overrides for its name. */
export interface FieldConfig {
  unit?: string;
  decimals?: number | null;
  min?: number | null;
  max?: number | null;
  displayName?: string;
  noValue?: string;
  color?: { mode?: string; fixedColor?: string };
  thresholds?: Thresholds;
  custom?: CustomConfig;
  mappings?: unknown[];
  [other: string]: unknown;
}

/** Options of time series. */
export interface CustomConfig {
  drawStyle?: string;
  lineWidth?: number;
  lineInterpolation?: string;
  lineStyle?: { fill?: string; dash?: number[] };
  fillOpacity?: number;
  gradientMode?: string;
  showPoints?: string;
  pointSize?: number;
  spanNulls?: boolean | number;
  stacking?: { mode?: string; group?: string };
  axisPlacement?: string;
  axisLabel?: string;
  axisSoftMin?: number;
  axisSoftMax?: number;
  thresholdsStyle?: { mode?: string };
  hideFrom?: { legend?: boolean; tooltip?: boolean; viz?: boolean };
  [other: string]: unknown;
}

export interface Override {
  matcher: { id: string; options?: unknown };
  properties: { id: string; value?: unknown }[];
}

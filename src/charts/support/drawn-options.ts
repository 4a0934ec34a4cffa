import { THRESHOLD_STYLES } from '../axes/thresholds.js';
import { isCalc } from '../fields/reduce.js';
import { isUnit } from '../fields/units.js';
import { isColour } from '../style/theme.js';

/** Whether a value of an option is drawn. */
type Accepts = (value: unknown) => boolean;
/** Options by their path in the JSON, such as `legend.placement`. */
export type Drawn = Record<string, Accepts>;

const any: Accepts = () => true;
const one =
  (...values: unknown[]): Accepts =>
  (value) =>
    values.includes(value);
const each =
  (accepts: Accepts): Accepts =>
  (value) =>
    Array.isArray(value) && value.every(accepts);
const calc: Accepts = (value) => typeof value === 'string' && isCalc(value);
const colour: Accepts = (value) => typeof value === 'string' && isColour(value);
const single: Accepts = (value) => Array.isArray(value) && value.length <= 1 && value.every(calc);

const legend: Drawn = {
  'legend.showLegend': any,
  'legend.displayMode': one('list', 'table', 'hidden'),
  'legend.placement': one('bottom', 'right'),
  'legend.calcs': each(calc),
};

const tooltip: Drawn = {
  // Where one series is asked for, all are listed: it is among them.
  'tooltip.mode': one('multi', 'single', 'none'),
  'tooltip.sort': one('asc', 'desc', 'none'),
  'tooltip.hideZeros': one(false),
  'tooltip.maxHeight': any,
  'tooltip.maxWidth': any,
};

const reduced: Drawn = {
  'reduceOptions.calcs': single,
  'reduceOptions.values': one(false),
  'reduceOptions.fields': one(''),
};

const sizes: Drawn = { sizing: one('auto'), minVizWidth: any, minVizHeight: any, maxVizHeight: any };

/** What is drawn of the `options` of each panel type. */
export const DRAWN_OPTIONS: Record<string, Drawn> = {
  timeseries: { ...legend, ...tooltip },
  stat: {
    ...reduced,
    graphMode: one('area', 'none'),
    colorMode: one('value', 'background', 'background_solid', 'none'),
    textMode: one('auto', 'value', 'value_and_name', 'name', 'none'),
    justifyMode: one('auto', 'center'),
    orientation: one('auto'),
    wideLayout: any,
    showPercentChange: one(false),
    percentChangeColorMode: any,
  },
  gauge: {
    ...reduced,
    ...sizes,
    orientation: one('auto'),
    showThresholdMarkers: any,
    showThresholdLabels: one(false),
  },
  piechart: {
    ...reduced,
    ...legend,
    ...tooltip,
    'legend.values': each(one('value', 'percent')),
    pieType: one('pie', 'donut'),
    displayLabels: each(one('name', 'value', 'percent')),
    orientation: any,
    sort: one('desc'),
  },
  bargauge: {
    ...reduced,
    ...sizes,
    orientation: one('horizontal'),
    displayMode: one('basic'),
    showUnfilled: one(true),
    valueMode: one('color'),
    namePlacement: one('auto', 'left'),
  },
  table: { ...reduced, 'reduceOptions.calcs': each(calc), showHeader: one(true) },
  heatmap: {
    calculate: one(false),
    cellGap: any,
    'yAxis.unit': (value) => typeof value === 'string' && isUnit(value),
    'yAxis.axisPlacement': one('left'),
    'legend.show': one(true),
    'tooltip.mode': one('single'),
  },
};

/** What is drawn of a field's configuration, in the defaults and in overrides. */
export const DRAWN_FIELD: Drawn = {
  unit: (value) => typeof value === 'string' && isUnit(value),
  decimals: any,
  min: any,
  max: any,
  displayName: any,
  noValue: any,
  'color.mode': one('palette-classic', 'fixed', 'thresholds'),
  'color.fixedColor': colour,
  'thresholds.mode': one('absolute', 'percentage'),
  'thresholds.steps': each((step) => colour((step as { color: unknown }).color)),
  mappings: (value) => Array.isArray(value) && value.length === 0,
  links: (value) => Array.isArray(value) && value.length === 0,
};

/** What is drawn of `custom`, the options of time series; other panels have none of weight. */
export const DRAWN_CUSTOM: Drawn = {
  drawStyle: one('line', 'bars', 'points'),
  lineInterpolation: one('linear', 'smooth', 'stepBefore', 'stepAfter'),
  lineWidth: any,
  'lineStyle.fill': one('solid', 'dash', 'dot'),
  'lineStyle.dash': any,
  fillOpacity: any,
  gradientMode: one('none', 'opacity'),
  showPoints: one('auto', 'always', 'never'),
  pointSize: any,
  spanNulls: any,
  insertNulls: one(false),
  'stacking.mode': one('none', 'normal', 'percent'),
  'stacking.group': any,
  axisPlacement: one('auto', 'left', 'right', 'hidden'),
  axisLabel: any,
  axisSoftMin: any,
  axisSoftMax: any,
  axisBorderShow: one(false),
  axisCenteredZero: one(false),
  axisColorMode: one('text'),
  'scaleDistribution.type': one('linear'),
  'thresholdsStyle.mode': one(...THRESHOLD_STYLES),
  'hideFrom.legend': any,
  'hideFrom.tooltip': any,
  'hideFrom.viz': any,
  barAlignment: one(0),
  barWidthFactor: any,
};

/**
 * One file for each type of panel.
 *
 * In: a panel and its series.
 * Out: an ECharts option.
 * Must not know: where it is drawn.
 *
 * @module
 */

import type { EChartsOption } from 'echarts';
import type { Panel, Series, View } from '../dashboard/types.js';
import { hasData } from '../fields/reduce.js';
import { noValue } from '../fields/values.js';
import { message } from '../style/label.js';
import { themeOf } from '../style/theme.js';
import { barGaugeOption } from './bar-gauge.js';
import { gaugeOption } from './gauge.js';
import { heatmapOption } from './heatmap.js';
import { pieOption } from './pie.js';
import { statOption } from './stat.js';
import { tableOption } from './table.js';
import { timeSeriesOption } from './time-series.js';

export type Draw = (panel: Panel, series: Series[], view: View) => EChartsOption;

/** The panel types that are drawn. */
export const DRAWINGS: Record<string, Draw> = {
  timeseries: timeSeriesOption,
  stat: statOption,
  gauge: gaugeOption,
  piechart: pieOption,
  bargauge: barGaugeOption,
  table: tableOption,
  heatmap: heatmapOption,
};

/** What ECharts draws a panel from: the plot and its legend, without the title. */
export function panelOption(panel: Panel, series: Series[], view: View): EChartsOption {
  const draw = Object.hasOwn(DRAWINGS, panel.type) ? DRAWINGS[panel.type] : undefined;
  const text = draw ? noValue(panel) : `Panel type "${panel.type}" is not drawn here`;
  if (draw && hasData(series)) return draw(panel, series, view);
  return {
    animation: false,
    graphic: message(text, view.widthPixels, view.heightPixels, themeOf(view.theme)),
  };
}

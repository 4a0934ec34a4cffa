import type { EChartsOption } from 'echarts';
import { barGaugeOption } from './bar-gauge.js';
import { hasData } from './calcs.js';
import { gaugeOption } from './gauge.js';
import { heatmapOption } from './heatmap.js';
import { themeOf } from './palette.js';
import { pieOption } from './pie.js';
import { statOption } from './stat.js';
import { tableOption } from './table.js';
import { message } from './text.js';
import { timeSeriesOption } from './time-series.js';
import type { Panel, Series, View } from './types.js';
import { noValue } from './values.js';

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

import type { EChartsOption } from 'echarts';
import { thresholdLabelsWidth } from '../axes/thresholds.js';
import { timeAxis } from '../axes/time-axis.js';
import { formatInstant } from '../axes/time-ticks.js';
import { axesWidth, axisOptions, type Extent, type ValueAxis, valueAxes } from '../axes/value-axes.js';
import type { Panel, Series, View } from '../dashboard/types.js';
import { distinct } from '../fields/distinct-names.js';
import { curveColour, type Field, fieldsOf } from '../fields/field.js';
import { formatValue } from '../fields/units.js';
import { curveLegend, legendBox } from '../legend/legend.js';
import { FONT } from '../style/label.js';
import { type Theme, themeOf } from '../style/theme.js';
import { tooltipHtml, tooltipStyle } from '../style/tooltip.js';
import { curveOption } from './curve.js';
import { drawnCurves } from './stacking.js';

const MARGIN = { top: 12, side: 12, bottom: 26 };

type Curves = ReturnType<typeof drawnCurves>;

/** Between which values curves lie; stacked ones are added up. */
function extentOf(curves: Curves, fields: Field[]): Extent {
  const sums = new Map<string, number>();
  const values: number[] = [];
  for (const { field, points, stack } of curves) {
    if (!fields.includes(field)) continue;
    for (const [at, value] of points) {
      if (value === null) continue;
      const key = `${stack} ${at}`;
      const top = stack === undefined ? value : value + (sums.get(key) ?? 0);
      if (stack !== undefined) sums.set(key, top);
      values.push(top);
    }
    // Bars and stacks stand on zero.
    if (stack !== undefined || field.custom.drawStyle === 'bars') values.push(0);
  }
  if (values.length === 0) return { low: 0, high: 1 };
  return { low: values.reduce((a, b) => Math.min(a, b)), high: values.reduce((a, b) => Math.max(a, b)) };
}

interface Hovered {
  value: [number, number | null];
  seriesIndex: number;
}

/** All values at the time under the pointer, in the order that the panel asks for. */
function tooltip(panel: Panel, curves: Curves, theme: Theme): EChartsOption['tooltip'] {
  const { mode, sort = 'none' } = panel.options?.tooltip ?? {};
  if (mode === 'none') return { show: false };
  const direction = { asc: 1, desc: -1 }[sort] ?? 0;
  const formatter = (hovered: unknown) => {
    const points = (hovered as Hovered[])
      .filter(({ value, seriesIndex }) => value[1] !== null && !curves[seriesIndex]?.field.custom.hideFrom?.tooltip)
      .sort((one, other) => direction * ((one.value[1] ?? 0) - (other.value[1] ?? 0)));
    const rows = points.flatMap(({ value: [, value], seriesIndex }) => {
      const { field } = curves[seriesIndex] as Curves[number];
      const { unit, decimals } = field.config;
      return { colour: curveColour(field, value, theme), name: field.name, text: formatValue(value, unit, decimals) };
    });
    return rows.length === 0 ? '' : tooltipHtml(formatInstant((points[0]?.value[0] ?? 0) / 1000), rows);
  };
  const line = { color: theme.faint, type: 'dashed' as const, width: 1 };
  return { ...tooltipStyle(theme), trigger: 'axis', axisPointer: { type: 'line', lineStyle: line }, formatter };
}

const axisIndexOf = (axes: ValueAxis[], field: Field) => axes.findIndex(({ fields }) => fields.includes(field));

/** Shares are percentages, whatever the values were. */
const asShares = (field: Field): Field =>
  field.custom.stacking?.mode === 'percent'
    ? { ...field, config: { ...field.config, unit: 'percentunit', min: 0, max: 1 } }
    : field;

export function timeSeriesOption(panel: Panel, series: Series[], view: View): EChartsOption {
  const theme = themeOf(view.theme);
  const fields = distinct(fieldsOf(panel, series));
  const shown = fields.map(asShares).filter(({ custom }) => !custom.hideFrom?.viz);
  const legend = curveLegend(
    panel.options?.legend,
    fields.filter(({ custom }) => !custom.hideFrom?.legend),
  );
  const box = legendBox(legend, view, theme);
  const curves = drawnCurves(shown);
  const plotHeight = view.heightPixels - MARGIN.top - MARGIN.bottom - box.bottom;
  const axes = valueAxes(shown, plotHeight, (some) => extentOf(curves, some));
  const left = MARGIN.side + axesWidth(axes, 'left');
  const right = MARGIN.side + Math.max(12, thresholdLabelsWidth(shown), axesWidth(axes, 'right')) + box.right;
  const plotWidth = view.widthPixels - left - right;
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    grid: { left, right, top: MARGIN.top, bottom: MARGIN.bottom + box.bottom, outerBoundsMode: 'none' },
    xAxis: timeAxis(view.range, plotWidth, theme),
    yAxis: axisOptions(axes, theme),
    tooltip: tooltip(panel, curves, theme),
    ...box.option,
    series: curves.map((curve) => {
      const index = axisIndexOf(axes, curve.field);
      return curveOption(curve, index, (axes[index] as ValueAxis).scale, plotWidth, theme);
    }),
  };
}

import type { EChartsOption } from 'echarts';
import type { Panel, Series, View } from '../dashboard/types.js';
import { distinct } from '../fields/distinct-names.js';
import { curveColour, type Field } from '../fields/field.js';
import { formatValue } from '../fields/units.js';
import { type Value, valuesOf } from '../fields/values.js';
import { legendBox } from '../legend/legend.js';
import type { LegendTable } from '../legend/legend-layout.js';
import { FONT, FONT_SIZE } from '../style/label.js';
import { type Theme, textOn, themeOf } from '../style/theme.js';
import { tooltipHtml, tooltipStyle } from '../style/tooltip.js';

const MARGIN = 12;
/** A smaller slice has no room for a label. */
const LABEL_SHARE = 0.05;
/** A smaller ring has to be wider for its labels. */
const NARROW = 90;

export interface Slice {
  name: string;
  field: Field;
  value: number;
  text: string;
  percent: string;
  share: number;
  colour: string;
}

export function slicesOf(values: Value[], theme: Theme): Slice[] {
  const shown = values.filter(
    (one): one is Value & { value: number } => one.value !== null && Number.isFinite(one.value),
  );
  const names = distinct(shown.map(({ field }) => field));
  const total = shown.reduce((sum, { value }) => sum + value, 0);
  const slices = shown.map(({ field, value, text }, index) => {
    const share = total === 0 ? 0 : value / total;
    return {
      name: names[index]?.name ?? field.name,
      field,
      value,
      text,
      share,
      percent: formatValue(Math.round(share * 100), 'percent', 0),
      colour: curveColour(field, value, theme),
    };
  });
  // Their colours stay with the series, whichever is the largest at the moment.
  return slices.sort((one, other) => other.value - one.value);
}

export function legendOf(panel: Panel, slices: Slice[]): LegendTable | undefined {
  const { showLegend = true, displayMode, placement, values = [] } = panel.options?.legend ?? {};
  if (!showLegend || displayMode === 'hidden') return undefined;
  const columns = values.filter((one) => one === 'value' || one === 'percent');
  return {
    columns: columns.map((one) => (one === 'value' ? 'Value' : 'Percent')),
    rows: slices.map(({ name, text, percent }) => ({
      name,
      cells: columns.map((one) => (one === 'value' ? text : percent)),
    })),
    isTable: displayMode === 'table',
    isRight: placement === 'right',
  };
}

function labelOf(slice: Slice, kinds: string[], theme: Theme) {
  const parts: Record<string, string> = { name: slice.name, value: slice.text, percent: slice.percent };
  return {
    show: kinds.length > 0 && slice.share >= LABEL_SHARE,
    formatter: kinds.map((kind) => parts[kind] ?? '').join('\n'),
    color: textOn(slice.colour, theme),
  };
}

/** Slices that are shares of a whole, with their values in the legend. */
export function pieOption(panel: Panel, series: Series[], view: View): EChartsOption {
  const theme = themeOf(view.theme);
  const slices = slicesOf(valuesOf(panel, series, theme), theme);
  const box = legendBox(legendOf(panel, slices), view, theme);
  const width = view.widthPixels - box.right;
  const height = view.heightPixels - box.bottom;
  const radius = Math.max(20, Math.min(width, height) / 2 - MARGIN);
  const kinds = panel.options?.displayLabels ?? ['percent'];
  const formatter = (hovered: unknown) => {
    const slice = slices[(hovered as { dataIndex: number }).dataIndex];
    if (!slice) return '';
    return tooltipHtml('', [{ colour: slice.colour, name: slice.name, text: `${slice.text} (${slice.percent})` }]);
  };
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    tooltip:
      panel.options?.tooltip?.mode === 'none'
        ? { show: false }
        : { ...tooltipStyle(theme), trigger: 'item', formatter },
    ...box.option,
    series: {
      type: 'pie',
      center: [width / 2, height / 2],
      radius: [panel.options?.pieType === 'donut' ? radius * (radius < NARROW ? 0.45 : 0.58) : 0, radius],
      avoidLabelOverlap: false,
      itemStyle: { borderColor: theme.background, borderWidth: slices.length > 1 ? 2 : 0 },
      label: { position: 'inside', fontFamily: FONT, fontSize: FONT_SIZE, fontWeight: 600 },
      labelLine: { show: false },
      emphasis: { scaleSize: 4 },
      data: slices.map((slice) => ({
        name: slice.name,
        value: slice.value,
        itemStyle: { color: slice.colour },
        label: labelOf(slice, kinds, theme),
      })),
    },
  };
}

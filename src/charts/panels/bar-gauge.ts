import type { EChartsOption } from 'echarts';
import type { Panel, Series, View } from '../dashboard/types.js';
import { rangeOf, shareOf, type Value, valuesOf } from '../fields/values.js';
import { label } from '../style/label.js';
import { shorten, textWidth } from '../style/text-width.js';
import { type Theme, themeOf } from '../style/theme.js';

const MARGIN = 12;
const GAP = 10;
const MAX_BAR = 36;
const FONT = 14;

const rect = (x: number, y: number, width: number, height: number, fill: string) => ({
  type: 'rect' as const,
  silent: true,
  shape: { x, y, width, height, r: 3 },
  style: { fill },
});

interface Columns {
  name: number;
  text: number;
}

function row(one: Value, values: Value[], y: number, height: number, columns: Columns, width: number, theme: Theme) {
  const left = MARGIN + columns.name;
  const length = Math.max(10, width - left - columns.text - MARGIN);
  const middle = { y: y + height / 2, verticalAlign: 'middle' as const, fontSize: FONT };
  const filled = length * shareOf(one.value, rangeOf(one.field, values));
  return [
    label(shorten(one.name, columns.name - GAP, FONT), { x: MARGIN, fill: theme.text, ...middle }),
    rect(left, y, length, height, theme.empty),
    ...(filled > 0 ? [rect(left, y, filled, height, one.colour)] : []),
    label(one.text, { x: width - MARGIN, align: 'right', fontWeight: 600, fill: one.colour, ...middle }),
  ];
}

/** A bar for each value, one below the other. */
export function barGaugeOption(panel: Panel, series: Series[], view: View): EChartsOption {
  const theme = themeOf(view.theme);
  const values = valuesOf(panel, series, theme);
  const { widthPixels, heightPixels } = view;
  const widest = (texts: string[]) => Math.max(...texts.map((text) => textWidth(text, FONT)));
  const columns = {
    name: Math.min(widest(values.map(({ name }) => name)) + GAP, widthPixels * 0.42),
    text: widest(values.map(({ text }) => text)) + GAP,
  };
  const pitch = Math.min(MAX_BAR + GAP, (heightPixels - 2 * MARGIN) / values.length);
  const height = Math.max(4, pitch - GAP);
  const top = (heightPixels - pitch * values.length + GAP) / 2;
  return {
    animation: false,
    graphic: values.flatMap((one, index) => row(one, values, top + index * pitch, height, columns, widthPixels, theme)),
  };
}

import type { EChartsOption } from 'echarts';
import { themeOf } from './palette.js';
import { panelText } from './panel-text.js';
import { FONT_SIZE, label } from './text.js';
import { shorten, textWidth } from './text-width.js';
import type { Panel, Series, View } from './types.js';

const MARGIN = 12;
const ROW = 26;
const GAP = 20;

/** The values as a table; a page may rather write `panelText` as HTML. */
export function tableOption(panel: Panel, series: Series[], view: View): EChartsOption {
  const theme = themeOf(view.theme);
  const { columns, rows } = panelText(panel, series);
  const fitting = Math.max(1, Math.floor((view.heightPixels - 2 * MARGIN) / ROW) - 1);
  const shown =
    rows.length > fitting ? [...rows.slice(0, fitting - 1), [`and ${rows.length - fitting + 1} more`]] : rows;
  const wanted = columns.map(
    (column, index) =>
      Math.max(...[[...columns], ...rows].map((row) => textWidth(row[index] ?? column, FONT_SIZE)), 30) + GAP,
  );
  const shrink = Math.min(1, (view.widthPixels - 2 * MARGIN) / wanted.reduce((sum, width) => sum + width, 0));
  const widths = wanted.map((width) => width * shrink);
  const left = (index: number) => MARGIN + widths.slice(0, index).reduce((sum, width) => sum + width, 0);
  const line = (y: number) => ({
    type: 'line' as const,
    silent: true,
    shape: { x1: MARGIN, x2: view.widthPixels - MARGIN, y1: y, y2: y },
    style: { stroke: theme.grid, lineWidth: 1 },
  });
  return {
    animation: false,
    graphic: [columns, ...shown].flatMap((row, at) => [
      ...row.map((text, index) =>
        label(shorten(text, (widths[index] ?? 30) - GAP / 2, FONT_SIZE), {
          x: left(index),
          y: MARGIN + at * ROW + 6,
          fill: at === 0 ? theme.faint : theme.text,
          fontWeight: at === 0 ? 600 : 400,
        }),
      ),
      line(MARGIN + (at + 1) * ROW),
    ]),
  };
}

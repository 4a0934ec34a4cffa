import type { EChartsOption } from 'echarts';
import type { Panel, Series, View } from '../dashboard/types.js';
import { panelText } from '../fields/panel-text.js';
import { FONT_SIZE, label } from '../style/label.js';
import { shorten, textWidth } from '../style/text-width.js';
import { themeOf } from '../style/theme.js';

const MARGIN = 12;
const ROW = 26;
const GAP = 16;

/** The width of each column; the first one, of names, takes what is left. */
function columnWidths(lines: string[][], widthPixels: number): number[] {
  const [, ...numbers] = (lines[0] ?? []).map((_, index) =>
    Math.max(...lines.map((line) => textWidth(line[index] ?? '', FONT_SIZE) + GAP)),
  );
  const rest = widthPixels - 2 * MARGIN - numbers.reduce((sum, width) => sum + width, 0);
  return [Math.max(60, rest), ...numbers];
}

/** The values as a table; a page may rather write `panelText` as HTML. */
export function tableOption(panel: Panel, series: Series[], view: View): EChartsOption {
  const theme = themeOf(view.theme);
  const { columns, rows } = panelText(panel, series);
  const fitting = Math.max(2, Math.floor((view.heightPixels - MARGIN) / ROW) - 1);
  const more = `and ${rows.length - fitting + 1} more`;
  const shown = rows.length > fitting ? [...rows.slice(0, fitting - 1), [more]] : rows;
  const widths = columnWidths([columns, ...rows], view.widthPixels);
  const right = (index: number) => MARGIN + widths.slice(0, index + 1).reduce((sum, width) => sum + width, 0);
  const line = (y: number) => ({
    type: 'line' as const,
    silent: true,
    shape: { x1: MARGIN, x2: view.widthPixels - MARGIN, y1: y, y2: y },
    style: { stroke: theme.grid, lineWidth: 1 },
  });
  const cell = (text: string, row: number, column: number) =>
    label(shorten(text, (widths[column] ?? 0) - GAP / 2, FONT_SIZE), {
      ...(column === 0 ? { x: MARGIN } : { x: right(column), align: 'right' as const }),
      y: row * ROW + 7,
      fill: row === 0 ? theme.faint : theme.text,
      fontWeight: row === 0 ? 600 : 400,
    });
  return {
    animation: false,
    graphic: [columns, ...shown].flatMap((texts, row) => [
      ...texts.map((text, column) => cell(text, row, column)),
      line((row + 1) * ROW),
    ]),
  };
}

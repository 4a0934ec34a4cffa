import type { View } from '../dashboard/types.js';
import { FONT_SIZE, label } from '../style/label.js';
import { shorten, textWidth } from '../style/text-width.js';
import { type Theme, withOpacity } from '../style/theme.js';
import {
  COLUMN_GAP,
  GAP,
  ICON,
  type LegendBox,
  type LegendTable,
  MARGIN,
  MAX_SHARE,
  ROW,
  textLeft,
} from './legend-layout.js';

const widest = (texts: string[]) => Math.max(0, ...texts.map((text) => textWidth(text, FONT_SIZE)));

interface Layout {
  left: number;
  top: number;
  nameWidth: number;
  cellWidths: number[];
  rows: number;
  pages: boolean;
}

/** The headings above the columns, right-aligned as the cells are. */
function headings({ columns }: LegendTable, { left, top, nameWidth, cellWidths }: Layout, theme: Theme) {
  let right = textLeft(left) + nameWidth;
  const cells = columns.map((column, index) => {
    right += cellWidths[index] ?? 0;
    return label(column, { x: right, y: top + 4, align: 'right', fill: theme.faint, fontWeight: 600 });
  });
  return columns.length === 0
    ? []
    : [label('Name', { x: left, y: top + 4, fill: theme.faint, fontWeight: 600 }), ...cells];
}

function tableOption(table: LegendTable, layout: Layout, theme: Theme): LegendBox['option'] {
  const { nameWidth, cellWidths, left, top, rows, pages } = layout;
  const byName = new Map(table.rows.map((row) => [row.name, row]));
  const rich = Object.fromEntries(
    cellWidths.map((width, index) => [`c${index}`, { width, align: 'right' as const, lineHeight: ROW }]),
  );
  // A closing brace would end the rich text.
  const formatter = (name: string) => {
    const cells = byName.get(name)?.cells ?? [];
    const shown = shorten(name.replace(/[{}]/g, ''), nameWidth, FONT_SIZE);
    return `{name|${shown}}${cells.map((cell, index) => `{c${index}|${cell}}`).join('')}`;
  };
  const header = table.columns.length > 0 ? ROW : 0;
  return {
    legend: {
      type: pages ? 'scroll' : 'plain',
      orient: 'vertical',
      left,
      top: top + header,
      height: rows * ROW,
      padding: 0,
      itemGap: 0,
      itemWidth: ICON,
      itemHeight: 4,
      icon: 'roundRect',
      itemStyle: { borderWidth: 0 },
      data: table.rows.map(({ name }) => name),
      formatter,
      tooltip: { show: true },
      inactiveColor: withOpacity(theme.faint, 0.6),
      pageIconColor: theme.text,
      pageIconInactiveColor: theme.grid,
      pageIconSize: 10,
      // With the line of page buttons, which is 12 px high, exactly one row more.
      pageButtonGap: ROW - 12,
      pageTextStyle: { color: theme.faint },
      textStyle: {
        color: theme.text,
        fontSize: FONT_SIZE,
        lineHeight: ROW,
        padding: [0, 0, 0, GAP - 5],
        rich: { name: { width: nameWidth, lineHeight: ROW }, ...rich },
      },
    },
    graphic: headings(table, layout, theme),
  };
}

/** A legend as a table, with its headings; what has no room is on further pages. */
export function tableBox(table: LegendTable, view: View, theme: Theme, isRight: boolean): LegendBox {
  const { widthPixels, heightPixels } = view;
  const header = table.columns.length > 0 ? ROW : 0;
  const cellWidths = table.columns.map(
    (column, index) => widest([column, ...table.rows.map(({ cells }) => cells[index] ?? '')]) + COLUMN_GAP,
  );
  const cells = cellWidths.reduce((sum, width) => sum + width, 0);
  const available = (isRight ? heightPixels : heightPixels * MAX_SHARE) - 2 * MARGIN - header;
  const fitting = Math.max(1, Math.floor(available / ROW));
  const pages = table.rows.length > fitting;
  const rows = pages ? Math.max(1, fitting - 1) : table.rows.length;
  const room = (isRight ? widthPixels * 0.56 : widthPixels - MARGIN) - MARGIN - textLeft(0) - cells;
  const names = widest(table.rows.map(({ name }) => name));
  const nameWidth = Math.max(30, isRight ? Math.min(room, names) : room);
  const width = textLeft(0) + nameWidth + cells;
  const height = header + (rows + (pages ? 1 : 0)) * ROW;
  const left = isRight ? widthPixels - MARGIN - width : MARGIN;
  const top = isRight ? Math.max(MARGIN, (heightPixels - height) / 2) : heightPixels - height - MARGIN / 2;
  const option = tableOption(table, { left, top, nameWidth, cellWidths, rows: rows + (pages ? 1 : 0), pages }, theme);
  return { bottom: isRight ? 0 : height + MARGIN, right: isRight ? width + 2 * MARGIN : 0, option };
}

import type { EChartsOption } from 'echarts';
import { calcLabel, reduce } from './calcs.js';
import type { Field } from './field.js';
import type { Theme } from './palette.js';
import { FONT_SIZE, label } from './text.js';
import { shorten, textWidth } from './text-width.js';
import type { LegendOptions, View } from './types.js';
import { formatValue } from './units.js';

const ROW = 20;
const ICON = 14;
const GAP = 6;
const COLUMN_GAP = 18;
const MARGIN = 8;
/** A legend takes no more of the height than this; the rest of a longer one is on further pages. */
const MAX_SHARE = 0.42;

/** One line of a legend: a name and what stands in the columns beside it. */
export interface LegendRow {
  name: string;
  cells: string[];
}

export interface LegendTable {
  columns: string[];
  rows: LegendRow[];
  /** Whether it stands as a table, or as names one after the other. */
  isTable: boolean;
  isRight: boolean;
}

/** Where a legend stands, and what it leaves to the plot. */
export interface LegendBox {
  bottom: number;
  right: number;
  option: Pick<EChartsOption, 'legend' | 'graphic'>;
}

const NONE: LegendBox = { bottom: 0, right: 0, option: {} };

/** The legend of time series: a column for each calculation. */
export function curveLegend(options: LegendOptions | undefined, fields: Field[]): LegendTable | undefined {
  if (options?.showLegend === false || options?.displayMode === 'hidden') return undefined;
  const calcs = options?.calcs ?? [];
  return {
    columns: calcs.map(calcLabel),
    rows: fields.map(({ name, series, config }) => ({
      name,
      cells: calcs.map((calc) => formatValue(reduce(series, calc), config.unit, config.decimals)),
    })),
    isTable: options?.displayMode === 'table',
    isRight: options?.placement === 'right',
  };
}

const widest = (texts: string[]) => Math.max(0, ...texts.map((text) => textWidth(text, FONT_SIZE)));

interface Layout {
  left: number;
  top: number;
  nameWidth: number;
  cellWidths: number[];
  rows: number;
  pages: boolean;
}

const textLeft = (left: number) => left + ICON + GAP;

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
      inactiveColor: theme.grid,
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

function tableBox(table: LegendTable, view: View, theme: Theme, isRight: boolean): LegendBox {
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

/** A table's rows as single texts, for a legend that stands in lines. */
function flattened(table: LegendTable): LegendTable {
  const rows = table.rows.map(({ name, cells }) => ({
    name,
    cells: cells.map((cell, index) => `${table.columns[index]}: ${cell}`),
  }));
  return { ...table, columns: [], rows };
}

/** In how many lines texts stand that follow one another. */
function linesOf(texts: string[], room: number): number {
  let [lines, used] = [1, 0];
  for (const text of texts) {
    const width = Math.min(room, textLeft(0) + textWidth(text, FONT_SIZE) + COLUMN_GAP);
    if (used > 0 && used + width > room) [lines, used] = [lines + 1, 0];
    used += width;
  }
  return lines;
}

function listBox(table: LegendTable, view: View, theme: Theme): LegendBox {
  const texts = new Map(flattened(table).rows.map(({ name, cells }) => [name, [name, ...cells].join('  ')]));
  const room = view.widthPixels - 2 * MARGIN;
  const height = linesOf([...texts.values()], room) * ROW;
  // So many are read more easily one below the other, and can be paged through.
  if (height > view.heightPixels * MAX_SHARE) return tableBox(flattened(table), view, theme, false);
  const legend: EChartsOption['legend'] = {
    left: MARGIN,
    top: view.heightPixels - height - MARGIN / 2,
    width: room,
    padding: 0,
    itemGap: 0,
    itemWidth: ICON,
    itemHeight: 4,
    icon: 'roundRect',
    itemStyle: { borderWidth: 0 },
    data: [...texts.keys()],
    formatter: (name: string) => shorten(texts.get(name) ?? name, room - textLeft(0) - COLUMN_GAP, FONT_SIZE),
    inactiveColor: theme.grid,
    textStyle: { color: theme.text, fontSize: FONT_SIZE, lineHeight: ROW, padding: [0, COLUMN_GAP, 0, 0] },
  };
  return { bottom: height + MARGIN, right: 0, option: { legend } };
}

/** Places a legend below or beside the plot; beside it only where both have room. */
export function legendBox(table: LegendTable | undefined, view: View, theme: Theme): LegendBox {
  if (!table || table.rows.length === 0) return NONE;
  const isRight = table.isRight && view.widthPixels >= 420;
  if (table.isTable) return tableBox(table, view, theme, isRight);
  return isRight ? tableBox(flattened(table), view, theme, true) : listBox(table, view, theme);
}

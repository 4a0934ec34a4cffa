import type { EChartsOption } from 'echarts';

export const ROW = 20;
export const ICON = 14;
export const GAP = 6;
export const COLUMN_GAP = 18;
export const MARGIN = 8;
/** A legend takes no more of the height than this; the rest of a longer one is on further pages. */
export const MAX_SHARE = 0.42;

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

export const textLeft = (left: number) => left + ICON + GAP;

/** A table's rows as single texts, for a legend that stands in lines. */
export function flattened(table: LegendTable): LegendTable {
  const rows = table.rows.map(({ name, cells }) => ({
    name,
    cells: cells.map((cell, index) => `${table.columns[index]}: ${cell}`),
  }));
  return { ...table, columns: [], rows };
}

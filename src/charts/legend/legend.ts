/**
 * Legends.
 *
 * In: series and their reductions.
 * Out: a legend as list or table.
 * Must not know: types of panels.
 *
 * @module
 */

import type { LegendOptions, View } from '../dashboard/types.js';
import type { Field } from '../fields/field.js';
import { calcLabel, reduce } from '../fields/reduce.js';
import { formatValue } from '../fields/units.js';
import type { Theme } from '../style/theme.js';
import { flattened, type LegendBox, type LegendTable } from './legend-layout.js';
import { listBox } from './legend-list.js';
import { tableBox } from './legend-table.js';

const NONE: LegendBox = { bottom: 0, right: 0, option: {} };
/** A narrower panel has no room for a legend beside the plot. */
const LEAST_FOR_RIGHT = 420;

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

/** Places a legend below or beside the plot; beside it only where both have room. */
export function legendBox(table: LegendTable | undefined, view: View, theme: Theme): LegendBox {
  if (!table || table.rows.length === 0) return NONE;
  // Still there to choose which curves are drawn.
  if (view.legend === 'outside') return { ...NONE, option: { legend: { show: false } } };
  const isRight = table.isRight && view.widthPixels >= LEAST_FOR_RIGHT;
  if (table.isTable) return tableBox(table, view, theme, isRight);
  return isRight ? tableBox(flattened(table), view, theme, true) : listBox(table, view, theme);
}

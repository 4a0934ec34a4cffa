import type { Panel, Series, ThemeName } from '../dashboard/types.js';
import { distinct } from '../fields/distinct-names.js';
import { curveColour, fieldsOf } from '../fields/field.js';
import { reduce } from '../fields/reduce.js';
import { valuesOf } from '../fields/values.js';
import { curveLegend } from '../legend/legend.js';
import type { LegendTable } from '../legend/legend-layout.js';
import { themeOf } from '../style/theme.js';
import { legendOf, slicesOf } from './pie.js';

export interface LegendEntry {
  /** As in the picture: hiding this name hides the curve. */
  name: string;
  colour: string;
  /** One for each column. */
  cells: string[];
}

/** A legend for whoever writes it beside the picture. */
export interface PanelLegend {
  /** What the cells are, such as `Mean` and `Last *`. */
  columns: string[];
  entries: LegendEntry[];
  /** Whether the panel asks for a table, and for a place at the right. */
  isTable: boolean;
  isRight: boolean;
}

function withColours(table: LegendTable | undefined, colours: string[]): PanelLegend | undefined {
  if (!table) return undefined;
  const { columns, rows, isTable, isRight } = table;
  const entries = rows.map(({ name, cells }, index) => ({ name, cells, colour: colours[index] ?? 'transparent' }));
  return { columns, entries, isTable, isRight };
}

/** The legend of a panel's picture; undefined where it has none. */
export function panelLegend(panel: Panel, series: Series[], themeName: ThemeName): PanelLegend | undefined {
  const theme = themeOf(themeName);
  if (panel.type === 'piechart') {
    const slices = slicesOf(valuesOf(panel, series, theme), theme);
    return withColours(
      legendOf(panel, slices),
      slices.map(({ colour }) => colour),
    );
  }
  if (panel.type !== 'timeseries') return undefined;
  const fields = distinct(fieldsOf(panel, series)).filter(({ custom }) => !custom.hideFrom?.legend);
  const colours = fields.map((field) => curveColour(field, reduce(field.series, 'lastNotNull'), theme));
  return withColours(curveLegend(panel.options?.legend, fields), colours);
}

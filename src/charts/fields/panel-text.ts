import type { Panel, PanelText, Series } from '../dashboard/types.js';
import { type Field, fieldsOf, thresholdSteps } from './field.js';
import { calcLabel, hasData, reduce } from './reduce.js';
import { formatExactly, formatValue } from './units.js';
import { noValue } from './values.js';

const DRAWN_AS_CURVES = ['timeseries', 'heatmap', 'barchart'];

/** The calculations that are shown: those of the legend, or of the one value. */
function calcsOf({ type, options }: Panel): string[] {
  const calcs = DRAWN_AS_CURVES.includes(type) ? options?.legend?.calcs : options?.reduceOptions?.calcs;
  return calcs?.length ? calcs : ['lastNotNull'];
}

/** What the calculation is called outside of a legend. */
const plainLabel = (calc: string) => calcLabel(calc).replace(' *', '');

function cell(field: Field, calc: string, panel: Panel): string {
  const value = reduce(field.series, calc);
  return value === null ? noValue(panel) : formatValue(value, field.config.unit, field.config.decimals);
}

function shares(fields: Field[], calc: string): string[] {
  const values = fields.map(({ series }) => reduce(series, calc) ?? 0);
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => formatValue(total === 0 ? 0 : Math.round((value / total) * 100), 'percent', 0));
}

const thresholdsText = ({ config }: Field) =>
  thresholdSteps(config)
    .filter(({ value }) => value !== -Infinity)
    .map(({ value, color }) => `${color} from ${formatExactly(value, config.unit, config.decimals)}`)
    .join(', ');

function summaryOf(panel: Panel, fields: Field[], calcs: string[]): string {
  const title = panel.title ?? 'Panel';
  const calc = calcs.includes('lastNotNull') ? 'lastNotNull' : (calcs[0] as string);
  const values = fields.slice(0, 8).map((field) => `${field.name} ${cell(field, calc, panel)}`);
  const more = fields.length > 8 ? ` and ${fields.length - 8} more` : '';
  const limits = fields[0] ? thresholdsText(fields[0]) : '';
  const label = plainLabel(calc).toLowerCase();
  return `${title}: ${label} ${values.join(', ')}${more}${limits && `; threshold: ${limits}`}.`;
}

/** The text equivalent of a panel's picture. */
export function panelText(panel: Panel, series: Series[]): PanelText {
  const calcs = calcsOf(panel);
  const isPie = panel.type === 'piechart';
  const columns = ['Name', ...calcs.map(plainLabel), ...(isPie ? ['Percent'] : [])];
  if (!hasData(series)) return { summary: `${panel.title ?? 'Panel'}: ${noValue(panel)}.`, columns, rows: [] };
  const fields = fieldsOf(panel, series);
  const percent = isPie ? shares(fields, calcs[0] as string) : [];
  const rows = fields.map((field, index) => [
    field.name,
    ...calcs.map((calc) => cell(field, calc, panel)),
    ...(isPie ? [percent[index] ?? ''] : []),
  ]);
  return { summary: summaryOf(panel, fields, calcs), columns, rows };
}

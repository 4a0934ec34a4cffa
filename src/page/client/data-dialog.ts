import { type Panel, panelText } from '../../charts/index.js';
import { type PointTable, pointTable, toCsv } from '../model/point-table.js';
import { formatMoment } from '../model/time-range.js';
import { showDialog } from './dialog.js';
import { h } from './dom.js';
import type { PanelData } from './panel-data.js';

const MAX_ROWS = 500;

function table(columns: string[], rows: string[][]): HTMLTableElement {
  const head = columns.map((column) => h('th', { scope: 'col' }, column));
  const body = rows.map((cells) =>
    h('tr', {}, ...cells.map((text, index) => h('td', { class: index > 0 && 'number' }, text))),
  );
  return h('table', { class: 'data' }, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...body));
}

const plain = (value: number | null) => (value === null ? '' : String(Number(value.toPrecision(6))));

/** Points as they came from Prometheus, in base units. */
function pointsOf({ columns, rows }: PointTable): HTMLElement {
  const shown = rows.slice(0, MAX_ROWS).map(({ ms, values }) => [formatMoment(ms), ...values.map(plain)]);
  const more = rows.length > MAX_ROWS ? `, the newest ${MAX_ROWS}; the file has all` : '';
  return h(
    'details',
    {},
    h('summary', {}, `${rows.length} points in base units${more}`),
    table(['Time', ...columns], shown),
  );
}

function download(name: string, text: string): void {
  const href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  h('a', { href, download: `${name.replace(/[^\w-]+/g, '-')}.csv` }).click();
  URL.revokeObjectURL(href);
}

/** The panel's data as tables: what its picture says in short, and every point. */
export function showData(panel: Panel, { series }: PanelData): void {
  const { summary, columns, rows } = panelText(panel, series);
  const title = panel.title ?? 'Data';
  const points = pointTable(series);
  const save = h('button', { type: 'button', click: () => download(title, toCsv(points)) }, 'Download as CSV');
  showDialog(title, h('p', {}, summary), table(columns, rows), h('p', { class: 'actions' }, save), pointsOf(points));
}

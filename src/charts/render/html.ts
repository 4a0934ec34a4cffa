import { COLUMNS, drawnPanels, GAP, panelSize } from '../dashboard/grid.js';
import type { Dashboard, Panel, PanelText, Series, ThemeName, TimeRange, View } from '../dashboard/types.js';
import { panelText } from '../fields/panel-text.js';
import { escapeHtml } from '../style/label.js';
import { renderPanel } from './svg.js';

/** So few rows are shown at once; more open on a click. */
const SHORT = 4;

const CELL = 'text-align:left;padding:2px 14px 2px 0;border-bottom:1px solid #8884';

function tableHtml({ columns, rows }: PanelText): string {
  const head = columns.map((column) => `<th scope="col" style="${CELL};font-weight:600">${escapeHtml(column)}</th>`);
  const body = rows.map(
    (row) => `<tr>${row.map((text) => `<td style="${CELL}">${escapeHtml(text)}</td>`).join('')}</tr>`,
  );
  return `<table style="border-collapse:collapse;margin:4px 0;font-size:12px"><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

/** The numbers beneath a picture, for those who cannot see it and those who want to copy them. */
function detailsHtml(text: PanelText, isOpen: boolean): string {
  if (text.rows.length === 0) return '';
  return `<details${isOpen ? ' open' : ''}><summary style="cursor:pointer;font-size:12px">The numbers</summary>${tableHtml(text)}</details>`;
}

// Notebooks drop SVG that stands in the HTML itself; an image they show everywhere, also in an exported file.
const imageHtml = (svg: string, alt: string, { widthPixels, heightPixels }: View) =>
  `<img alt="${escapeHtml(alt)}" width="${widthPixels}" height="${heightPixels}" style="max-width:100%;height:auto;display:block;margin:0" ` +
  `src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}">`;

/** A picture with its alternative text and, beneath it, its numbers as a table. */
export function figureHtml(svg: string, text: PanelText, view: View, isOpen = text.rows.length <= SHORT): string {
  return `<figure style="margin:0">${imageHtml(svg, text.summary, view)}${detailsHtml(text, isOpen)}</figure>`;
}

/** A panel as notebooks show it: an image, its alternative text, its numbers. */
export const panelHtml = (panel: Panel, series: Series[], view: View, isOpen?: boolean): string =>
  figureHtml(renderPanel(panel, series, view), panelText(panel, series), view, isOpen);

export interface DashboardView {
  widthPixels: number;
  theme: ThemeName;
  range: TimeRange;
}

/** All panels of a dashboard in Grafana's layout, as one piece of HTML. `read` asks for a panel's series. */
export async function renderDashboard(
  dashboard: Dashboard,
  read: (panel: Panel, widthPixels: number) => Promise<Series[]>,
  { widthPixels, theme, range }: DashboardView,
): Promise<string> {
  const panels = drawnPanels(dashboard);
  const lines = [...new Set(panels.map(({ gridPos }) => gridPos?.y ?? 0))].sort((one, other) => one - other);
  const cells = panels.map(async (panel) => {
    const size = panelSize(panel, widthPixels);
    const html = panelHtml(panel, await read(panel, size.widthPixels), { ...size, theme, range }, false);
    const { x, y, w } = panel.gridPos ?? { x: 0, y: 0, w: 12 };
    return `<div style="grid-column:${x + 1}/span ${w};grid-row:${lines.indexOf(y) + 1};min-width:0">${html}</div>`;
  });
  const grid = `display:grid;grid-template-columns:repeat(${COLUMNS},minmax(0,1fr));gap:${GAP}px;max-width:${widthPixels}px`;
  return `<div role="group" aria-label="${escapeHtml(dashboard.title ?? 'Dashboard')}" style="${grid}">${(await Promise.all(cells)).join('')}</div>`;
}

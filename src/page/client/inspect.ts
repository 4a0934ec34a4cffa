import { type Panel, panelText } from '../../charts/index.js';
import { showDialog } from './dialog.js';
import { h } from './dom.js';
import type { PanelData } from './panel-data.js';

/** The panel's data as a table. */
export function showTable(panel: Panel, { series }: PanelData): void {
  const { summary, columns, rows } = panelText(panel, series);
  const head = h('tr', {}, ...columns.map((column) => h('th', { scope: 'col' }, column)));
  const body = rows.map((cells) =>
    h('tr', {}, ...cells.map((cell, index) => h('td', { class: index > 0 && 'number' }, cell))),
  );
  showDialog(
    panel.title ?? 'Data',
    h('p', {}, summary),
    h('table', { class: 'data' }, h('thead', {}, head), h('tbody', {}, ...body)),
  );
}

function copyButton(text: string): HTMLButtonElement {
  const copy = async () => {
    const copied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    button.textContent = copied ? 'Copied' : 'Could not copy: select the text instead';
  };
  const button = h('button', { type: 'button', click: () => void copy() }, 'Copy');
  return button;
}

/** Address of Prometheus' own page with a query in the same range. */
function linkToPrometheus(prometheusUrl: string, { parameters, path }: PanelData['requests'][number]): string {
  const { query = '', start, end, step, time } = parameters;
  const isGraph = path === 'query_range';
  const moment = new Date(Number(end ?? time) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const search = new URLSearchParams({
    'g0.expr': query,
    'g0.tab': isGraph ? '0' : '1',
    ...(isGraph
      ? { 'g0.range_input': `${Number(end) - Number(start)}s`, 'g0.end_input': moment, 'g0.step_input': step ?? '' }
      : { 'g0.moment_input': moment }),
  });
  return `${prometheusUrl}/graph?${search}`;
}

/** The panel's queries as they were sent, with a way to Prometheus' own page. */
export function showQueries(panel: Panel, data: PanelData, prometheusUrl: string): void {
  const parts = data.requests.map((request) => {
    const { query = '', step } = request.parameters;
    const count = data.series.filter(({ refId }) => refId === request.refId).length;
    const kind = step ? `range query, a value every ${step} s` : 'instant query';
    const href = linkToPrometheus(prometheusUrl, request);
    return h(
      'section',
      { class: 'query' },
      h('h3', {}, `Query ${request.refId}`),
      h('pre', { tabindex: 0 }, query),
      h('p', { class: 'hint' }, `${kind}; ${count} series`),
      h(
        'p',
        { class: 'actions' },
        copyButton(query),
        h('a', { href, target: '_blank', rel: 'noreferrer' }, 'Open in Prometheus'),
      ),
    );
  });
  const took = h('p', { class: 'hint' }, `Answered in ${Math.round(data.durationMs)} ms.`);
  showDialog(`Queries of ${panel.title ?? 'the panel'}`, ...parts, took);
}

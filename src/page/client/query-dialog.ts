import type { Panel, PanelRequest } from '../../charts/index.js';
import { showDialog } from './dialog.js';
import { h } from './dom.js';
import type { PanelData } from './panel-data.js';

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
function linkToPrometheus(prometheusUrl: string, { parameters, path }: PanelRequest): string {
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

function querySection(request: PanelRequest, count: number | undefined, href: string): HTMLElement {
  const { query = '', step } = request.parameters;
  const kind = step ? `range query, a value every ${step} s` : 'instant query';
  const link = h('a', { href, target: '_blank', rel: 'noreferrer' }, 'Open in Prometheus');
  return h(
    'section',
    { class: 'query' },
    h('h3', {}, `Query ${request.refId}`),
    h('pre', { tabindex: 0 }, query),
    h('p', { class: 'hint' }, count === undefined ? kind : `${kind}; ${count} series`),
    h('p', { class: 'actions' }, copyButton(query), link),
  );
}

/** The panel's queries as they were sent, with a way to Prometheus' own page; also where they have no answer. */
export function showQueries(
  panel: Panel,
  requests: PanelRequest[],
  data: PanelData | undefined,
  prometheusUrl: string,
): void {
  const sections = requests.map((request) => {
    const count = data?.series.filter(({ refId }) => refId === request.refId).length;
    return querySection(request, count, linkToPrometheus(prometheusUrl, request));
  });
  const took = data && h('p', { class: 'hint took' }, `Answered in ${Math.round(data.durationMs)} ms.`);
  showDialog(`Queries of ${panel.title ?? 'the panel'}`, ...sections, took ?? '');
}

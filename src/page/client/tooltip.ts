import { formatValue, type Panel } from '../../charts/index.js';
import { formatMoment } from '../model/time-range.js';
import { h } from './dom.js';

/** What ECharts tells of a point under the pointer. */
export interface PointUnderPointer {
  seriesName?: string;
  name?: string;
  value?: unknown;
  color?: unknown;
  percent?: number;
}

const MAX_ROWS = 20;

const valueOf = ({ value }: PointUnderPointer): number | null => {
  const one = Array.isArray(value) ? value[1] : value;
  return typeof one === 'number' ? one : null;
};

const swatch = (colour: unknown) => {
  const element = h('span', { class: 'swatch' });
  if (typeof colour === 'string') element.style.backgroundColor = colour;
  return element;
};

function sorted(points: PointUnderPointer[], order: string | undefined): PointUnderPointer[] {
  const sign = { asc: 1, desc: -1 }[order ?? ''];
  if (!sign) return points;
  return [...points].sort((a, b) => sign * ((valueOf(a) ?? -Infinity) - (valueOf(b) ?? -Infinity)));
}

/** The tooltip as nodes: a name or value that looks like markup stays text. */
export function tooltipContent(panel: Panel, points: PointUnderPointer[]): HTMLElement {
  const [first] = points;
  const moment = Array.isArray(first?.value) ? formatMoment(Number(first.value[0])) : undefined;
  const rows = sorted(points, panel.options?.tooltip?.sort).map((point) => {
    const name = (moment ? point.seriesName : point.name || point.seriesName) ?? '';
    const percent = point.percent === undefined ? '' : ` (${point.percent} %)`;
    return h(
      'tr',
      {},
      h('td', {}, swatch(point.color), name),
      h('td', { class: 'number' }, formatValue(panel, name, valueOf(point)) + percent),
    );
  });
  const more = rows.length > MAX_ROWS && h('p', {}, `and ${rows.length - MAX_ROWS} more`);
  return h(
    'div',
    { class: 'tooltip' },
    moment !== undefined && h('p', { class: 'moment' }, moment),
    h('table', {}, h('tbody', {}, ...rows.slice(0, MAX_ROWS))),
    more,
  );
}

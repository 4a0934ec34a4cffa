import { type Panel, type Series, formatValue } from '../../charts/index.js';
import { formatMoment } from '../model/time-range.js';
import type { Chart } from './chart.js';
import type { PanelFrame } from './panel-frame.js';

const momentsOf = (series: Series[]) =>
  [...new Set(series.flatMap(({ points }) => points.map(([seconds]) => seconds)))].sort((a, b) => a - b);

function spokenAt(panel: Panel, series: Series[], seconds: number): string {
  const values = series.map(({ name, points }) => {
    const value = points.find(([at]) => at === seconds)?.[1] ?? null;
    return `${name} ${formatValue(panel, name, value)}`;
  });
  return `${formatMoment(seconds * 1000)}: ${values.join(', ')}`;
}

/** Lets the arrow keys walk through the points of a graph, Home and End to its ends, and speaks the values. */
export function listenForArrows(frame: PanelFrame, chart: Chart, panel: Panel, series: () => Series[]): void {
  if (panel.type !== 'timeseries') return;
  let index: number | undefined;
  frame.chart.addEventListener('keydown', (event) => {
    const moments = momentsOf(series());
    const last = moments.length - 1;
    const current = index ?? last + 1;
    const next = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: last }[event.key];
    if (next === undefined || last < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    index = Math.min(Math.max(next, 0), last);
    const seconds = moments[index] ?? 0;
    chart.mark(seconds * 1000, true);
    frame.spoken.textContent = spokenAt(panel, series(), seconds);
  });
  frame.chart.addEventListener('blur', () => {
    index = undefined;
    chart.mark(undefined, false);
  });
}

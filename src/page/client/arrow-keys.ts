import type { Series } from '../../charts/index.js';
import type { Chart } from './chart.js';
import type { PanelFrame } from './panel-frame.js';

const momentsOf = (series: Series[]) =>
  [...new Set(series.flatMap(({ points }) => points.map(([seconds]) => seconds)))].sort((a, b) => a - b);

/** Lets the arrow keys walk through the points of a graph, Home and End to its ends; the values are spoken. */
export function listenForArrows(frame: PanelFrame, chart: Chart, series: () => Series[]): void {
  let index: number | undefined;
  frame.chart.addEventListener('keydown', (event) => {
    const moments = momentsOf(series());
    const last = moments.length - 1;
    const current = index ?? last + 1;
    const next = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: last }[event.key];
    if (next === undefined || last < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    index = Math.min(Math.max(next, 0), last);
    frame.spoken.textContent = chart.mark((moments[index] ?? 0) * 1000, true);
  });
  frame.chart.addEventListener('blur', () => {
    index = undefined;
    chart.mark(undefined, false);
  });
}

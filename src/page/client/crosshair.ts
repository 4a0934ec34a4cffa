import type { Chart } from './chart.js';

/** Shows the moment under the pointer in all charts, as far as the dashboard asks for it. */
export interface Crosshair {
  add(chart: Chart): void;
  move(from: Chart, ms: number | undefined): void;
}

/** Grafana's `graphTooltip`: 0 each for itself, 1 the line everywhere, 2 the values too. */
export function createCrosshair(shared: number): Crosshair {
  const charts: Chart[] = [];
  return {
    add: (chart) => charts.push(chart),
    move(from, ms) {
      if (shared === 0) return;
      for (const chart of charts) if (chart !== from) chart.mark(ms, shared === 2);
    },
  };
}

import { type Panel, panelLegend, panelOption, panelText, type TimeRange } from '../../charts/index.js';
import { absoluteRange } from '../model/time-range.js';
import { listenForArrows } from './arrow-keys.js';
import { type Chart, createChart } from './chart.js';
import type { Crosshair } from './crosshair.js';
import { drawLegend } from './legend.js';
import type { PanelData } from './panel-data.js';
import type { PanelFrame } from './panel-frame.js';
import type { Store } from './store.js';
import { seenTheme } from './theme.js';

/** The chart and the legend of a panel. */
export interface PanelDrawing {
  /** Draws, unless all is drawn already; without arguments what was drawn last, in another size or theme. */
  draw(data?: PanelData, range?: TimeRange): void;
}

export function createDrawing(panel: Panel, frame: PanelFrame, store: Store, crosshair: Crosshair): PanelDrawing {
  let shown: { data: PanelData; range: TimeRange } | undefined;
  let hidden = new Set<string>();
  let drawnKey = '';
  const chart: Chart = createChart(frame.canvas, {
    onMoment: (ms) => crosshair.move(chart, ms),
    onZoom: (fromMs, toMs) => store.set({ range: absoluteRange(fromMs, toMs) }, { step: true }),
  });
  crosshair.add(chart);
  if (panel.type === 'timeseries') listenForArrows(frame, chart, () => shown?.data.series ?? []);

  function writeLegend({ series }: PanelData): void {
    const legend = panelLegend(panel, series, seenTheme(store.get().theme));
    if (!legend) return;
    drawLegend(frame.legend, legend, hidden, (next) => {
      hidden = next;
      draw();
    });
  }

  function drawChart({ series }: PanelData, range: TimeRange): void {
    chart.fit();
    const { clientWidth: widthPixels, clientHeight: heightPixels } = frame.chart;
    const theme = seenTheme(store.get().theme);
    chart.draw(panelOption(panel, series, { widthPixels, heightPixels, theme, range, legend: 'outside' }), hidden);
    frame.chart.setAttribute('aria-label', panelText(panel, series).summary);
  }

  function draw(data = shown?.data, range = shown?.range): void {
    if (!data || !range) return;
    shown = { data, range };
    const { clientWidth, clientHeight } = frame.body;
    if (clientWidth === 0 || clientHeight === 0) return;
    const key = [data.key, clientWidth, clientHeight, seenTheme(store.get().theme), ...hidden].join('\n');
    if (key === drawnKey) return;
    drawnKey = key;
    writeLegend(data);
    drawChart(data, range);
  }
  return { draw };
}

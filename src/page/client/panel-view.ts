import { notDrawn, type Panel, panelLegend, panelOption, panelText, type QueryScope } from '../../charts/index.js';
import { type ActiveAlert, concerns } from '../model/alerts.js';
import { absoluteRange } from '../model/time-range.js';
import { drawAlerts, type ShownAlert } from './alerts-view.js';
import { ApiError } from './api.js';
import { listenForArrows } from './arrow-keys.js';
import { type Chart, createChart } from './chart.js';
import type { Crosshair } from './crosshair.js';
import { showQueries, showTable } from './inspect.js';
import { drawLegend } from './legend.js';
import { hasValues, loadPanelData, type PanelData } from './panel-data.js';
import { panelFrame } from './panel-frame.js';
import type { Store } from './store.js';
import { seenTheme } from './theme.js';

/** What the panels of a page share. */
export interface PanelContext {
  store: Store;
  prometheusUrl: string;
  crosshair: Crosshair;
}

/** A panel of the page. */
export interface PanelView {
  readonly panel: Panel;
  readonly element: HTMLElement;
  /** Width of the drawing, in CSS pixels. */
  width(): number;
  /** Loads and draws; says itself what is wrong with its queries. @throws {ApiError} where nothing answers */
  load(scope: QueryScope, signal: AbortSignal): Promise<void>;
  showAlerts(alerts: ShownAlert[]): void;
  /** Draws what is known again, in another size or theme. */
  redraw(): void;
}

const exprsOf = ({ targets = [] }: Panel) => targets.map(({ expr = '' }) => expr);

export function createPanelView(panel: Panel, { store, prometheusUrl, crosshair }: PanelContext): PanelView {
  let data: PanelData | undefined;
  let range: QueryScope['range'] | undefined;
  let hidden = new Set<string>();
  let drawn = '';
  const isViewed = () => store.get().viewPanel === panel.id;
  const frame = panelFrame(panel, [
    {
      label: () => (isViewed() ? 'Back to the dashboard' : 'View full screen'),
      run: () => store.set({ viewPanel: isViewed() ? undefined : panel.id }, { step: true }),
      isEnabled: () => true,
    },
    { label: () => 'Show as table', run: () => data && showTable(panel, data), isEnabled: () => data !== undefined },
    {
      label: () => 'Inspect queries',
      run: () => data && showQueries(panel, data, prometheusUrl),
      isEnabled: () => data !== undefined,
    },
  ]);
  const { element } = frame;
  const chart: Chart = createChart(frame.chart, {
    onMoment: (ms) => crosshair.move(chart, ms),
    onZoom: (fromMs, toMs) => store.set({ range: absoluteRange(fromMs, toMs) }, { step: true }),
  });
  crosshair.add(chart);
  if (panel.type === 'timeseries') listenForArrows(frame, chart, () => data?.series ?? []);

  function become(state: 'loading' | 'drawn' | 'no-data' | 'error', message = ''): void {
    element.dataset.state = state;
    frame.message.textContent = message;
    frame.message.setAttribute('role', state === 'error' ? 'alert' : 'status');
  }

  function draw(): void {
    if (!data || !range) return;
    const { clientWidth: widthPixels, clientHeight: heightPixels } = frame.chart;
    const theme = seenTheme(store.get().theme);
    const key = [data.key, widthPixels, heightPixels, theme, ...hidden].join('\n');
    if (key === drawn || widthPixels === 0 || heightPixels === 0) return;
    drawn = key;
    chart.draw(panelOption(panel, data.series, { widthPixels, heightPixels, theme, range, legend: 'outside' }), hidden);
    frame.chart.setAttribute('aria-label', panelText(panel, data.series).summary);
  }

  function drawLegendOf({ series }: PanelData): void {
    const legend = panelLegend(panel, series, seenTheme(store.get().theme));
    if (!legend) return;
    drawLegend(frame.legend, legend, hidden, (next) => {
      hidden = next;
      drawAll();
    });
  }

  function drawAll(): void {
    if (!data) return;
    if (!hasValues(data)) return become('no-data', panel.fieldConfig?.defaults?.noValue ?? 'No data');
    become('drawn');
    drawLegendOf(data);
    chart.resize();
    draw();
  }

  return {
    panel,
    element,
    width: () => frame.chart.clientWidth,
    redraw: drawAll,
    showAlerts: (alerts) =>
      drawAlerts(
        frame.alerts,
        alerts.filter((alert: ActiveAlert) => concerns(alert, exprsOf(panel), store.get().variables)),
      ),
    async load(scope, signal) {
      element.classList.add('busy');
      try {
        data = await loadPanelData(panel, scope, signal);
        range = scope.range;
        frame.note.textContent = [...notDrawn(panel).map((what) => `Not drawn here: ${what}`), ...data.warnings].join(
          '; ',
        );
        drawAll();
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ApiError && error.problem !== 'query') throw error;
        become('error', error instanceof Error ? error.message : String(error));
      } finally {
        if (!signal.aborted) element.classList.remove('busy');
      }
    },
  };
}

import { notDrawn, type Panel, type QueryScope } from '../../charts/index.js';
import { concerns } from '../model/alerts.js';
import { countText, drawAlerts, type ShownAlert } from './alerts-view.js';
import { ApiError } from './api.js';
import type { Crosshair } from './crosshair.js';
import { showQueries, showTable } from './inspect.js';
import { hasValues, loadPanelData, type PanelData } from './panel-data.js';
import { createDrawing } from './panel-drawing.js';
import { type MenuEntry, panelFrame } from './panel-frame.js';
import type { Store } from './store.js';

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

function menuEntries(panel: Panel, { store, prometheusUrl }: PanelContext, data: () => PanelData | undefined) {
  const isViewed = () => store.get().viewPanel === panel.id;
  const withData = (label: string, show: (known: PanelData) => void): MenuEntry => ({
    label: () => label,
    run: () => {
      const known = data();
      if (known) show(known);
    },
    isEnabled: () => data() !== undefined,
  });
  const view: MenuEntry = {
    label: () => (isViewed() ? 'Back to the dashboard' : 'View full screen'),
    run: () => store.set({ viewPanel: isViewed() ? undefined : panel.id }, { step: true }),
    isEnabled: () => true,
  };
  return [
    view,
    withData('Show as table', (known) => showTable(panel, known)),
    withData('Inspect queries', (known) => showQueries(panel, known, prometheusUrl)),
  ];
}

export function createPanelView(panel: Panel, context: PanelContext): PanelView {
  const { store, crosshair } = context;
  let data: PanelData | undefined;
  const frame = panelFrame(
    panel,
    menuEntries(panel, context, () => data),
  );
  const { element } = frame;
  const drawing = createDrawing(panel, frame, store, crosshair);
  const notes = notDrawn(panel).map((what) => `Not drawn here: ${what}`);

  function become(state: 'drawn' | 'no-data' | 'error', message = ''): void {
    element.dataset.state = state;
    frame.message.textContent = message;
    frame.message.setAttribute('role', state === 'error' ? 'alert' : 'status');
  }

  function show(next: PanelData, range: QueryScope['range']): void {
    data = next;
    frame.note.textContent = [...notes, ...next.warnings].join('; ');
    if (hasValues(next)) become('drawn');
    else become('no-data', panel.fieldConfig?.defaults?.noValue || 'No data');
    drawing.draw(next, range);
  }

  async function load(scope: QueryScope, signal: AbortSignal): Promise<void> {
    element.classList.add('busy');
    try {
      show(await loadPanelData(panel, scope, signal), scope.range);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.problem !== 'query') throw error;
      become('error', error instanceof Error ? error.message : String(error));
    } finally {
      if (!signal.aborted) element.classList.remove('busy');
    }
  }

  return {
    panel,
    element,
    load,
    width: () => Math.max(1, frame.chart.clientWidth),
    redraw: () => drawing.draw(),
    showAlerts(alerts) {
      const exprs = (panel.targets ?? []).map(({ expr = '' }) => expr);
      const own = alerts.filter((alert) => concerns(alert, exprs, store.get().variables));
      drawAlerts(frame.alerts, own, own.length === 1 ? (own[0]?.state ?? '') : countText(own));
    },
  };
}

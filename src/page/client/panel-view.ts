import { notDrawn, type Panel, type PanelRequest, panelRequests, type QueryScope } from '../../charts/index.js';
import { concerns } from '../model/alerts.js';
import { countText, drawAlerts, type ShownAlert } from './alerts-view.js';
import { UnreachableError } from './api.js';
import type { Crosshair } from './crosshair.js';
import { showData } from './data-dialog.js';
import { hasValues, loadPanelData, type PanelData } from './panel-data.js';
import { createDrawing } from './panel-drawing.js';
import { type MenuEntry, panelFrame } from './panel-frame.js';
import { showQueries } from './query-dialog.js';
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
  /** Loads and draws; says itself what is wrong with its queries. @throws {UnreachableError} where nothing answers */
  load(scope: QueryScope, signal: AbortSignal): Promise<void>;
  showAlerts(alerts: ShownAlert[]): void;
  /** Draws what is known again, in another size or theme. */
  redraw(): void;
}

/** What a panel has loaded last. */
interface Loaded {
  requests: PanelRequest[];
  /** Undefined where there is no answer. */
  data: PanelData | undefined;
}

function menuEntries(panel: Panel, { store, prometheusUrl }: PanelContext, loaded: Loaded): MenuEntry[] {
  const isViewed = () => store.get().viewPanel === panel.id;
  return [
    {
      label: () => (isViewed() ? 'Back to the dashboard' : 'View full screen'),
      run: () => store.set({ viewPanel: isViewed() ? undefined : panel.id }, { step: true }),
      isEnabled: () => true,
    },
    {
      label: () => 'Show as table',
      run: () => loaded.data && showData(panel, loaded.data),
      isEnabled: () => loaded.data !== undefined,
    },
    {
      label: () => 'Inspect queries',
      run: () => showQueries(panel, loaded.requests, loaded.data, prometheusUrl),
      isEnabled: () => loaded.requests.length > 0,
    },
  ];
}

export function createPanelView(panel: Panel, context: PanelContext): PanelView {
  const { store, crosshair } = context;
  const loaded: Loaded = { requests: [], data: undefined };
  const frame = panelFrame(panel, menuEntries(panel, context, loaded));
  const { element } = frame;
  const drawing = createDrawing(panel, frame, store, crosshair);
  const notes = notDrawn(panel).map((what) => `Not drawn here: ${what}`);

  function become(state: 'drawn' | 'no-data' | 'error', message = ''): void {
    element.dataset.state = state;
    frame.message.textContent = message;
    frame.message.setAttribute('role', state === 'error' ? 'alert' : 'status');
  }

  function show(next: PanelData, range: QueryScope['range']): void {
    loaded.data = next;
    frame.note.textContent = [...notes, ...next.warnings].join('; ');
    if (hasValues(next)) become('drawn');
    else become('no-data', panel.fieldConfig?.defaults?.noValue || 'No data');
    drawing.draw(next, range);
  }

  async function load(scope: QueryScope, signal: AbortSignal): Promise<void> {
    element.classList.add('busy');
    const requests = panelRequests(panel, scope);
    loaded.requests = requests;
    try {
      show(await loadPanelData(panel, requests, signal), scope.range);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof UnreachableError) throw error;
      loaded.data = undefined;
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

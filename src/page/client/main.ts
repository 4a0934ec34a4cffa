import type { Dashboard } from '../../charts/index.js';
import type { PageState } from '../model/page-state.js';
import { parseRefresh } from '../model/page-state.js';
import { shiftRange, zoomOut } from '../model/time-range.js';
import { defaultValues } from '../model/variables.js';
import { countText, drawAlerts, type ShownAlert } from './alerts-view.js';
import { getText } from './api.js';
import { createBanner } from './banner.js';
import { createCrosshair } from './crosshair.js';
import { h } from './dom.js';
import { listenForShortcuts, type Shortcut, showShortcuts } from './keyboard.js';
import { createLoader } from './load-page.js';
import { pageHeader } from './page-header.js';
import { panelGrid } from './panel-grid.js';
import { createRefresher } from './refresher.js';
import { createStore, type Store } from './store.js';
import { followTheme } from './theme.js';
import { isChosen, variablesBar } from './variables-bar.js';

export interface Settings {
  prometheusUrl: string;
  alertmanagerUrl: string | null;
}

export type PageDashboard = Dashboard & { graphTooltip?: number };

function defaultsOf({ time, refresh, templating }: PageDashboard): PageState {
  const chosen = (templating?.list ?? []).filter(isChosen).map((variable) => [variable.name, defaultValues(variable)]);
  return {
    range: time ?? { from: 'now-1h', to: 'now' },
    refreshSeconds: parseRefresh(refresh),
    theme: 'system',
    variables: Object.fromEntries(chosen),
    viewPanel: undefined,
  };
}

function shortcutsFor(store: Store, refresh: () => void, help: () => void): Shortcut[] {
  const change = (next: typeof zoomOut) => store.set({ range: next(store.get().range, Date.now()) }, { step: true });
  const focusedPanel = () => Number(document.activeElement?.closest('.panel')?.id.replace('panel-', '')) || undefined;
  const leave = () => store.get().viewPanel !== undefined && store.set({ viewPanel: undefined }, { step: true });
  return [
    { keys: ['r'], does: 'refresh', run: refresh },
    { keys: ['t', 'z'], does: 'zoom out to twice the time', run: () => change(zoomOut) },
    { keys: ['t', 'ArrowLeft'], does: 'go back in time', run: () => change((raw, now) => shiftRange(raw, -1, now)) },
    { keys: ['t', 'ArrowRight'], does: 'go forward in time', run: () => change((raw, now) => shiftRange(raw, 1, now)) },
    {
      keys: ['v'],
      does: 'show the focused panel full screen',
      run: () => store.set({ viewPanel: focusedPanel() }, { step: true }),
    },
    { keys: ['Escape'], does: 'leave full screen, a menu or a dialog', run: leave },
    { keys: ['?'], does: 'show these shortcuts', run: help },
  ];
}

function build(dashboard: PageDashboard, settings: Settings): void {
  const store = createStore(defaultsOf(dashboard));
  const refresher = createRefresher(
    (signal) => loader.load(signal),
    () => store.get().refreshSeconds,
  );
  const refresh = () => void refresher.refresh();
  const help = () => showShortcuts(shortcuts);
  const shortcuts = shortcutsFor(store, refresh, help);
  const actions = { refresh, showShortcuts: help, zoomOut: () => shortcuts[1]?.run() };
  const variables = variablesBar(dashboard, store, settings.prometheusUrl);
  const header = pageHeader(dashboard, store, variables.element, actions);
  const banner = createBanner();
  const crosshair = createCrosshair(dashboard.graphTooltip ?? 0);
  const grid = panelGrid(dashboard, { store, prometheusUrl: settings.prometheusUrl, crosshair });
  const showAlerts = (alerts: ShownAlert[]) => {
    for (const panel of grid.panels) panel.showAlerts(alerts);
    drawAlerts(header.alerts, alerts, alerts.length === 0 ? 'No alerts' : `Alerts: ${countText(alerts)}`);
    const firing = alerts.filter(({ state }) => state === 'firing').length;
    document.title = (firing > 0 ? `(${firing} firing) ` : '') + (dashboard.title ?? 'Dashboard');
  };
  const { showUpdated } = header;
  const loader = createLoader({ dashboard, settings, store, variables, ...grid, banner, showAlerts, showUpdated });
  const redraw = () => grid.panels.forEach((panel) => panel.redraw());

  document.title = dashboard.title ?? 'Dashboard';
  document.body.replaceChildren(header.element, banner.element, grid.element);
  followTheme(store, redraw);
  grid.view(store.get().viewPanel);
  listenForShortcuts(shortcuts);
  store.onChange((now, before) => {
    if (now.viewPanel !== before.viewPanel) grid.view(now.viewPanel);
    if (now.refreshSeconds !== before.refreshSeconds) refresher.reschedule();
    const isOutdated = (['range', 'variables', 'viewPanel'] as const).some((key) => now[key] !== before[key]);
    if (isOutdated) void refresher.refresh({ anew: true });
  });
  new ResizeObserver(redraw).observe(grid.element);
  addEventListener('scroll', () => loader.loadNear(), { passive: true });
  refresh();
}

async function start(): Promise<void> {
  const { signal } = new AbortController();
  const [dashboard, settings] = await Promise.all(
    ['dashboard.json', 'settings.json'].map((path) => getText(path, signal)),
  );
  build(JSON.parse(dashboard ?? ''), JSON.parse(settings ?? ''));
}

start().catch((error: Error) => {
  document.body.replaceChildren(h('p', { class: 'fatal', role: 'alert' }, error.message));
});

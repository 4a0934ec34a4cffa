import { countText, drawAlerts, type ShownAlert } from './alerts-view.js';
import { getText } from './api.js';
import { createBanner } from './banner.js';
import { createCrosshair } from './crosshair.js';
import { h } from './dom.js';
import { listenForShortcuts } from './keyboard.js';
import { createLoader } from './load-page.js';
import { defaultState, type PageDashboard, type Settings } from './page-dashboard.js';
import { type PageHeader, pageHeader } from './page-header.js';
import { type PanelGrid, panelGrid } from './panel-grid.js';
import { createRefresher, type Refresher } from './refresher.js';
import { pageShortcuts, zoomOutOf } from './shortcuts.js';
import { createStore, type Store } from './store.js';
import { followTheme } from './theme.js';
import { variablesBar } from './variables-bar.js';

function alertsOn(dashboard: PageDashboard, header: PageHeader, grid: PanelGrid) {
  return (alerts: ShownAlert[]) => {
    for (const panel of grid.panels) panel.showAlerts(alerts);
    drawAlerts(header.alerts, alerts, alerts.length === 0 ? 'No alerts' : `Alerts: ${countText(alerts)}`);
    const firing = alerts.filter(({ state }) => state === 'firing').length;
    document.title = (firing > 0 ? `(${firing} firing) ` : '') + (dashboard.title ?? 'Dashboard');
  };
}

/** Keeps what is seen as the state says. */
function follow(store: Store, grid: PanelGrid, refresher: Refresher): void {
  const redraw = () => {
    for (const panel of grid.panels) panel.redraw();
  };
  followTheme(store, redraw);
  new ResizeObserver(redraw).observe(grid.element);
  grid.view(store.get().viewPanel);
  store.onChange((now, before) => {
    if (now.viewPanel !== before.viewPanel) grid.view(now.viewPanel);
    if (now.refreshSeconds !== before.refreshSeconds) refresher.reschedule();
    const isOutdated = (['range', 'variables', 'viewPanel'] as const).some((key) => now[key] !== before[key]);
    if (isOutdated) void refresher.refresh({ anew: true });
  });
}

function build(dashboard: PageDashboard, settings: Settings): void {
  const store = createStore(defaultState(dashboard));
  const refresher = createRefresher(
    (signal) => loader.load(signal),
    () => store.get().refreshSeconds,
  );
  const refresh = () => void refresher.refresh();
  const shortcuts = pageShortcuts(store, refresh);
  const actions = { refresh, zoomOut: () => zoomOutOf(store), showShortcuts: shortcuts.show };
  const variables = variablesBar(dashboard, store, settings.prometheusUrl);
  const header = pageHeader(dashboard, store, variables.element, actions);
  const banner = createBanner();
  const crosshair = createCrosshair(dashboard.graphTooltip ?? 0);
  const grid = panelGrid(dashboard, { store, prometheusUrl: settings.prometheusUrl, crosshair });
  const showAlerts = alertsOn(dashboard, header, grid);
  const { showUpdated } = header;
  const loader = createLoader({ dashboard, settings, store, variables, grid, banner, showAlerts, showUpdated });

  document.title = dashboard.title ?? 'Dashboard';
  document.body.replaceChildren(header.element, banner.element, grid.element);
  follow(store, grid, refresher);
  listenForShortcuts(shortcuts.list);
  for (const event of ['scroll', 'resize']) addEventListener(event, () => loader.loadNear(), { passive: true });
  refresher.start();
}

async function start(): Promise<void> {
  const { signal } = new AbortController();
  const [dashboard = '', settings = ''] = await Promise.all([
    getText('dashboard.json', signal),
    getText('settings.json', signal),
  ]);
  build(JSON.parse(dashboard), JSON.parse(settings));
}

start().catch((error: Error) => {
  document.body.replaceChildren(h('p', { class: 'fatal', role: 'alert' }, error.message));
});

import { type QueryScope, resolveVariables } from '../../charts/index.js';
import { parseDuration } from '../../prometheus/duration.js';
import { formatMoment, resolveRange } from '../model/time-range.js';
import type { ShownAlert } from './alerts-view.js';
import { tolerate } from './api.js';
import type { Banner } from './banner.js';
import { loadAlerts, loadScrapeIntervals } from './load-alerts.js';
import type { PageDashboard, Settings } from './page-dashboard.js';
import type { PanelGrid } from './panel-grid.js';
import type { PanelView } from './panel-view.js';
import { type Outcome, RETRY_SECONDS } from './refresher.js';
import type { Store } from './store.js';
import type { VariablesBar } from './variables-bar.js';

/** What is loaded, and where it is shown. */
export interface Loaded {
  dashboard: PageDashboard;
  settings: Settings;
  store: Store;
  variables: VariablesBar;
  grid: PanelGrid;
  banner: Banner;
  showAlerts(alerts: ShownAlert[]): void;
  showUpdated(ms: number): void;
}

/** What monitoring/grafana/datasources tells Grafana; also assumed until Prometheus has told. */
const SCRAPE_SECONDS = 10;
/** Panels this far beyond the window are loaded too. */
const NEAR_PIXELS = 500;

function isNear({ element }: PanelView): boolean {
  const { top, bottom, height } = element.getBoundingClientRect();
  return height > 0 && bottom > -NEAR_PIXELS && top < window.innerHeight + NEAR_PIXELS;
}

export interface Loader {
  /** Loads what is near the window. */
  load(signal: AbortSignal): Promise<Outcome>;
  /** Loads what has come near since. */
  loadNear(): void;
}

export function createLoader(parts: Loaded): Loader {
  const { dashboard, settings, store, variables, grid, banner } = parts;
  let scrapeIntervalSeconds: number | undefined;
  let scope: Omit<QueryScope, 'widthPixels'> | undefined;
  let current: AbortSignal | undefined;
  let asked = new Set<PanelView>();
  let updatedMs: number | undefined;

  async function findScrapeInterval(signal: AbortSignal): Promise<void> {
    const longest = Math.max(...(await loadScrapeIntervals(signal)).map((text) => parseDuration(text) ?? 0));
    // Never below what Grafana's data source says: a past that was scraped less often would have gaps.
    scrapeIntervalSeconds = Math.max(longest, SCRAPE_SECONDS);
  }

  function findScope(): Omit<QueryScope, 'widthPixels'> {
    const { range, variables: chosen } = store.get();
    const nowMs = Date.now();
    const fallback = { fromSeconds: nowMs / 1000 - 3600, toSeconds: nowMs / 1000 };
    return {
      range: resolveRange(range, nowMs) ?? fallback,
      scrapeIntervalSeconds: scrapeIntervalSeconds ?? SCRAPE_SECONDS,
      variables: resolveVariables(dashboard, chosen, variables.known),
    };
  }

  async function loadPanels(signal: AbortSignal): Promise<void> {
    const near = grid.panels.filter((panel) => isNear(panel) && !asked.has(panel));
    await Promise.all(
      near.map((panel) => {
        asked.add(panel);
        return scope && panel.load({ ...scope, widthPixels: panel.width() }, signal);
      }),
    );
  }

  async function loadAll(signal: AbortSignal): Promise<void> {
    const intervals = tolerate(findScrapeInterval(signal));
    const values = tolerate(variables.load(findScope().range, signal));
    // Only the first time do the queries have to wait for what they depend on.
    if (!scope) await Promise.all([intervals, values]);
    scope = findScope();
    asked = new Set();
    current = signal;
    const alerts = tolerate(loadAlerts(settings.alertmanagerUrl !== null, signal).then(parts.showAlerts));
    await Promise.all([loadPanels(signal), intervals, values, alerts]);
  }

  async function load(signal: AbortSignal): Promise<Outcome> {
    try {
      await loadAll(signal);
      updatedMs = Date.now();
      parts.showUpdated(updatedMs);
      banner.show(undefined);
      grid.element.classList.remove('down');
      return 'ok';
    } catch (error) {
      signal.throwIfAborted();
      const since = updatedMs === undefined ? '' : ` What is shown is from ${formatMoment(updatedMs).slice(11)}.`;
      banner.show(`${(error as Error).message}. Trying again every ${RETRY_SECONDS} s.${since}`);
      grid.element.classList.add('down');
      return 'unreachable';
    }
  }

  return {
    load,
    loadNear() {
      if (current && !current.aborted) loadPanels(current).catch(() => undefined);
    },
  };
}

import { alertmanagerAt } from '../../prometheus/alertmanager.js';
import { activeAlerts, mutedBy } from '../model/alerts.js';
import type { ShownAlert } from './alerts-view.js';
import { prometheusFor } from './api.js';

/** The alerts that are pending or firing. An Alertmanager that does not answer leaves only unknown what it silences. */
export async function loadAlerts(hasAlertmanager: boolean, signal: AbortSignal): Promise<ShownAlert[]> {
  const managed = hasAlertmanager
    ? alertmanagerAt('alertmanager', { signal })
        .alerts()
        .catch(() => [])
    : [];
  const active = activeAlerts(await prometheusFor(signal).rules());
  const known = await managed;
  return active.map((alert) => ({ ...alert, muted: mutedBy(alert, known) }));
}

/** How often Prometheus scrapes each of its targets: `$__rate_interval` has to span four scrapes of each. */
export async function loadScrapeIntervals(signal: AbortSignal): Promise<string[]> {
  const targets = await prometheusFor(signal).targets();
  return targets.flatMap(({ scrapeInterval }) => scrapeInterval ?? []);
}

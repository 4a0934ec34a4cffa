import { type ActiveAlert, activeAlerts, type ManagedAlert, mutedBy, type RulesData } from '../model/alerts.js';
import type { ShownAlert } from './alerts-view.js';
import { getData, getText } from './api.js';

const managedAlerts = async (signal: AbortSignal): Promise<ManagedAlert[]> =>
  JSON.parse(await getText('alertmanager/api/v2/alerts', signal));

/** The alerts that are pending or firing. An Alertmanager that does not answer leaves only unknown what it silences. */
export async function loadAlerts(hasAlertmanager: boolean, signal: AbortSignal): Promise<ShownAlert[]> {
  const managed = hasAlertmanager ? managedAlerts(signal).catch(() => []) : [];
  const active = activeAlerts(await getData<RulesData>('rules', signal));
  const known = await managed;
  return active.map((alert: ActiveAlert) => ({ ...alert, muted: mutedBy(alert, known) }));
}

/** How often Prometheus scrapes each of its targets: `$__rate_interval` has to span four scrapes of each. */
export async function loadScrapeIntervals(signal: AbortSignal): Promise<string[]> {
  const { activeTargets } = await getData<{ activeTargets: { scrapeInterval?: string }[] }>(
    'targets?state=active',
    signal,
  );
  return activeTargets.flatMap(({ scrapeInterval }) => scrapeInterval ?? []);
}

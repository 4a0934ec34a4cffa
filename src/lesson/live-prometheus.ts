import { config } from '../../config.js';
import { fillIn } from '../charts/index.js';
import { panels } from '../dashboard/panels.js';
import { alertRules } from '../dashboard/rules.js';
import { seriesText } from '../prometheus/labels.js';
import type { Prometheus } from '../stack/index.js';
import { formatValue } from './format.js';
import { type Columns, toColumns } from './tables.js';

/** A minute holds many scrapes, and is over soon enough for a lesson. */
const VARIABLES = { __rate_interval: '1m', __range: '1h', job: '.*' };

/** Asks Prometheus for the present value of every panel of the dashboard. */
export async function readPanels(prometheus: Prometheus): Promise<Columns> {
  const rows = panels(config).flatMap(({ title, unit, decimals, queries }) =>
    queries.map(async ({ expr, legend }) => {
      const samples = await prometheus.query(fillIn(expr, VARIABLES));
      const values = samples.map(({ labels, value }) => {
        const name = Object.values(labels).join(' ');
        return `${name && `${name}: `}${formatValue(value, unit, decimals)}`;
      });
      return { Panel: title, Curve: legend.replace(/{{(\w+)}}/, 'per $1'), Now: values.join(', ') || 'no data' };
    }),
  );
  return toColumns(await Promise.all(rows));
}

/** Asks Prometheus what it scrapes, and how that goes. */
export async function readTargets(prometheus: Prometheus): Promise<Columns> {
  const targets = await prometheus.targets();
  return toColumns(
    targets.map(({ labels, scrapeUrl, health, lastError, lastScrapeDuration }) => ({
      Job: labels.job ?? '',
      'Scraped From': scrapeUrl,
      Health: health,
      'Scrape Took': formatValue(lastScrapeDuration, 's'),
      Error: lastError || 'none',
    })),
  );
}

/** Asks Prometheus for the state of the five alerts: `inactive`, `pending` (true, but not yet for long enough) or `firing`. */
export async function readAlerts(prometheus: Prometheus): Promise<Columns> {
  const states = new Map((await prometheus.rules()).map(({ name, state }) => [name, state]));
  return toColumns(
    alertRules(config).map(({ alert, severity, summary, for: duration }) => ({
      Alert: alert,
      Severity: severity,
      Summary: summary,
      'Fires After': duration,
      State: states.get(alert) ?? 'unknown',
    })),
  );
}

/** Waits until an alert has left `inactive`. */
export async function waitForAlert(prometheus: Prometheus, alert: string): Promise<void> {
  await prometheus.waitUntil(`the alert ${alert} notices`, async () => {
    const alerts = await prometheus.query(seriesText({ __name__: 'ALERTS', alertname: alert }));
    return alerts.length > 0;
  });
}

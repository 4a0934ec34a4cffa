import { interpolate } from '../dashboard/interpolate.js';
import { panels } from '../dashboard/panels.js';
import { alertRules } from '../dashboard/rules.js';
import { config } from '../m2_3_monitoring/index.js';
import { adaptedConfig, connectPrometheus, findTool, type Prometheus, startPrometheus } from '../stack/index.js';
import { formatValue } from './format.js';
import { type Columns, toColumns } from './tables.js';

/** In a lesson nobody waits 10 s for a number. */
const SCRAPE_SECONDS = 1;

/** Where Docker Compose publishes it. */
const COMPOSE_URL = 'http://127.0.0.1:9090';

let running: { target: string; prometheus: Promise<Prometheus | undefined> } | undefined;

async function start(target: string): Promise<Prometheus | undefined> {
  const prometheus = findTool('prometheus')
    ? await startPrometheus({ config: adaptedConfig({ target, intervalSeconds: SCRAPE_SECONDS }) })
    : await connectPrometheus(COMPOSE_URL);
  if (!prometheus) return undefined;
  try {
    await prometheus.waitUntil('Prometheus has scraped /metrics', async () => {
      const [up] = await prometheus.query('up{job="rag-service"}');
      return up?.value === 1;
    });
    return prometheus;
  } catch (cause) {
    const { Error: [reason] = [] } = await readTargets(prometheus);
    await prometheus.stop();
    throw new Error(`Prometheus cannot scrape ${target}: ${reason}`, { cause });
  }
}

/**
 * Starts a Prometheus that scrapes the metrics server every second under the committed configuration and rules. Where the
 * program is not on this machine, the one of Docker Compose serves; undefined where that does not answer either.
 * A second call returns the running one.
 */
export async function openPrometheus({ port }: { port: number }): Promise<Prometheus | undefined> {
  const target = `127.0.0.1:${port}`;
  if (running?.target !== target) {
    await closePrometheus();
    const starting = { target, prometheus: start(target) };
    running = starting;
    // Not remembered: the next run of the cell tries again.
    starting.prometheus.catch(() => {
      if (running === starting) running = undefined;
    });
  }
  return running?.prometheus;
}

/** Ends the lesson's Prometheus, if there is one. */
export async function closePrometheus(): Promise<void> {
  const ending = running?.prometheus;
  running = undefined;
  await (await ending?.catch(() => undefined))?.stop();
}

/** A minute holds many scrapes, and is over soon enough for a lesson. */
const INTERPOLATION = { rateInterval: '1m', range: '1h' };

/** Asks Prometheus for the present value of every panel of the dashboard. */
export async function readPanels(prometheus: Prometheus): Promise<Columns> {
  const rows = panels(config).flatMap(({ title, unit, decimals, queries }) =>
    queries.map(async ({ expr, legend }) => {
      const samples = await prometheus.query(interpolate(expr, INTERPOLATION));
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
  const { activeTargets } = await prometheus.api<{ activeTargets: Target[] }>('targets');
  return toColumns(
    activeTargets.map(({ labels, scrapeUrl, health, lastError, lastScrapeDuration }) => ({
      Job: labels.job,
      'Scraped From': scrapeUrl,
      Health: health,
      'Scrape Took': formatValue(lastScrapeDuration, 's'),
      Error: lastError || 'none',
    })),
  );
}

interface Target {
  labels: { job: string };
  scrapeUrl: string;
  health: string;
  lastError: string;
  lastScrapeDuration: number;
}

interface RuleState {
  name: string;
  type: string;
  state?: string;
  health: string;
}

/** Asks Prometheus for the state of the five alerts: `inactive`, `pending` (true, but not yet for long enough) or `firing`. */
export async function readAlerts(prometheus: Prometheus): Promise<Columns> {
  const { groups } = await prometheus.api<{ groups: { rules: RuleState[] }[] }>('rules?type=alert');
  const states = new Map(groups.flatMap(({ rules }) => rules).map((rule) => [rule.name, rule]));
  return toColumns(
    alertRules(config).map(({ alert, severity, summary, for: duration }) => ({
      Alert: alert,
      Severity: severity,
      Summary: summary,
      'Fires After': duration,
      State: states.get(alert)?.state ?? 'unknown',
    })),
  );
}

/** Waits until an alert has left `inactive`. */
export async function waitForAlert(prometheus: Prometheus, alert: string): Promise<void> {
  await prometheus.waitUntil(`the alert ${alert} notices`, async () => {
    const alerts = await prometheus.query(`ALERTS{alertname="${alert}"}`);
    return alerts.length > 0;
  });
}

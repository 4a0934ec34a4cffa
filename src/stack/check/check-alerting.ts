import { parseExposition } from '../../prometheus/exposition.js';
import { isReady, requestText } from '../../prometheus/request.js';
import { describeAlert } from '../receiver/notification.js';
import { type Chain, type Check, count } from './check.js';

interface Connected {
  activeAlertmanagers: { url: string }[];
}

/** Firing alerts by Prometheus that Alertmanager does not know. */
async function lostAlerts({ prometheus, alertmanager }: Chain): Promise<string[]> {
  const firing = await prometheus.query('ALERTS{alertstate="firing"}');
  const known = new Set((await alertmanager.alerts()).map(({ labels }) => labels.alertname));
  return [...new Set(firing.map(({ labels }) => labels.alertname ?? ''))].filter((alert) => !known.has(alert));
}

/** Alertmanager answers, Prometheus sends to it, and what fires has arrived. */
export const checkAlertmanager: Check = async (chain) => {
  const { url } = chain.alertmanager;
  if (!(await isReady(url)))
    return {
      found: `no Alertmanager answers at ${url}`,
      cure: `"npm run stack" starts it; its messages are in logs/alertmanager.log of the stack's folder (.cache/stack)`,
    };
  const { activeAlertmanagers } = await chain.prometheus.api<Connected>('alertmanagers');
  if (activeAlertmanagers.length === 0)
    return {
      again: true,
      found: 'Prometheus knows no Alertmanager',
      cure: 'keep the section alerting in prometheus.yml, then "npm run stack -- reload"',
    };
  const lost = await lostAlerts(chain);
  if (lost.length > 0)
    return {
      again: true,
      found: `${lost.join(', ')} fires in Prometheus and has not arrived`,
      cure: 'look again in a minute: Prometheus sends firing alerts again each minute',
    };
  return { found: `ready at ${url}, and connected to Prometheus` };
};

/** How often Alertmanager has tried to notify, by whichever way, and failed. */
async function attempts({ alertmanager: { url } }: Chain): Promise<{ tried: number; failed: number }> {
  const { samples } = parseExposition(await requestText(`${url}/metrics`, { timeoutMs: 5000 }));
  const sum = (name: string) =>
    samples.filter((one) => one.name === name).reduce((total, { value }) => total + value, 0);
  const tried = sum('alertmanager_notification_requests_total');
  return { tried, failed: sum('alertmanager_notification_requests_failed_total') };
}

async function lastNotification({ notifications }: Chain): Promise<string | undefined> {
  const last = (await notifications?.list())?.at(-1);
  const [alert] = last?.alerts ?? [];
  return last && alert ? `the last one at ${last.receivedAt.slice(11, 19)} UTC: ${describeAlert(alert)}` : undefined;
}

/** What Alertmanager knows is sent to a receiver. */
export const checkNotification: Check = async (chain) => {
  let last: string | undefined;
  try {
    last = await lastNotification(chain);
  } catch {
    return {
      found: `the receiver at ${chain.notifications?.url} does not answer`,
      cure: 'it lives in the process that started the stack: "npm run stack -- stop", then "npm run stack"',
    };
  }
  const { tried, failed } = await attempts(chain);
  if (tried > 0 && failed === tried)
    return {
      found: `each of ${count(tried, 'attempt')} to notify has failed`,
      cure: 'mend the receivers in monitoring/alertmanager.yml: logs/alertmanager.log says what they answered',
    };
  if (tried === 0) return { found: last ? `none in this run; ${last}` : 'no alert has had to be told yet' };
  const delivered = `${count(tried - failed, 'notification')} delivered${failed ? `, ${count(failed, 'attempt')} failed` : ''}`;
  return { found: [delivered, last].filter(Boolean).join('; ') };
};

/**
 * The check of every link from the service to the notification.
 *
 * In: addresses.
 * Out: each link from the service to the notification: holds, broken, not checked.
 * Must not know: how the stack is started.
 *
 * @module
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { config } from '../../../config.js';
import { alertmanagerAt } from '../../prometheus/alertmanager.js';
import { createClient } from '../../prometheus/client.js';
import { notificationsAt } from '../clients/notifications-client.js';
import { COMPOSE_URL } from '../clients/start-prometheus.js';
import type { Chain, Check, Finding } from './check.js';
import { checkAlertmanager, checkNotification } from './check-alerting.js';
import { checkPrometheus, checkSamples, checkTarget } from './check-prometheus.js';
import { checkAlerts, checkRules } from './check-rules.js';
import { checkMetrics, checkService } from './check-service.js';

/** One link between a question and the person who is told that it failed. */
export interface ChainLink {
  link: string;
  /** `not checked` where a link that it hangs on is broken. */
  state: 'ok' | 'broken' | 'not checked';
  found: string;
  /** What mends it; empty where nothing is broken. */
  cure: string;
}

/** Where the parts of the chain are. */
export interface ChainOptions {
  /** `host:port` of the metrics server. */
  target: string;
  /** Default: METRICS_TOKEN. */
  token?: string;
  /** Default: where Compose publishes it. */
  prometheusUrl?: string;
  /** Default: where Compose publishes it. */
  alertmanagerUrl?: string;
  /** The stack's receiver; left out where notifications go elsewhere. */
  notificationsUrl?: string;
  /** How long is waited for a link that may be whole in a moment, in seconds. Default: 15, for the first scrape. */
  patienceSeconds?: number;
}

const LINKS: { link: string; hangsOn: string[]; check: Check }[] = [
  { link: 'service', hangsOn: [], check: checkService },
  { link: 'metrics', hangsOn: ['service'], check: checkMetrics },
  { link: 'Prometheus', hangsOn: [], check: checkPrometheus },
  { link: 'target', hangsOn: ['metrics', 'Prometheus'], check: checkTarget },
  { link: 'samples', hangsOn: ['target'], check: checkSamples },
  { link: 'rules', hangsOn: ['Prometheus'], check: checkRules },
  { link: 'alerts', hangsOn: ['rules'], check: checkAlerts },
  { link: 'Alertmanager', hangsOn: ['Prometheus'], check: checkAlertmanager },
  { link: 'notifications', hangsOn: ['Alertmanager'], check: checkNotification },
];

function chainOf(options: ChainOptions): Chain {
  const { target, token = config.METRICS_TOKEN, notificationsUrl } = options;
  const { prometheusUrl = COMPOSE_URL, alertmanagerUrl = 'http://127.0.0.1:9093' } = options;
  return {
    target,
    token: token || undefined,
    prometheus: createClient(prometheusUrl),
    alertmanager: alertmanagerAt(alertmanagerUrl),
    notifications: notificationsUrl === undefined ? undefined : notificationsAt(notificationsUrl, ''),
  };
}

/** Checks until nothing can be expected to change by itself. */
async function checkPatiently(check: Check, chain: Chain, deadline: number): Promise<Finding> {
  for (;;) {
    const finding = await check(chain).catch(
      (error: Error) => ({ found: error.message, cure: 'look again' }) as Finding,
    );
    if (!finding.again || Date.now() > deadline) return finding;
    await sleep(500);
  }
}

/** Walks the whole chain, from the service to the notification, and names each broken link with its cure. Never throws. */
export async function checkChain(options: ChainOptions): Promise<ChainLink[]> {
  const chain = chainOf(options);
  const deadline = Date.now() + (options.patienceSeconds ?? 15) * 1000;
  const links: ChainLink[] = [];
  for (const { link, hangsOn, check } of LINKS) {
    const cause = links.find((one) => hangsOn.includes(one.link) && one.state !== 'ok');
    if (cause) {
      links.push({ link, state: 'not checked', found: `depends on ${cause.link}`, cure: '' });
      continue;
    }
    const { found, cure } = await checkPatiently(check, chain, deadline);
    links.push({ link, state: cure === undefined ? 'ok' : 'broken', found, cure: cure ?? '' });
  }
  return links;
}

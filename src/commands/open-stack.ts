/**
 * What the commands do, each in a file; scripts/ declares them.
 *
 * In: checked arguments.
 * Out: what a command prints, its exit status.
 * Must not know: how arguments are parsed, set-up.
 *
 * @module
 */

import { config } from '../../config.js';
import { alignColumns } from '../cli/index.js';
import { startDashboard } from '../page/index.js';
import { type Stack, type StackOptions, startStack } from '../stack/index.js';

/** The metrics server of this machine that is scraped where no other is named; undefined where its port is left open. */
export const defaultTarget = (): string | undefined =>
  config.METRICS_PORT === 0 ? undefined : `127.0.0.1:${config.METRICS_PORT}`;

/** Prints an event of the stack with its time. */
export const reportEvent = (line: string): void => console.log(`${new Date().toTimeString().slice(0, 8)}  ${line}`);

/** Starts the stack with the dashboard page, or joins the running one. The page ends with the stack. */
export async function openStack({ onEnd, ...options }: StackOptions): Promise<Stack> {
  let page: Awaited<ReturnType<typeof startDashboard>> | undefined;
  const stack = await startStack({
    ...options,
    report: reportEvent,
    onEnd: () => {
      void page?.close();
      onEnd?.();
    },
  });
  if (stack.alreadyRunning) return stack;
  page = await startDashboard({ prometheusUrl: stack.prometheus.url, alertmanagerUrl: stack.alertmanager.url });
  stack.announce({ dashboardUrl: page.url });
  return stack;
}

/** Prints where everything is, and what for. */
export async function showAddresses(stack: Pick<Stack, 'status'>): Promise<void> {
  const { target, prometheusUrl, alertmanagerUrl, dashboardUrl } = await stack.status();
  const rows = [
    ['Prometheus', prometheusUrl, `scrapes http://${target}/metrics, keeps the history, evaluates rules`],
    ['Alertmanager', alertmanagerUrl, 'groups alerts and sends notifications'],
    ...(dashboardUrl ? [['Dashboard', dashboardUrl, 'draws the ten panels']] : []),
  ];
  console.log(alignColumns(rows));
}

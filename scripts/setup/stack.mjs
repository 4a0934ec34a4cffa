import { say } from './run.mjs';

/** The compiled room; it is there once set-up has run. */
export const loadStack = async () => (await import('../../dist/src/stack/index.js')).default;

/** The metrics server of this machine that is watched where no other is named; undefined where its port is left open. */
export async function defaultTarget() {
  const { config } = (await import('../../dist/config.js')).default;
  return config.METRICS_PORT === 0 ? undefined : `127.0.0.1:${config.METRICS_PORT}`;
}

/** Serves the dashboard page for a stack, and tells everybody where. */
async function serveDashboard(stack) {
  const { startDashboard } = (await import('../../dist/src/page/index.js')).default;
  const page = await startDashboard({ prometheusUrl: stack.prometheus.url, alertmanagerUrl: stack.alertmanager.url });
  stack.announce({ dashboardUrl: page.url });
  return page;
}

/** Starts the stack with the dashboard page, or joins the running one. The page ends with the stack. */
export async function openStack({ onEnd, ...options }) {
  const { startStack } = await loadStack();
  let page;
  const ended = () => {
    void page?.close();
    onEnd?.();
  };
  const stack = await startStack({ ...options, onEnd: ended });
  if (!stack.alreadyRunning) page = await serveDashboard(stack);
  return stack;
}

/** Prints where everything is, and what for. */
export async function showAddresses(stack) {
  const { target, prometheusUrl, alertmanagerUrl, dashboardUrl } = await stack.status();
  const rows = [
    ['Prometheus', prometheusUrl, `scrapes http://${target}/metrics, keeps the history, evaluates rules`],
    ['Alertmanager', alertmanagerUrl, 'groups alerts and tells of them'],
  ];
  if (dashboardUrl) rows.push(['Dashboard', dashboardUrl, 'draws the ten panels']);
  for (const [name, url, purpose] of rows) say(`${name.padEnd(13)} ${url.padEnd(24)} ${purpose}`);
}

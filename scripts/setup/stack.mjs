import { say } from './run.mjs';

/** The compiled room; it is there once set-up has run. */
export const loadStack = async () => (await import('../../dist/src/stack/index.js')).default;

/** The metrics server of this machine that is watched where no other is named; undefined where its port is left open. */
export async function defaultTarget() {
  const { config } = (await import('../../dist/config.js')).default;
  return config.METRICS_PORT === 0 ? undefined : `127.0.0.1:${config.METRICS_PORT}`;
}

/** Starts the stack, or joins the running one. What else watches it starts here, and announces its address. */
export async function openStack(options) {
  const { startStack } = await loadStack();
  const stack = await startStack(options);
  // A page of the dashboard is a server of its own: start it here with stack.prometheus.url and stack.alertmanager.url,
  // unless stack.alreadyRunning, and tell everybody with stack.announce({ dashboardUrl }).
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

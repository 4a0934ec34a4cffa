import { parseArgs } from 'node:util';
import { canShowBrowser, openBrowser } from './setup/browser.mjs';
import { main } from './setup/index.mjs';
import { ensureBuild, ensureNode, ensurePackages } from './setup/packages.mjs';
import { SetupError, say } from './setup/run.mjs';
import { loadStack } from './setup/stack.mjs';

const KNOWN = '--prometheus URL, --alertmanager URL, --port NUMBER and --no-browser';

function readOptions() {
  const text = { type: 'string' };
  try {
    const options = { prometheus: text, alertmanager: text, port: text, 'no-browser': { type: 'boolean' } };
    return parseArgs({ options }).values;
  } catch (error) {
    throw new SetupError(`${error.message.split('.')[0]}; known are ${KNOWN}: npm run dashboard -- --no-browser`);
  }
}

function readPort(text) {
  if (text === undefined) return undefined;
  const port = /^\d+$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65535) return port;
  throw new SetupError(`--port: expected a number from 1 to 65535, got "${text}"`);
}

const LOCAL_PROMETHEUS = 'http://127.0.0.1:9090';

const answers = (url) =>
  fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(3000) }).then(
    ({ ok }) => ok,
    () => false,
  );

/** Whose data is shown when nobody says: PROMETHEUS_URL, else the stack of the project, else the usual place. */
async function sourcesToShow() {
  if (process.env.PROMETHEUS_URL) return { prometheusUrl: process.env.PROMETHEUS_URL };
  const stack = await (await loadStack()).findStack();
  if (stack) return { prometheusUrl: stack.prometheus.url, alertmanagerUrl: stack.alertmanager.url };
  if (await answers(LOCAL_PROMETHEUS)) return { prometheusUrl: LOCAL_PROMETHEUS };
  throw new SetupError(
    'no Prometheus runs here: "npm run stack" starts one and shows its dashboard; or name yours: npm run dashboard -- --prometheus URL',
  );
}

/** The page does not keep a process alive; this does. */
async function untilInterrupted() {
  const alive = setInterval(() => undefined, 1 << 30);
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
  clearInterval(alive);
}

// npm run dashboard [-- --prometheus URL --alertmanager URL --port NUMBER --no-browser]: Grafana's dashboard without Grafana.
await main(async () => {
  const options = readOptions();
  const port = readPort(options.port);
  ensureNode();
  await ensurePackages();
  await ensureBuild();
  const sources = options.prometheus === undefined ? await sourcesToShow() : { prometheusUrl: options.prometheus };
  if (options.alertmanager !== undefined) sources.alertmanagerUrl = options.alertmanager;
  const { startDashboard, DashboardError } = (await import('../dist/src/page/index.js')).default;
  const starting = startDashboard({ ...sources, port });
  const dashboard = await starting.catch((error) => {
    throw error instanceof DashboardError ? new SetupError(error.message) : error;
  });
  say(`The dashboard is open at ${dashboard.url}`);
  say('Press Ctrl-C here to close it.');
  if (!options['no-browser'] && canShowBrowser()) openBrowser(dashboard.url);
  await untilInterrupted();
  await dashboard.close();
});

import { keepAlive, onEndSignal } from '../cli/index.js';
import { CodedError } from '../m2_3_monitoring/errors/index.js';
import { type DashboardOptions, startDashboard } from '../page/index.js';
import { connectPrometheus, findStack } from '../stack/index.js';

/** What `npm run dashboard` was given. */
export interface DashboardArguments {
  prometheus?: string;
  alertmanager?: string;
  port?: number;
  /** Is given the address of the page. */
  onOpen?: (url: string) => void;
}

const LOCAL_PROMETHEUS = 'http://127.0.0.1:9090';

/** Whose data is shown where none is named: PROMETHEUS_URL, else the stack of the project, else the usual place. */
async function defaultSources(): Promise<DashboardOptions> {
  if (process.env.PROMETHEUS_URL) return { prometheusUrl: process.env.PROMETHEUS_URL };
  const stack = await findStack();
  if (stack) return { prometheusUrl: stack.prometheus.url, alertmanagerUrl: stack.alertmanager.url };
  if (await connectPrometheus(LOCAL_PROMETHEUS)) return { prometheusUrl: LOCAL_PROMETHEUS };
  throw new CodedError(
    'no Prometheus runs here: "npm run stack" starts one and shows its dashboard; or name yours: npm run dashboard -- --prometheus URL',
    'ERR_NO_PROMETHEUS',
  );
}

/** Serves the dashboard page until Ctrl-C. */
export async function runDashboard({ prometheus, alertmanager, port, onOpen }: DashboardArguments): Promise<void> {
  const sources = prometheus === undefined ? await defaultSources() : { prometheusUrl: prometheus };
  const dashboard = await startDashboard({ ...sources, port, ...(alertmanager && { alertmanagerUrl: alertmanager }) });
  console.log(`The dashboard is open at ${dashboard.url}\nPress Ctrl-C here to close it.`);
  onOpen?.(dashboard.url);
  await keepAlive(new Promise<void>((resolve) => onEndSignal(resolve)));
  await dashboard.close();
}

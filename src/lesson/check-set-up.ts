import { config } from '../../config.js';
import { isFree } from '../loopback/ports.js';
import { detectEngine, type Engine } from '../stack/index.js';
import type { Columns } from './tables.js';
import { toColumns } from './tables.js';

const portState = async (port: number): Promise<string> =>
  (await isFree(port, config.METRICS_HOST)) ? 'free' : 'in use; if not by this lesson, set METRICS_PORT in .env';

const ENGINES: Record<Engine, string> = {
  docker: 'a Docker engine: sections 6 and 7 can run the whole stack',
  native: 'Prometheus on this machine: sections 6 and 7 run live, without Docker',
  none: 'none: run "npm run setup" in a terminal, then restart the kernel; sections 1 to 5 work meanwhile',
};

const ADVICE: Record<Engine, string> = {
  docker: `A Docker engine answers. In a terminal, in the project's folder:
  docker compose -f docker-compose.monitoring.yml up -d
  docker compose -f docker-compose.monitoring.yml ps
Prometheus: http://localhost:9090    Grafana: http://localhost:3000 (user admin, password GRAFANA_ADMIN_PASSWORD of .env)
On Linux, set METRICS_HOST=0.0.0.0 in .env and restart the kernel: the container cannot reach 127.0.0.1.`,
  native: `No Docker engine, but Prometheus and Alertmanager are programs of this machine: the next cell starts them.
The dashboard is shown by a page of this project instead of Grafana.`,
  none: `Neither Docker nor Prometheus is here: "npm run setup" in a terminal installs Prometheus; then restart the kernel.`,
};

/** Says what to do on this machine to have Prometheus and Grafana. */
export const describeEngine = async (): Promise<string> => ADVICE[await detectEngine()];

/** Looks at what the lesson needs, as columns of a table. */
export async function checkSetUp(): Promise<Columns> {
  return toColumns([
    { 'What the lesson needs': 'Node.js 20.19 or newer', 'What is here': process.versions.node },
    {
      'What the lesson needs': `port ${config.METRICS_PORT} for /metrics`,
      'What is here': await portState(config.METRICS_PORT),
    },
    { 'What the lesson needs': 'something that runs Prometheus', 'What is here': ENGINES[await detectEngine()] },
  ]);
}

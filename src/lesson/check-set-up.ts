import { createServer } from 'node:net';
import { config } from '../m2_3_monitoring/index.js';
import { detectEngine } from '../stack/index.js';
import type { Columns } from './tables.js';
import { toColumns } from './tables.js';

function portState(port: number): Promise<string> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve('in use: by this lesson, or set METRICS_PORT in .env'));
    probe.listen(port, config.METRICS_HOST, () => probe.close(() => resolve('free')));
  });
}

const ENGINES = {
  docker: 'a Docker engine: sections 6 and 7 can run the whole stack',
  native: 'Prometheus on this machine: sections 6 and 7 run live, without Docker',
  none: 'none: run "npm run setup" in a terminal, then restart the kernel; sections 1 to 5 work meanwhile',
};

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

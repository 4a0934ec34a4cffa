import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Role } from './service-roles.js';

const CONNECTIONS = 8;

/**
 * Gives the services the first core, and the provider, the load and the reader of the logs the others, as if they were on
 * another machine: their turns on a service's core would be counted as its own. False where that cannot be had.
 */
export function pin(pid: number, cores: string): boolean {
  try {
    execFileSync('taskset', ['-acp', cores, String(pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export const SERVICE_CORE = '0';
export const OTHER_CORES = `1-${Math.max(1, availableParallelism() - 1)}`;

export interface Started {
  child: ChildProcess;
  port: number;
  metricsUrl?: string;
}

async function startProgram(name: string, args: string[], cores: string): Promise<Started> {
  const child = fork(join(__dirname, name), args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  // As a collector of logs does.
  child.stdout?.resume();
  const [message] = await once(child, 'message');
  pin(child.pid as number, cores);
  return { child, ...(message as Omit<Started, 'child'>) };
}

export const startProvider = () => startProgram('provider-process.js', [], OTHER_CORES);

export const startService = (role: Role, providerPort: number) =>
  startProgram('service-process.js', [role, String(providerPort)], SERVICE_CORE);

/** Microseconds of processor time so far. */
export async function processorTime({ child }: Started): Promise<number> {
  child.send('processor time');
  const [microseconds] = await once(child, 'message');
  return microseconds as number;
}

// autocannon has no types of its own.
const autocannon = require('autocannon') as (
  options: object,
) => Promise<{ latency: { p99: number }; non2xx: number; errors: number }>;

export interface Turn {
  requestsPerSecond: number;
  /** Microseconds of processor time for each request. */
  processorTime: number;
  p99Ms: number;
}

export async function scrape(url: string): Promise<void> {
  const text = await (await fetch(url)).text();
  if (!text.includes('rag_requests_total'))
    throw new Error('a scrape without our metrics: the figures would mean nothing');
}

export async function load(service: Started, amount: number, path = '/'): Promise<Turn> {
  const before = await processorTime(service);
  const startMs = performance.now();
  const options = { url: `http://127.0.0.1:${service.port}${path}`, connections: CONNECTIONS, amount, sampleInt: 5 };
  const { latency, non2xx, errors } = await autocannon(options);
  const seconds = (performance.now() - startMs) / 1000;
  if (non2xx + errors > 0) throw new Error('some requests failed: the figures would mean nothing');
  return {
    requestsPerSecond: amount / seconds,
    processorTime: ((await processorTime(service)) - before) / amount,
    p99Ms: latency.p99,
  };
}

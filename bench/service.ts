import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { median } from './measure.js';
import type { Report } from './report.js';
import type { Role } from './service-process.js';

const NAMES: Record<Role, string> = {
  bare: 'without monitoring',
  everything: 'metrics, log lines, scrapes',
  'everything-and-ids': 'the same, and ids of calls in the log lines',
};
const ROLES = Object.keys(NAMES) as Role[];

const CONNECTIONS = 8;
/** Each time in new processes: what the compiler makes of one differs by some per cent. */
const REPEATS = 2;
/** A service has its full speed after some ten thousand requests; with more code to compile, later. */
const WARM_UP_TURNS = 11;
const TURNS = 12;
/** Less than a second: turns next to each other share the machine's moods. Each has one scrape. */
const REQUESTS_PER_TURN = 1000;

/**
 * Gives the services the first core, and the provider, the load and the reader of the logs the others, as if they were on
 * another machine: their turns on a service's core would be counted as its own. False where that cannot be had.
 */
function pin(pid: number, cores: string): boolean {
  try {
    execFileSync('taskset', ['-acp', cores, String(pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const SERVICE_CORE = '0';
const OTHER_CORES = `1-${Math.max(1, availableParallelism() - 1)}`;

interface Started {
  child: ChildProcess;
  port: number;
  metricsUrl?: string;
}

async function start(role: Role | 'provider', providerPort = 0): Promise<Started> {
  const program = join(__dirname, 'service-process.js');
  const child = fork(program, [role, String(providerPort)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  // As a collector of logs does.
  child.stdout?.resume();
  const [message] = await once(child, 'message');
  pin(child.pid as number, role === 'provider' ? OTHER_CORES : SERVICE_CORE);
  return { child, ...(message as Omit<Started, 'child'>) };
}

/** Microseconds of processor time so far. */
async function processorTime({ child }: Started): Promise<number> {
  child.send('processor time');
  const [microseconds] = await once(child, 'message');
  return microseconds as number;
}

// autocannon has no types of its own.
const autocannon = require('autocannon') as (
  options: object,
) => Promise<{ latency: { p99: number }; non2xx: number; errors: number }>;

interface Turn {
  requestsPerSecond: number;
  /** Microseconds of processor time for each request. */
  processorTime: number;
  p99Ms: number;
}

async function scrape(url: string): Promise<void> {
  const text = await (await fetch(url)).text();
  if (!text.includes('rag_requests_total'))
    throw new Error('a scrape without our metrics: the figures would mean nothing');
}

async function load(service: Started): Promise<Turn> {
  const { port, metricsUrl } = service;
  const before = await processorTime(service);
  const startMs = performance.now();
  const scraped = metricsUrl && scrape(metricsUrl);
  const options = {
    url: `http://127.0.0.1:${port}`,
    connections: CONNECTIONS,
    amount: REQUESTS_PER_TURN,
    sampleInt: 5,
  };
  const { latency, non2xx, errors } = await autocannon(options);
  const seconds = (performance.now() - startMs) / 1000;
  await scraped;
  if (non2xx + errors > 0) throw new Error('some requests failed: the figures would mean nothing');
  return {
    requestsPerSecond: REQUESTS_PER_TURN / seconds,
    processorTime: ((await processorTime(service)) - before) / REQUESTS_PER_TURN,
    p99Ms: latency.p99,
  };
}

type Round = Record<Role, Turn>;

/** One turn of each service, in an order that differs from round to round. */
async function round(services: Record<Role, Started>, index: number): Promise<Round> {
  const turns = {} as Round;
  const first = index % ROLES.length;
  const order = [...ROLES.slice(first), ...ROLES.slice(0, first)];
  for (const role of index % 2 === 0 ? order : order.reverse()) turns[role] = await load(services[role]);
  return turns;
}

async function repeat(providerPort: number, index: number): Promise<Round[]> {
  const services = {} as Record<Role, Started>;
  try {
    // No service is always the first to start, and to wait for the others.
    for (let i = 0; i < ROLES.length; i++) {
      const role = ROLES[(index + i) % ROLES.length] as Role;
      services[role] = await start(role, providerPort);
    }
    for (let i = 0; i < WARM_UP_TURNS; i++) await round(services, i);
    const rounds: Round[] = [];
    for (let i = 0; i < TURNS; i++) rounds.push(await round(services, i));
    return rounds;
  } finally {
    for (const { child } of Object.values(services)) child.kill();
  }
}

/** The mean, with its standard error. */
function meanOf(samples: number[], digits: number): string {
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  const squares = samples.reduce((sum, sample) => sum + (sample - mean) ** 2, 0);
  const error = Math.sqrt(squares / (samples.length - 1) / samples.length);
  return `${mean.toFixed(digits)} ± ${error.toFixed(digits)}`;
}

function compare(rounds: Round[], role: Role): string {
  const ratios = rounds.map((turns) => turns[role].requestsPerSecond / turns.bare.requestsPerSecond);
  const added = rounds.map((turns) => turns[role].processorTime - turns.bare.processorTime);
  const later = median(rounds.map((turns) => turns[role].p99Ms - turns.bare.p99Ms));
  return (
    `${NAMES[role]}: ${meanOf(ratios, 3)} of the requests per second; ` +
    `${meanOf(added, 0)} µs of processor time more for each request; p99 later by ${later.toFixed(1)} ms.`
  );
}

/**
 * Requests per second of a whole service (retrieval, the client of OpenAI, a provider that answers at once), with everything
 * on and with nothing, in turns.
 */
export async function service(): Promise<Report> {
  const isPinned = pin(process.pid, OTHER_CORES);
  const provider = await start('provider');
  try {
    const rounds: Round[] = [];
    for (let i = 0; i < REPEATS; i++) rounds.push(...(await repeat(provider.port, i)));
    return {
      title: 'A RAG service under full load',
      unit: 'requests/s',
      rows: ROLES.map((role) => ({
        name: NAMES[role],
        value: median(rounds.map((turns) => turns[role].requestsPerSecond)),
        ...(role === 'everything' && { isOurs: true }),
      })),
      notes: [
        `From ${rounds.length} rounds, with standard errors${isPinned ? '; the service has a core of its own' : ''}:`,
        ...ROLES.filter((role) => role !== 'bare').map((role) => compare(rounds, role)),
      ],
    };
  } finally {
    provider.child.kill();
  }
}

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { median } from './measure.js';
import type { Report } from './report.js';
import type { Role } from './service-process.js';

const CONNECTIONS = 8;
/** Short runs are next to each other: the machine's moods fall on both. */
const REQUESTS_PER_RUN = 2000;
const PAIRS = 20;
/** Prometheus would ask as often in the lesson; in a service, a tenth of it. */
const SCRAPE_EVERY_MS = 1000;

interface Started {
  child: ChildProcess;
  port: number;
  metricsUrl?: string;
}

async function start(role: Role | 'provider', providerPort = 0): Promise<Started> {
  const child = fork(join(__dirname, 'service-process.js'), [role, String(providerPort)]);
  const [message] = await once(child, 'message');
  return { child, ...(message as Omit<Started, 'child'>) };
}

interface Load {
  latency: { p99: number };
  non2xx: number;
  errors: number;
}

// autocannon has no types of its own.
const autocannon = require('autocannon') as (options: object) => Promise<Load>;

interface LoadResult {
  requestsPerSecond: number;
  p99Ms: number;
}

/** Scrapes at once and then every second, until it is told to stop; that gives how often it was answered. */
function keepScraping(url: string): () => Promise<number> {
  const scrapes: Promise<string>[] = [];
  const scrape = () => scrapes.push(fetch(url).then((answer) => answer.text()));
  scrape();
  const timer = setInterval(scrape, SCRAPE_EVERY_MS);
  return async () => {
    clearInterval(timer);
    return (await Promise.all(scrapes)).filter((text) => text.includes('rag_requests_total')).length;
  };
}

async function load({ port, metricsUrl }: Started): Promise<LoadResult> {
  const stopScraping = metricsUrl === undefined ? undefined : keepScraping(metricsUrl);
  const startMs = performance.now();
  const options = { url: `http://127.0.0.1:${port}`, connections: CONNECTIONS, amount: REQUESTS_PER_RUN, sampleInt: 5 };
  const { latency, non2xx, errors } = await autocannon(options);
  const seconds = (performance.now() - startMs) / 1000;
  const scrapes = await stopScraping?.();
  if (non2xx + errors > 0 || scrapes === 0) throw new Error('some requests failed: the figures would mean nothing');
  return { requestsPerSecond: REQUESTS_PER_RUN / seconds, p99Ms: latency.p99 };
}

/** The results of two services under load, in turns. */
async function pairsOf(bare: Started, monitored: Started): Promise<[LoadResult, LoadResult][]> {
  const pairs: [LoadResult, LoadResult][] = [];
  await load(bare);
  await load(monitored);
  for (let pair = 0; pair < PAIRS; pair++) {
    // Who goes first changes from pair to pair.
    const first = pair % 2 === 0 ? bare : monitored;
    const firstResult = await load(first);
    const secondResult = await load(first === bare ? monitored : bare);
    pairs.push(first === bare ? [firstResult, secondResult] : [secondResult, firstResult]);
  }
  return pairs;
}

async function compare(role: Role, name: string, providerPort: number): Promise<Report> {
  const bare = await start('bare', providerPort);
  const monitored = await start(role, providerPort);
  try {
    const pairs = await pairsOf(bare, monitored);
    const rps = (index: 0 | 1) => median(pairs.map((pair) => pair[index].requestsPerSecond));
    const ratio = median(pairs.map(([without, withAll]) => withAll.requestsPerSecond / without.requestsPerSecond));
    const p99 = median(pairs.map(([without, withAll]) => withAll.p99Ms - without.p99Ms));
    return {
      title: `A RAG service under full load, with ${name}`,
      unit: 'requests/s',
      rows: [
        { name: 'without monitoring', value: rps(0) },
        { name, value: rps(1), isOurs: true },
      ],
      notes: [
        `Median of the ratios of ${PAIRS} pairs of runs: ${ratio.toFixed(3)}; of the differences of p99: ${p99.toFixed(1)} ms.`,
      ],
    };
  } finally {
    for (const { child } of [bare, monitored]) child.kill();
  }
}

/**
 * Requests per second of a whole service (retrieval, the client of OpenAI, a provider that answers at once), with everything
 * on and with nothing, in pairs of runs.
 */
export async function service(): Promise<Report[]> {
  const provider = await start('provider');
  try {
    return [
      await compare('without-ids', 'metrics, logs, a scrape every second', provider.port),
      await compare('monitored', 'the same and ids of calls in the logs', provider.port),
    ];
  } finally {
    provider.child.kill();
  }
}

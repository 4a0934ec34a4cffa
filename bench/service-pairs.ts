import { setTimeout as rest } from 'node:timers/promises';
import { meanOf, median, medianOf, show } from './measure.js';
import type { Report } from './report.js';
import { load, processorTime, type Started, scrape } from './service-load.js';
import { BARE_PATH } from './service-roles.js';

/** So many that the moods of machine and collector fall out of their median. */
const PAIRS = 50;
const WARM_UP_PAIRS = 6;
const REQUESTS_PER_TURN = 250;

/** Until what a turn has left waiting, log lines above all, is done. */
const REST_MS = 60;

/** Turns of one process, one after the other, in which its requests are watched or not. In microseconds of processor time. */
export interface Pair {
  /** For each request. */
  bare: number;
  /** For each request. */
  watched: number;
  scrape: number;
  p99LaterMs: number;
}

async function timed(service: Started, work: () => Promise<unknown>): Promise<number> {
  const before = await processorTime(service);
  await work();
  return (await processorTime(service)) - before;
}

async function turn(service: Started, path: string): Promise<{ time: number; p99Ms: number }> {
  let p99Ms = Number.NaN;
  const time = await timed(service, async () => {
    ({ p99Ms } = await load(service, REQUESTS_PER_TURN, path));
    await rest(REST_MS);
  });
  return { time: time / REQUESTS_PER_TURN, p99Ms };
}

async function pairOfTurns(service: Started, isBareFirst: boolean): Promise<Pair> {
  const first = await turn(service, isBareFirst ? BARE_PATH : '/');
  const second = await turn(service, isBareFirst ? '/' : BARE_PATH);
  const [bare, watched] = isBareFirst ? [first, second] : [second, first];
  const scrapeTime = await timed(service, () => scrape(service.metricsUrl as string));
  return { bare: bare.time, watched: watched.time, scrape: scrapeTime, p99LaterMs: watched.p99Ms - bare.p99Ms };
}

/** With and without in one process, side by side: what two processes differ by anyway is not in that. */
export async function compareInOneProcess(service: Started): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let i = 0; i < WARM_UP_PAIRS + PAIRS; i++) {
    const pair = await pairOfTurns(service, i % 2 === 0);
    if (i >= WARM_UP_PAIRS) pairs.push(pair);
  }
  return pairs;
}

const SECOND = 1e6;

/** What pairs of turns say of a service that uses the whole of its core, and is scraped every second. */
export function reportPairs(pairs: readonly Pair[]): Report {
  const bare = median(pairs.map((pair) => pair.bare));
  const added = medianOf(pairs.map((pair) => pair.watched - pair.bare));
  const scrapeMs = medianOf(pairs.map(({ scrape }) => scrape / 1000));
  // Whole milliseconds, by autocannon: their median says nothing.
  const later = meanOf(pairs.map(({ p99LaterMs }) => p99LaterMs));
  const left = medianOf(pairs.map((pair) => (pair.bare / pair.watched) * (1 - scrapeMs.value / 1000)));
  return {
    title: 'A RAG service under full load, with and without monitoring in one process',
    unit: 'requests/s',
    rows: [
      { name: 'without', value: SECOND / bare },
      { name: 'metrics, log lines, a scrape a second', value: (SECOND / bare) * left.value, isOurs: true },
    ],
    notes: [
      `By ${pairs.length} pairs of turns, ${show(left, 3)} of the requests per second: each takes ${show(added, 0)} µs of ` +
        `processor time more than ${bare.toFixed(0)}, and a scrape ${show(scrapeMs, 1)} ms. p99 later by ${show(later, 1)} ms.`,
    ],
  };
}

import { median, quantile } from './measure.js';
import type { Report } from './report.js';
import {
  load,
  OTHER_CORES,
  pin,
  processorTime,
  type Started,
  scrape,
  startProvider,
  startService,
  type Turn,
} from './service-load.js';
import { BARE_PATH, type Role } from './service-roles.js';

const NAMES: Record<Role, string> = {
  bare: 'without monitoring',
  everything: 'metrics, log lines, scrapes',
  'everything-and-ids': 'the same, and ids of calls in the log lines',
};
const ROLES = Object.keys(NAMES) as Role[];

/** Each time in new processes: what the compiler makes of one differs by some per cent. */
const REPEATS = 2;
/** A service has its full speed after some ten thousand requests; with more code to compile, later. */
const WARM_UP_TURNS = 11;
const TURNS = 8;
/** Less than a second: turns next to each other share the machine's moods. Each has one scrape. */
const REQUESTS_PER_TURN = 1000;
/** Turns of one process, with and without: so many pairs that the moods of machine and collector fall out of their median. */
const PAIRS = 40;
const WARM_UP_PAIRS = 6;
const REQUESTS_PER_HALF = 250;

/** A turn with a scrape in it. */
async function loadAndScrape(service: Started): Promise<Turn> {
  const scraped = service.metricsUrl && scrape(service.metricsUrl);
  const turn = await load(service, REQUESTS_PER_TURN);
  await scraped;
  return turn;
}

/** Microseconds of processor time for each request, of one process. */
interface Pair {
  bare: number;
  added: number;
}

/** With and without in one process, side by side: what two processes differ by anyway is not in that. */
async function compareInOneProcess(service: Started): Promise<Omit<Repeat, 'rounds'>> {
  const pairs: Pair[] = [];
  const scrapeTimes: number[] = [];
  for (let i = 0; i < WARM_UP_PAIRS + PAIRS; i++) {
    const times: Record<string, number> = {};
    for (const path of i % 2 === 0 ? ['/', BARE_PATH] : [BARE_PATH, '/'])
      times[path] = (await load(service, REQUESTS_PER_HALF, path)).processorTime;
    const before = await processorTime(service);
    await scrape(service.metricsUrl as string);
    if (i < WARM_UP_PAIRS) continue;
    scrapeTimes.push((await processorTime(service)) - before);
    const { [BARE_PATH]: bare = 0, '/': watched = 0 } = times;
    pairs.push({ bare, added: watched - bare });
  }
  return { pairs, scrapeTimes };
}

type Round = Record<Role, Turn>;

/** One turn of each service, in an order that differs from round to round. */
async function round(services: Record<Role, Started>, index: number): Promise<Round> {
  const turns = {} as Round;
  const first = index % ROLES.length;
  const order = [...ROLES.slice(first), ...ROLES.slice(0, first)];
  for (const role of index % 2 === 0 ? order : order.reverse()) turns[role] = await loadAndScrape(services[role]);
  return turns;
}

interface Repeat {
  rounds: Round[];
  pairs: Pair[];
  scrapeTimes: number[];
}

async function repeat(providerPort: number, index: number): Promise<Repeat> {
  const services = {} as Record<Role, Started>;
  try {
    // No service is always the first to start, and to wait for the others.
    for (let i = 0; i < ROLES.length; i++) {
      const role = ROLES[(index + i) % ROLES.length] as Role;
      services[role] = await startService(role, providerPort);
    }
    for (let i = 0; i < WARM_UP_TURNS; i++) await round(services, i);
    const rounds: Round[] = [];
    for (let i = 0; i < TURNS; i++) rounds.push(await round(services, i));
    return { rounds, ...(await compareInOneProcess(services.everything)) };
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

/** The median, with its standard error as if the middle of the samples were that of a normal distribution. */
function medianOf(samples: number[], digits: number): string {
  const sorted = [...samples].sort((a, b) => a - b);
  const deviation = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.35;
  const error = (1.25 * deviation) / Math.sqrt(samples.length);
  return `${quantile(sorted, 0.5).toFixed(digits)} ± ${error.toFixed(digits)}`;
}

function describePairs(repeats: Repeat[]): string {
  const pairs = repeats.flatMap((one) => one.pairs);
  const scrapes = repeats.flatMap((one) => one.scrapeTimes).map((microseconds) => microseconds / 1000);
  return (
    `In one process, with and without in ${pairs.length} pairs of turns: ` +
    `${medianOf(
      pairs.map(({ added }) => added),
      0,
    )} µs of processor time more for each request, of ` +
    `${median(pairs.map(({ bare }) => bare)).toFixed(0)}; and ${medianOf(scrapes, 1)} ms for a scrape.`
  );
}

/**
 * Requests per second of a whole service (retrieval, the client of OpenAI, a provider that answers at once), with everything
 * on and with nothing, in turns.
 */
export async function service(): Promise<Report> {
  const isPinned = pin(process.pid, OTHER_CORES);
  const provider = await startProvider();
  try {
    const repeats: Repeat[] = [];
    for (let i = 0; i < REPEATS; i++) repeats.push(await repeat(provider.port, i));
    const rounds = repeats.flatMap((one) => one.rounds);
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
        describePairs(repeats),
      ],
    };
  } finally {
    provider.child.kill();
  }
}

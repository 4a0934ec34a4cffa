import { meanOf, median, show } from './measure.js';
import type { Report } from './report.js';
import {
  load,
  OTHER_CORES,
  pin,
  type Started,
  scrape,
  startProvider,
  startService,
  type Turn,
} from './service-load.js';
import { compareInOneProcess, type Pair, reportPairs } from './service-pairs.js';
import type { Role } from './service-roles.js';

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

/** A turn with a scrape in it. */
async function loadAndScrape(service: Started): Promise<Turn> {
  const scraped = service.metricsUrl && scrape(service.metricsUrl);
  const turn = await load(service, REQUESTS_PER_TURN);
  await scraped;
  return turn;
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
    return { rounds, pairs: await compareInOneProcess(services.everything) };
  } finally {
    for (const { child } of Object.values(services)) child.kill();
  }
}

function compare(rounds: Round[], role: Role): string {
  const ratios = rounds.map((turns) => turns[role].requestsPerSecond / turns.bare.requestsPerSecond);
  const added = rounds.map((turns) => turns[role].processorTime - turns.bare.processorTime);
  const later = meanOf(rounds.map((turns) => turns[role].p99Ms - turns.bare.p99Ms));
  return (
    `${NAMES[role]}: ${show(meanOf(ratios), 3)} of the requests per second; ` +
    `${show(meanOf(added), 0)} µs of processor time more for each request; p99 later by ${show(later, 1)} ms.`
  );
}

/**
 * Requests per second of a whole service (retrieval, the client of OpenAI, a provider that answers at once), with everything
 * on and with nothing, in turns.
 */
export async function service(): Promise<Report[]> {
  const isPinned = pin(process.pid, OTHER_CORES);
  const provider = await startProvider();
  try {
    const repeats: Repeat[] = [];
    for (let i = 0; i < REPEATS; i++) repeats.push(await repeat(provider.port, i));
    const rounds = repeats.flatMap((one) => one.rounds);
    const apart: Report = {
      title: 'The same in processes of their own: the one without does not load the module',
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
    return [reportPairs(repeats.flatMap((one) => one.pairs)), apart];
  } finally {
    provider.child.kill();
  }
}

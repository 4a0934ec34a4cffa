import { createRandom, type Random } from './random.js';
import { conditionsAt, OPERATIONS, type Operation, requestRate, stalledCalls } from './service.js';
import type { ServiceProcess } from './service-process.js';
import { type RequestOutcome, simulateRequest } from './simulate-request.js';
import { SCRAPE_SECONDS, type Timeline } from './timeline.js';

/** What was scraped at one time. */
export interface Scrape {
  atSeconds: number;
  /** False while the new version starts: then there is `up` alone. */
  up: boolean;
}

const SCRAPES_WITHOUT_ANSWER = 3;
const RATE_LIMIT_WINDOW_SECONDS = 60;
/** What another user of the same account leaves during the outage. */
const REMAINING_IN_OUTAGE = 30;

interface InProgress {
  endSeconds: number;
  outcome: RequestOutcome;
}

/** Simulates the requests of one operation, from scrape to scrape. */
function createCallers(random: Random, operation: Operation, timeline: Timeline) {
  let inProgress: InProgress[] = [];
  let callsInWindow = 0;
  let stallsDue = 0;
  const takeStall = () => {
    if (stallsDue < 1) return false;
    stallsDue -= 1;
    return true;
  };
  const start = (atSeconds: number, meanwhile: ReturnType<typeof conditionsAt>) => {
    const outcome = simulateRequest(random, operation, meanwhile, { atSeconds, takeStall });
    if (outcome.llmSeconds !== undefined) callsInWindow += 1;
    inProgress.push({ endSeconds: atSeconds + outcome.latencySeconds, outcome });
  };
  return {
    /** Starts what comes until a time, and records what has ended by then. */
    advance(process: ServiceProcess, atSeconds: number): number {
      const fromSeconds = atSeconds - SCRAPE_SECONDS;
      if (fromSeconds % RATE_LIMIT_WINDOW_SECONDS === 0) callsInWindow = 0;
      const meanwhile = conditionsAt(fromSeconds, operation, timeline);
      stallsDue += stalledCalls(fromSeconds, operation, timeline) * SCRAPE_SECONDS;
      const arrivals = random.poisson(requestRate(fromSeconds) * operation.share * SCRAPE_SECONDS);
      for (let index = 0; index < arrivals; index++) start(fromSeconds + random.between(0, SCRAPE_SECONDS), meanwhile);
      for (const one of inProgress) if (one.endSeconds <= atSeconds) process.record(one.outcome);
      inProgress = inProgress.filter(({ endSeconds }) => endSeconds > atSeconds);
      const remaining = meanwhile.outage
        ? random.between(0, REMAINING_IN_OUTAGE)
        : Math.max(0, operation.requestLimit - callsInWindow);
      process.setRemaining(operation, Math.floor(remaining));
      return inProgress.length;
    },
    /** The process ends, and what it was doing with it. */
    drop() {
      inProgress = [];
    },
  };
}

/**
 * Simulates a history, scrape by scrape. `process.series` holds the values of the scrape that was given last.
 * The same seed and timeline give the same numbers.
 */
export function* simulate(seed: number, timeline: Timeline, process: ServiceProcess): Generator<Scrape> {
  const random = createRandom(seed);
  const operations = OPERATIONS.map((operation) => createCallers(random, operation, timeline));
  const { startSeconds, endSeconds, deploySeconds } = timeline;
  const newVersionSeconds = deploySeconds + SCRAPES_WITHOUT_ANSWER * SCRAPE_SECONDS;
  for (let atSeconds = startSeconds; atSeconds <= endSeconds; atSeconds += SCRAPE_SECONDS) {
    if (atSeconds === deploySeconds) {
      process.restart();
      for (const callers of operations) callers.drop();
    }
    const up = atSeconds < deploySeconds || atSeconds >= newVersionSeconds;
    if (up) process.setActive(operations.reduce((sum, callers) => sum + callers.advance(process, atSeconds), 0));
    yield { atSeconds, up };
  }
}

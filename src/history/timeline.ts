import { createRandom, type Random } from './random.js';

/** How often the service was scraped. A window of 40 s holds two samples, one of a minute four. */
export const SCRAPE_SECONDS = 15;
export const DAY_SECONDS = 86_400;
const MINUTE = 60;
const HOUR = 3600;

/** A time in which users suffered, and for which alerts have to fire. All times are seconds since 1970. */
export interface Incident {
  name: string;
  fromSeconds: number;
  toSeconds: number;
  /** The alerts of monitoring/rules/alerts.yml that are right to fire; all others are false alarms. */
  alerts: readonly string[];
}

/** Some minutes in which a provider answers slowly and no user suffers: all its calls a little, or a few calls much. */
export interface Spike {
  kind: 'slower' | 'stalls';
  provider: Provider;
  fromSeconds: number;
  toSeconds: number;
  /** Median seconds of a call, where all are slower. */
  medianSeconds?: number;
}

export type Provider = 'openai' | 'anthropic';

/** What happens when in a history. */
export interface Timeline {
  startSeconds: number;
  endSeconds: number;
  /** A new version starts: counters begin at 0 again, after three scrapes that find nothing. */
  deploySeconds: number;
  slowProvider: Incident;
  outage: Incident;
  spikes: Spike[];
}

export const incidentsOf = ({ slowProvider, outage }: Pick<Timeline, 'slowProvider' | 'outage'>): Incident[] =>
  [slowProvider, outage].sort((a, b) => a.fromSeconds - b.fromSeconds);

/** Saturday and Sunday, by UTC. Day 0, in 1970, was a Thursday. */
export const isWeekend = (seconds: number): boolean => ((Math.floor(seconds / DAY_SECONDS) + 4) % 7) % 6 === 0;

/** The midnights (UTC) of the days that lie wholly within a range. */
function wholeDays(startSeconds: number, endSeconds: number): number[] {
  const first = Math.ceil(startSeconds / DAY_SECONDS) * DAY_SECONDS;
  const count = Math.max(0, Math.floor((endSeconds - first) / DAY_SECONDS));
  return Array.from({ length: count }, (_, day) => first + day * DAY_SECONDS);
}

const onScrape = (seconds: number) => Math.round(seconds / SCRAPE_SECONDS) * SCRAPE_SECONDS;

/** Three moments: on the second, third and fourth working day; in a short history at parts of it. */
function placeEvents(startSeconds: number, endSeconds: number): [slow: number, deploy: number, outage: number] {
  const [, second, third, fourth] = wholeDays(startSeconds, endSeconds).filter((day) => !isWeekend(day));
  if (second !== undefined && third !== undefined && fourth !== undefined)
    return [second + 14 * HOUR + 10 * MINUTE, third + 10 * HOUR + 15 * MINUTE, fourth + 10 * HOUR + 40 * MINUTE];
  const at = (part: number) => onScrape(startSeconds + part * (endSeconds - startSeconds));
  return [at(0.3), at(0.5), at(0.75)];
}

const FIRST_SPIKE_HOUR = 6;
const SPIKES_A_DAY = 7;
const SLOT_SECONDS = (16 * HOUR) / SPIKES_A_DAY;
/** From one spike's start to the next one's: longer than the windows and the waits of the alerts, so that each stands alone. */
const SPACING_SECONDS = 28 * MINUTE;
/** One of the day's spikes, in turn, is of the other kind. */
const STALLS_SECONDS = 3 * MINUTE;

function createSpike(random: Random, kind: Spike['kind'], slotStart: number): Spike {
  const fromSeconds = onScrape(slotStart + random.between(0, SLOT_SECONDS - SPACING_SECONDS));
  // Both are generated in either case, so that one spike's kind changes no other spike.
  const slowerSeconds = onScrape(random.between(MINUTE, 6 * MINUTE));
  const provider = random.happens(0.65) ? 'openai' : 'anthropic';
  const medianSeconds = random.between(1.15, 1.3);
  return kind === 'slower'
    ? { kind, provider, fromSeconds, toSeconds: fromSeconds + slowerSeconds, medianSeconds }
    : { kind, provider: 'openai', fromSeconds, toSeconds: fromSeconds + STALLS_SECONDS };
}

function spikesOfDay(seed: number, midnight: number): Spike[] {
  const random = createRandom(seed + midnight / DAY_SECONDS);
  return Array.from({ length: SPIKES_A_DAY }, (_, slot) => {
    const kind = slot === (midnight / DAY_SECONDS) % SPIKES_A_DAY ? 'stalls' : 'slower';
    return createSpike(random, kind, midnight + FIRST_SPIKE_HOUR * HOUR + slot * SLOT_SECONDS);
  });
}

/** Lays out a history: two incidents, a deploy between them, and about fifty harmless spikes a week. */
export function createTimeline(seed: number, startSeconds: number, endSeconds: number): Timeline {
  const [slow, deploySeconds, outage] = placeEvents(startSeconds, endSeconds);
  const incident = (name: string, fromSeconds: number, minutes: number, alerts: string[]): Incident => ({
    name,
    fromSeconds,
    toSeconds: fromSeconds + minutes * MINUTE,
    alerts,
  });
  const slowProvider = incident('slow provider', slow, 50, ['HighQueryLatency']);
  const outageAlerts = ['HighQueryLatency', 'HighErrorRate', 'LowCacheHitRate', 'RateLimitWarning'];
  const rateLimited = incident('rate limit and cache outage', outage, 25, outageAlerts);
  const firstMidnight = Math.floor(startSeconds / DAY_SECONDS) * DAY_SECONDS;
  const days = Math.ceil((endSeconds - firstMidnight) / DAY_SECONDS);
  const spikes = Array.from({ length: days }, (_, day) => spikesOfDay(seed, firstMidnight + day * DAY_SECONDS)).flat();
  const busy = [slowProvider, rateLimited, { fromSeconds: deploySeconds, toSeconds: deploySeconds }];
  const isAlone = ({ fromSeconds, toSeconds }: Spike) =>
    fromSeconds > startSeconds + SPACING_SECONDS &&
    toSeconds < endSeconds - SPACING_SECONDS &&
    busy.every((one) => toSeconds + SPACING_SECONDS < one.fromSeconds || fromSeconds > one.toSeconds + SPACING_SECONDS);
  return {
    startSeconds,
    endSeconds,
    deploySeconds,
    slowProvider,
    outage: rateLimited,
    spikes: spikes.filter(isAlone),
  };
}

import type { Incident, Provider, Spike, Timeline } from './timeline.js';
import { DAY_SECONDS, isWeekend } from './timeline.js';

/** Requests per second when most people are awake. */
const PEAK_RATE = 1.5;
const WEEKEND_SHARE = 0.6;

/** Share of the peak by hour of the day (UTC). */
const DAY_CURVE = [
  0.32, 0.28, 0.25, 0.24, 0.25, 0.3, 0.42, 0.6, 0.8, 0.95, 1, 0.98, 0.9, 0.95, 1, 1, 0.96, 0.9, 0.8, 0.7, 0.62, 0.55,
  0.46, 0.38,
];

/** Requests per second that are expected at a time: day and night, and a quieter weekend. */
export function requestRate(seconds: number): number {
  const hour = (seconds % DAY_SECONDS) / 3600;
  const [before = 1, after = 1] = [DAY_CURVE[Math.floor(hour)], DAY_CURVE[Math.floor(hour + 1) % 24]];
  const share = before + (after - before) * (hour % 1);
  return PEAK_RATE * share * (isWeekend(seconds) ? WEEKEND_SHARE : 1);
}

/** Under less load a provider is faster, too. */
const loadFactor = (seconds: number) => 0.7 + (0.3 * requestRate(seconds)) / PEAK_RATE;

/** One of the service's two operations. */
export interface Operation {
  operation: 'rag_pipeline' | 'chat';
  model: string;
  provider: Provider;
  /** Share of the requests. */
  share: number;
  /** Median of a call, when most people are awake. */
  llmSeconds: number;
  /** Medians of a call. */
  inputTokens: number;
  outputTokens: number;
  /** Requests a minute that the provider allows. */
  requestLimit: number;
}

/** The pipeline of the lesson retrieves and has a cache; the chat streams. The one is cheap and frequent, the other expensive. */
export const OPERATIONS: readonly Operation[] = [
  {
    operation: 'rag_pipeline',
    model: 'gpt-4o-mini',
    provider: 'openai',
    share: 0.7,
    llmSeconds: 0.55,
    inputTokens: 1500,
    outputTokens: 110,
    requestLimit: 200,
  },
  {
    operation: 'chat',
    model: 'claude-haiku-4-5',
    provider: 'anthropic',
    share: 0.3,
    llmSeconds: 0.45,
    inputTokens: 700,
    outputTokens: 90,
    requestLimit: 200,
  },
];

/** How things stand at a time. */
export interface Conditions {
  /** Median seconds of a call of this operation's model. */
  llmSeconds: number;
  /** Share of lookups that the cache answers. */
  cacheHitShare: number;
  outage: boolean;
  /** Share of the calls that the provider never answers. */
  timeoutShare: number;
  /** The new version asks with longer prompts, and is a little faster. */
  promptFactor: number;
}

const CACHE_HIT_SHARE = 0.52;
const within = ({ fromSeconds, toSeconds }: Incident | Spike, seconds: number) =>
  seconds >= fromSeconds && seconds < toSeconds;

/** After an outage the cache is empty, and fills within 20 minutes. */
function cacheHitShare(seconds: number, { outage }: Timeline): number {
  if (within(outage, seconds)) return 0;
  const sinceMinutes = (seconds - outage.toSeconds) / 60;
  return sinceMinutes < 0 ? CACHE_HIT_SHARE : CACHE_HIT_SHARE * Math.min(1, 0.3 + (0.7 * sinceMinutes) / 20);
}

/** The provider slows down within three minutes, to about five times its usual time, and sways a little. */
function slowSeconds(seconds: number, { fromSeconds }: Incident, usualSeconds: number): number {
  const sinceMinutes = (seconds - fromSeconds) / 60;
  const full = 2.7 + 0.3 * Math.sin(sinceMinutes / 3);
  return usualSeconds + (full - usualSeconds) * Math.min(1, sinceMinutes / 3);
}

/** What holds for an operation at a time. */
export function conditionsAt(seconds: number, operation: Operation, timeline: Timeline): Conditions {
  const isNew = seconds >= timeline.deploySeconds;
  const isSlow = operation.provider === 'openai' && within(timeline.slowProvider, seconds);
  const spike = timeline.spikes.find(
    (one) => one.kind === 'slower' && one.provider === operation.provider && within(one, seconds),
  );
  const usualSeconds = operation.llmSeconds * loadFactor(seconds) * (isNew ? 0.93 : 1);
  return {
    llmSeconds: isSlow
      ? slowSeconds(seconds, timeline.slowProvider, usualSeconds)
      : (spike?.medianSeconds ?? usualSeconds),
    cacheHitShare: operation.operation === 'rag_pipeline' ? cacheHitShare(seconds, timeline) : 0,
    outage: operation.provider === 'openai' && within(timeline.outage, seconds),
    timeoutShare: operation.provider === 'openai' ? (isSlow ? 0.02 : 0.0005) : 0,
    promptFactor: isNew ? 1.15 : 1,
  };
}

const WINDOW_SECONDS = 300;
/** Of a window's requests: above the twentieth that a p95 looks at, but for less than the five minutes of the alert. */
const STALLED_SHARE = 0.065;

/** How many calls of an operation stall between two scrapes: as many as make its p95 jump for three or four minutes. */
export function stalledCalls(seconds: number, operation: Operation, { spikes }: Timeline): number {
  const spike = spikes.find(
    (one) => one.kind === 'stalls' && one.provider === operation.provider && within(one, seconds),
  );
  if (!spike) return 0;
  const expected = requestRate(spike.fromSeconds) * operation.share * WINDOW_SECONDS * STALLED_SHARE;
  return expected / (spike.toSeconds - spike.fromSeconds);
}

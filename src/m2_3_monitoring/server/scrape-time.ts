import type { IncomingHttpHeaders } from 'node:http';

/** Prometheus' own default; other clients do not say how long they wait. */
const DEFAULT_MS = 10_000;
/** No client holds a scrape for longer. */
const MAX_MS = 60_000;
/** What is left for an answer to reach a client whose time is nearly over. */
const ANSWER_MS = 500;

/** How long a scrape may take, in milliseconds. */
export interface ScrapeTime {
  /** Until the metrics are collected. */
  collectMs: number;
  /** Until the client has read them. */
  totalMs: number;
}

/** The time that the client gives the scrape, in the header that Prometheus sends. */
export function scrapeTime(headers: IncomingHttpHeaders): ScrapeTime {
  const givenMs = Number(headers['x-prometheus-scrape-timeout-seconds']) * 1000;
  const totalMs = givenMs > 0 ? Math.min(givenMs, MAX_MS) : DEFAULT_MS;
  return { collectMs: totalMs - Math.min(ANSWER_MS, totalMs / 10), totalMs };
}

/**
 * What every room needs of Prometheus and Alertmanager. Only `rule-file.ts` cannot be bundled for a browser as it is: it takes
 * a reader of YAML along.
 *
 * In: the HTTP APIs of Prometheus and Alertmanager; durations, numbers, labels, pages of metrics and rule files as text.
 * Out: answers, values and rules, for a browser as for Node.
 * Must not know: expressions, panels, running programs.
 *
 * @module
 */

import type { Labels } from './labels.js';
import { joinSeries, type QueriedSeries, type QueryData, toQueriedSeries } from './query-data.js';
import { type SteppedRange, splitRange } from './range.js';
import { PrometheusError, type RequestOptions, requestText } from './request.js';

/** One series of an instant query's answer. */
export interface Sample {
  labels: Labels;
  value: number;
}

/** What Prometheus scrapes. */
export interface ActiveTarget {
  labels: Labels;
  scrapeUrl: string;
  health: 'up' | 'down' | 'unknown';
  /** Empty where there was none. */
  lastError: string;
  /** Seconds. */
  lastScrapeDuration: number;
  /** A duration; undefined before Prometheus 2.24. */
  scrapeInterval?: string;
}

/** A rule that Prometheus has loaded. */
export interface LoadedRule {
  type: 'alerting' | 'recording';
  name: string;
  query: string;
  health: 'ok' | 'err' | 'unknown';
  lastError?: string;
  /** Of an alert: `pending` is true, but not yet for long enough. */
  state?: 'inactive' | 'pending' | 'firing';
  labels?: Labels;
  /** Of an alert: each of its series that is pending or firing. `activeAt` is an ISO time. */
  alerts?: { labels: Labels; annotations: Record<string, string>; state: string; activeAt: string }[];
}

/** An answer of the HTTP API. */
export interface Answer<Data> {
  data: Data;
  /** What Prometheus remarks on the data. */
  warnings: string[];
}

/** Reads from the HTTP API of Prometheus; all of it rejects with `PrometheusError` in Prometheus' own words. */
export interface PrometheusClient {
  /** For example `http://127.0.0.1:9090`. */
  readonly url: string;
  /** Sends `parameters` by POST, as `query` and `query_range` take them; without any it is a GET. */
  ask<Data>(path: string, parameters?: Record<string, string>): Promise<Answer<Data>>;
  /** The data of an answer, for example of `status/flags`. */
  api<Data>(path: string): Promise<Data>;
  /** The value of an expression now, or at a time in seconds since 1970. */
  query(expr: string, atSeconds?: number): Promise<Sample[]>;
  /** The values of an expression at each step; a long range is asked for in parts that Prometheus takes. */
  queryRange(expr: string, range: SteppedRange): Promise<QueriedSeries[]>;
  targets(): Promise<ActiveTarget[]>;
  rules(): Promise<LoadedRule[]>;
}

function read<Data>(text: string, url: string): Answer<Data> {
  try {
    const { data, warnings = [] } = JSON.parse(text);
    if (data !== undefined) return { data, warnings };
  } catch {
    // Said below.
  }
  throw new PrometheusError(`what answers at ${url} is not the HTTP API of Prometheus`);
}

/** @param request sends the requests. Default: `requestText` */
export function createClient(url: string, options?: RequestOptions, request = requestText): PrometheusClient {
  const client: PrometheusClient = {
    url,
    async ask(path, parameters) {
      const form = parameters && new URLSearchParams(parameters);
      return read(await request(`${url}/api/v1/${path}`, options, form), url);
    },
    api: async <Data>(path: string) => (await client.ask<Data>(path)).data,
    async query(query, atSeconds) {
      const parameters = { query, ...(atSeconds !== undefined && { time: String(atSeconds) }) };
      const { data } = await client.ask<QueryData>('query', parameters);
      return toQueriedSeries(data).map(({ labels, points }) => ({ labels, value: points[0]?.[1] ?? Number.NaN }));
    },
    async queryRange(query, range) {
      const series: QueriedSeries[] = [];
      for (const { fromSeconds, toSeconds, stepSeconds } of splitRange(range)) {
        const part = { start: `${fromSeconds}`, end: `${toSeconds}`, step: `${stepSeconds}` };
        series.push(...toQueriedSeries((await client.ask<QueryData>('query_range', { query, ...part })).data));
      }
      return joinSeries(series);
    },
    targets: async () => (await client.api<{ activeTargets: ActiveTarget[] }>('targets?state=active')).activeTargets,
    rules: async () =>
      (await client.api<{ groups: { rules: LoadedRule[] }[] }>('rules')).groups.flatMap(({ rules }) => rules),
  };
  return client;
}

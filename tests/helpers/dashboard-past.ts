import { formatNumber } from '../../src/prometheus/number.js';
import { type SyntheticSeries, startWithPast } from '../../src/stack/index.js';

/** Seconds since 1970 at which `startWithPast` begins. */
const START_SECONDS = Date.UTC(2026, 0, 1) / 1000;
const MINUTES = 90;

const LATENCY_BOUNDS = [0.5, 1, 2, 3, 5];
const SCORE_BOUNDS = [0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** Two requests a second, steadily; the numbers of the dashboard follow from it. */
const REQUESTS_PER_MINUTE = 120;

/** What the dashboard has to show of this past, by hand. */
export const TRUTHS: Record<string, string[]> = {
  // Half of the queries up to 1 s, 95 % up to 2 s: the quantiles lie on the bounds; 99 % lie in the bucket up to 3 s.
  'Query Latency (p50/p95/p99)': ['1 s', '2 s', '2.80 s'],
  'Request Rate & Error Rate': ['2 req/s', '0.200 req/s'],
  'Token Usage (Input vs Output)': ['1.60 K', '500'],
  'Cost per Query & Total Spend': ['$0.00450'],
  'Cache Hit Rate %': ['40%'],
  'Error Rate %': ['10.0%'],
  'Active Requests': ['7'],
  'Rate Limit Remaining': ['80', '600'],
  // 0.7 to 0.8 holds the 45th to the 75th percent: the median is a sixth of the way.
  'Response Relevance Score': ['71.7%', '60%'],
  'Error Breakdown by Type': ['50%', '25%'],
};

function histogram(name: string, labels: string, bounds: number[], shares: number[]): SyntheticSeries[] {
  return [...bounds, Infinity].map((bound, index) => ({
    series: `${name}_bucket{job="rag-service",${labels}le="${formatNumber(bound)}"}`,
    valueAt: (minute) => minute * REQUESTS_PER_MINUTE * (shares[index] ?? 1),
  }));
}

const counter = (name: string, labels: string, perMinute: number): SyntheticSeries => ({
  series: `${name}{job="rag-service"${labels}}`,
  valueAt: (minute) => minute * perMinute,
});

const gauge = (name: string, labels: string, value: number): SyntheticSeries => ({
  series: `${name}{job="rag-service"${labels}}`,
  valueAt: () => value,
});

const byShare = (name: string, label: string, shares: Record<string, number>): SyntheticSeries[] =>
  Object.entries(shares).map(([value, share]) =>
    counter(name, `,endpoint="query",${label}="${value}"`, REQUESTS_PER_MINUTE * share),
  );

const series: SyntheticSeries[] = [
  ...histogram('rag_query_latency_seconds', 'operation="query",', LATENCY_BOUNDS, [0.2, 0.5, 0.95, 1, 1]),
  ...histogram('rag_relevance_score', '', SCORE_BOUNDS, [0.1, 0.25, 0.45, 0.75, 0.9, 1]),
  ...histogram('rag_context_precision', '', SCORE_BOUNDS, [0.3, 0.5, 0.7, 0.8, 0.9, 1]),
  ...byShare('rag_requests_total', 'status', { success: 0.9, error: 0.06, rate_limited: 0.03, timeout: 0.01 }),
  ...byShare('rag_errors_total', 'error_type', { RateLimitError: 0.05, TimeoutError: 0.025, ValueError: 0.025 }),
  counter('rag_input_tokens_sum', ',model="small"', REQUESTS_PER_MINUTE * 800),
  counter('rag_output_tokens_sum', ',model="small"', REQUESTS_PER_MINUTE * 250),
  counter('rag_query_cost_usd_sum', ',model="small"', REQUESTS_PER_MINUTE * 0.0045),
  counter('rag_query_cost_usd_count', ',model="small"', REQUESTS_PER_MINUTE),
  counter('rag_total_cost_usd', ',model="small"', REQUESTS_PER_MINUTE * 0.0045),
  counter('rag_cache_hits_total', ',cache_type="semantic"', 48),
  counter('rag_cache_misses_total', ',cache_type="semantic"', 72),
  gauge('rag_active_requests', '', 7),
  gauge('rag_rate_limit_remaining', ',provider="openai"', 80),
  gauge('rag_rate_limit_remaining', ',provider="anthropic"', 600),
  // A saw, for what the others are too smooth for.
  { series: 'saw', valueAt: (minute) => (minute % 30) * 10 },
];

/** Waits for an ending whose own handles do not keep this process alive, as those of a stopped child may not. */
async function keepingAlive(ending: Promise<void>): Promise<void> {
  const alive = setInterval(() => {}, 1000);
  await ending.finally(() => clearInterval(alive));
}

/** A Prometheus in which every panel of the dashboard has data, and the end of its past. */
export async function startWithDashboardPast() {
  const prometheus = await startWithPast(series, MINUTES);
  return {
    ...prometheus,
    endSeconds: START_SECONDS + MINUTES * 60,
    stop: () => keepingAlive(prometheus.stop()),
  };
}

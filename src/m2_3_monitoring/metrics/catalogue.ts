/** What a metric is, before any library makes one of it. */
export interface MetricDefinition {
  /** Name on /metrics, with its unit as suffix. */
  readonly name: `rag_${string}`;
  readonly type: 'histogram' | 'counter' | 'gauge';
  /** One line for the reader of /metrics. */
  readonly help: string;
  readonly unit: 'seconds' | 'tokens' | 'USD' | 'ratio' | 'requests' | 'errors' | 'values' | 'operations' | 'bytes';
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, ascending, in `unit`. */
  readonly buckets?: readonly number[];
  /** The question that the metric answers. */
  readonly why: string;
  /** How several processes' values of a gauge become one; by default prom-client sums. */
  readonly aggregator?: 'sum' | 'min' | 'max' | 'omit';
}

// Every alert threshold of config.ts is a boundary, and one finite bucket lies above it: a quantile is interpolated
// inside its bucket, and never shows more than the highest finite one.
const LATENCY_SECONDS = [0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 20, 30, 60];
const RETRIEVAL_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];
const FIRST_TOKEN_SECONDS = [0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 20];
// OpenTelemetry's boundaries for the time per output token of a server.
const PER_TOKEN_SECONDS = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
const COST_USD = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
// OpenTelemetry advises powers of 4; powers of 2 halve the error of a p95.
const TOKENS = Array.from({ length: 13 }, (_, power) => 64 * 2 ** power);
const SCORE = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** Every metric of the module. Rules, dashboard, notebook and README may use nothing else; a test holds them together. */
export const catalogue = {
  queryLatency: {
    name: 'rag_query_latency_seconds',
    type: 'histogram',
    help: 'End-to-end latency of a RAG query',
    unit: 'seconds',
    labels: ['operation'],
    buckets: LATENCY_SECONDS,
    why: 'Do people wait too long?',
  },
  retrievalLatency: {
    name: 'rag_retrieval_latency_seconds',
    type: 'histogram',
    help: 'Latency of the document retrieval',
    unit: 'seconds',
    labels: [],
    buckets: RETRIEVAL_SECONDS,
    why: 'Is it slow because of the search?',
  },
  llmLatency: {
    name: 'rag_llm_latency_seconds',
    type: 'histogram',
    help: 'Latency of the LLM generation',
    unit: 'seconds',
    labels: [],
    buckets: LATENCY_SECONDS,
    why: 'Is it slow because of the model?',
  },
  timeToFirstToken: {
    name: 'rag_time_to_first_token_seconds',
    type: 'histogram',
    help: 'From the start of a streamed call to its first output; streams only',
    unit: 'seconds',
    labels: ['operation'],
    buckets: FIRST_TOKEN_SECONDS,
    why: 'How long do people look at an empty screen?',
  },
  timePerOutputToken: {
    name: 'rag_time_per_output_token_seconds',
    type: 'histogram',
    help: 'Mean time between two output tokens of a streamed call, after the first; streams only',
    unit: 'seconds',
    labels: ['operation'],
    buckets: PER_TOKEN_SECONDS,
    why: 'Does the answer flow?',
  },
  inputTokens: {
    name: 'rag_input_tokens',
    type: 'histogram',
    help: 'Input tokens of a query',
    unit: 'tokens',
    labels: ['model'],
    buckets: TOKENS,
    why: 'How large are the prompts?',
  },
  outputTokens: {
    name: 'rag_output_tokens',
    type: 'histogram',
    help: 'Output tokens of a query',
    unit: 'tokens',
    labels: ['model'],
    buckets: TOKENS,
    why: 'How long are the answers?',
  },
  cachedInputTokens: {
    name: 'rag_cached_input_tokens_total',
    type: 'counter',
    help: 'Input tokens that the provider read from its prompt cache; part of the input tokens',
    unit: 'tokens',
    labels: ['model'],
    why: 'Does prompt caching pay?',
  },
  reasoningTokens: {
    name: 'rag_reasoning_tokens_total',
    type: 'counter',
    help: 'Output tokens that the model spent on reasoning; part of the output tokens',
    unit: 'tokens',
    labels: ['model'],
    why: 'How much do we pay for thinking?',
  },
  queryCost: {
    name: 'rag_query_cost_usd',
    type: 'histogram',
    help: 'Cost of a query in USD',
    unit: 'USD',
    labels: ['model'],
    buckets: COST_USD,
    why: 'What does a query cost, on average and at the p95?',
  },
  totalCost: {
    name: 'rag_total_cost_usd',
    type: 'counter',
    help: 'Cost of all queries in USD',
    unit: 'USD',
    labels: ['model'],
    why: 'What do we spend per day, on which model?',
  },
  cacheHits: {
    name: 'rag_cache_hits_total',
    type: 'counter',
    help: 'Cache lookups that found an answer',
    unit: 'operations',
    labels: ['cache_type'],
    why: 'Does the cache work now? (a ratio of two rates)',
  },
  cacheMisses: {
    name: 'rag_cache_misses_total',
    type: 'counter',
    help: 'Cache lookups that found nothing',
    unit: 'operations',
    labels: ['cache_type'],
    why: 'Does the cache work now? (a ratio of two rates)',
  },
  cacheHitRate: {
    name: 'rag_cache_hit_rate',
    type: 'gauge',
    help: 'Share of cache lookups that hit since the process started; alert on the counters instead',
    unit: 'ratio',
    labels: ['cache_type'],
    why: 'How has the cache done since the start?',
    aggregator: 'omit',
  },
  relevanceScore: {
    name: 'rag_relevance_score',
    type: 'histogram',
    help: 'Relevance of the retrieved passages, 0 to 1',
    unit: 'ratio',
    labels: [],
    buckets: SCORE,
    why: 'Do the passages fit the question?',
  },
  contextPrecision: {
    name: 'rag_context_precision',
    type: 'histogram',
    help: 'Share of retrieved passages that belong to an expected document, 0 to 1',
    unit: 'ratio',
    labels: [],
    buckets: SCORE,
    why: 'How much of the context is noise?',
  },
  requestsTotal: {
    name: 'rag_requests_total',
    type: 'counter',
    help: 'Requests that ended, by outcome',
    unit: 'requests',
    labels: ['endpoint', 'status'],
    why: 'How much traffic is there, and which share fails?',
  },
  errorsTotal: {
    name: 'rag_errors_total',
    type: 'counter',
    help: 'Errors by type',
    unit: 'errors',
    labels: ['error_type', 'endpoint'],
    why: 'What fails, and where?',
  },
  rateLimitRemaining: {
    name: 'rag_rate_limit_remaining',
    type: 'gauge',
    help: 'Requests that the provider still allows in its window',
    unit: 'requests',
    labels: ['provider'],
    why: 'Will the provider refuse us soon?',
    aggregator: 'min',
  },
  rateLimitHits: {
    name: 'rag_rate_limit_hits_total',
    type: 'counter',
    help: 'Requests that a provider refused because of its rate limit',
    unit: 'requests',
    labels: ['provider'],
    why: 'Has the provider refused us?',
  },
  attempts: {
    name: 'rag_llm_attempts_total',
    type: 'counter',
    help: 'HTTP requests to a provider, retries included, by outcome',
    unit: 'requests',
    labels: ['provider', 'status'],
    why: 'How often is a request retried?',
  },
  activeRequests: {
    name: 'rag_active_requests',
    type: 'gauge',
    help: 'Requests in progress',
    unit: 'requests',
    labels: [],
    why: 'Is there a spike, or something that hangs?',
    aggregator: 'sum',
  },
  queueDepth: {
    name: 'rag_queue_depth',
    type: 'gauge',
    help: 'Requests that wait for a free place',
    unit: 'requests',
    labels: [],
    why: 'Do requests come faster than they are served?',
    aggregator: 'sum',
  },
  unpricedRequests: {
    name: 'rag_unpriced_requests_total',
    type: 'counter',
    help: 'Requests priced with the default rates because the model has no price',
    unit: 'requests',
    labels: ['model'],
    why: 'May the cost be trusted?',
  },
  droppedValues: {
    name: 'rag_dropped_values_total',
    type: 'counter',
    help: 'Values that were not recorded because they were bad, by field and reason',
    unit: 'values',
    labels: ['field', 'reason'],
    why: 'May the other numbers be trusted?',
  },
  labelOverflow: {
    name: 'rag_label_overflow_total',
    type: 'counter',
    help: 'Values recorded under `other` because their label has too many values already',
    unit: 'values',
    labels: ['metric', 'label'],
    why: 'Is something unbounded used as a label?',
  },
  scrapeDuration: {
    name: 'rag_scrape_duration_seconds',
    type: 'gauge',
    help: 'Time that the previous scrape took to collect and render',
    unit: 'seconds',
    labels: [],
    why: 'What does being watched cost?',
    aggregator: 'max',
  },
  scrapeSize: {
    name: 'rag_scrape_size_bytes',
    type: 'gauge',
    help: 'Size of the previous scrape before compression',
    unit: 'bytes',
    labels: [],
    why: 'Is the number of series growing?',
    aggregator: 'max',
  },
  scrapesRefused: {
    name: 'rag_scrapes_refused_total',
    type: 'counter',
    help: 'Scrapes that were refused, by reason',
    unit: 'requests',
    labels: ['reason'],
    why: 'Does a client of /metrics lack the token, or ask for too much?',
  },
} as const satisfies Record<string, MetricDefinition>;

export type Catalogue = typeof catalogue;
export type MetricKey = keyof Catalogue;

/** How a request can end; every value of the label `status`. */
export const STATUSES = ['success', 'error', 'aborted', 'rate_limited', 'timeout'] as const;
export type Status = (typeof STATUSES)[number];

/** Why a value can be dropped; every value of the label `reason`. */
export const DROP_REASONS = [
  'missing',
  'not_a_number',
  'not_finite',
  'negative',
  'out_of_range',
  'unreadable',
  'refused',
  'unwatchable',
  'not_written',
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** Why a scrape can be refused; values of the label `reason` of the refused scrapes. */
export const REFUSAL_REASONS = ['unauthorized', 'wrong_host', 'too_many'] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Counts a value that was not recorded. Never throws. */
export type Drop = (field: string, reason: DropReason) => void;

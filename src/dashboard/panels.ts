import type { AlertThresholds } from '../../config/alert-settings.js';
import * as promql from './promql.js';

export interface PanelQuery {
  expr: string;
  /** What the legend says; `{{label}}` is filled in. */
  legend: string;
  /** Draws this one on an axis of its own, in this unit. */
  rightAxisUnit?: string;
}

/** A panel as the lesson's table tells it, with what Grafana needs to draw it. */
export interface PanelDefinition {
  title: string;
  visualization: 'Time series graph' | 'Gauge' | 'Stat panel' | 'Pie chart';
  purpose: string;
  /** Grafana's name of the unit. */
  unit: string;
  queries: PanelQuery[];
  /** Where good turns bad, in `unit`. */
  threshold?: { value: number; bad: 'above' | 'below' };
  max?: number;
  decimals?: number;
}

const SELECTOR = 'job=~"$job"';
const SCOPE = { selector: SELECTOR, window: '$__rate_interval' };

/** The ten panels, in the lesson's order. */
export const panels = (config: AlertThresholds): PanelDefinition[] => [
  {
    title: 'Query Latency (p50/p95/p99)',
    visualization: 'Time series graph',
    purpose: 'Track performance trends',
    unit: 's',
    threshold: { value: config.ALERT_QUERY_P95_SECONDS, bad: 'above' },
    queries: [0.5, 0.95, 0.99].map((q) => ({ expr: promql.queryLatency(q, SCOPE), legend: `p${q * 100}` })),
  },
  {
    title: 'Request Rate & Error Rate',
    visualization: 'Time series graph',
    purpose: 'Monitor traffic & failures',
    unit: 'reqps',
    queries: [
      { expr: promql.requestRate(SCOPE), legend: 'requests' },
      { expr: promql.failureRate(SCOPE), legend: 'failed requests' },
    ],
  },
  {
    title: 'Token Usage (Input vs Output)',
    visualization: 'Time series graph',
    purpose: 'Understand token consumption',
    unit: 'short',
    queries: [
      { expr: promql.inputTokenRate(SCOPE), legend: 'input tokens per second' },
      { expr: promql.outputTokenRate(SCOPE), legend: 'output tokens per second' },
    ],
  },
  {
    title: 'Cost per Query & Total Spend',
    visualization: 'Time series graph',
    purpose: 'Control spending',
    unit: 'currencyUSD',
    queries: [
      { expr: promql.meanQueryCost(SCOPE), legend: 'mean cost per query' },
      {
        expr: promql.spend({ selector: SELECTOR, window: '24h' }),
        legend: 'spent in the last 24 h (right axis)',
        rightAxisUnit: 'currencyUSD',
      },
    ],
  },
  {
    title: 'Cache Hit Rate %',
    visualization: 'Gauge',
    purpose: 'Optimize caching strategy',
    unit: 'percentunit',
    max: 1,
    threshold: { value: config.ALERT_CACHE_HIT_RATIO, bad: 'below' },
    queries: [{ expr: promql.cacheHitRatio(SCOPE, ' > 0'), legend: 'hits of all lookups' }],
  },
  {
    title: 'Error Rate %',
    visualization: 'Stat panel',
    purpose: 'Set SLA alerts',
    unit: 'percentunit',
    decimals: 1,
    threshold: { value: config.ALERT_ERROR_RATIO, bad: 'above' },
    queries: [{ expr: promql.errorRatio(SCOPE, ' > 0'), legend: 'failed of all requests' }],
  },
  {
    title: 'Active Requests',
    visualization: 'Stat panel',
    purpose: 'Detect traffic spikes',
    unit: 'none',
    decimals: 0,
    queries: [{ expr: promql.activeRequests(SELECTOR), legend: 'in progress' }],
  },
  {
    title: 'Rate Limit Remaining',
    visualization: 'Gauge',
    purpose: 'Prevent rate limit hits',
    unit: 'none',
    decimals: 0,
    threshold: { value: config.ALERT_RATE_LIMIT_REMAINING, bad: 'below' },
    queries: [{ expr: promql.rateLimitRemaining(['provider'], SELECTOR), legend: '{{provider}}' }],
  },
  {
    title: 'Response Relevance Score',
    visualization: 'Time series graph',
    purpose: 'Monitor answer quality',
    unit: 'percentunit',
    max: 1,
    threshold: { value: config.ALERT_RELEVANCE_P50, bad: 'below' },
    queries: [
      { expr: promql.relevance(0.5, SCOPE), legend: 'median relevance' },
      { expr: promql.contextPrecision(0.5, SCOPE), legend: 'median context precision' },
    ],
  },
  {
    title: 'Error Breakdown by Type',
    visualization: 'Pie chart',
    purpose: 'Debug error patterns',
    unit: 'none',
    decimals: 0,
    queries: [
      {
        expr: `${promql.errors({ selector: SELECTOR, window: '$__range', by: ['error_type'] })} > 0`,
        legend: '{{error_type}}',
      },
    ],
  },
];

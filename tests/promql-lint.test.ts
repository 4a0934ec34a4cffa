import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { FORMULAS } from '../src/lesson/formulas.js';
import { findMistakes, lint, mend, rules, SOURCE_ALERTS, splitThreshold } from '../src/promql/index.js';
import { type SyntheticSeries, startWithPast } from '../src/stack/index.js';

const MINUTES = 120;
const LAST = MINUTES - 2;
const OPTIONS = { scrapeIntervalSeconds: 15 };
const isAlert = (expr: string) => splitThreshold(expr) !== undefined;
const optionsFor = (expr: string) => ({ ...OPTIONS, isAlert: isAlert(expr) });

// As in the facts that the lesson teaches: 400 requests a minute of which 20 fail, 0.60 USD a minute, a cache that answered
// 800,000 of its first million lookups and died 15 minutes ago, another instance with 10 lookups of which 9 hit.
const at = 'job="rag",instance="a"';
const alive = (minute: number) => Math.min(minute, 105);
const hits = (minute: number) => 800_000 + 80 * alive(minute);
const misses = (minute: number) => 200_000 + 20 * alive(minute) + 100 * (minute - alive(minute));
/** A counter of a process that started anew two minutes ago. */
const restarted = (perMinute: number) => (minute: number) => perMinute * (minute < LAST ? minute : minute - LAST);

function histogram(name: string, labels: string, perMinute: Record<string, number>): SyntheticSeries[] {
  const counts = Object.entries(perMinute).map(
    ([le, rate]): SyntheticSeries => ({
      series: `${name}_bucket{${labels},le="${le}"}`,
      valueAt: (minute) => rate * minute,
    }),
  );
  const all = perMinute['+Inf'] ?? 0;
  return [...counts, { series: `${name}_count{${labels}}`, valueAt: (minute) => all * minute }];
}

const slow = 'job="rag",instance="b"';
const PAST: SyntheticSeries[] = [
  { series: `rag_requests_total{${at},endpoint="query",status="success"}`, valueAt: (minute) => 380 * minute },
  { series: `rag_requests_total{${at},endpoint="query",status="error"}`, valueAt: (minute) => 20 * minute },
  { series: `rag_errors_total{${at},endpoint="query",error_type="TimeoutError"}`, valueAt: (minute) => 20 * minute },
  { series: `rag_total_cost_usd{${at},model="gpt-4"}`, valueAt: (minute) => 0.6 * minute },
  { series: `rag_cache_hits_total{${at},cache_type="semantic"}`, valueAt: hits },
  { series: `rag_cache_misses_total{${at},cache_type="semantic"}`, valueAt: misses },
  { series: `rag_cache_hit_rate{${at},cache_type="semantic"}`, valueAt: (m) => hits(m) / (hits(m) + misses(m)) },
  { series: `rag_cache_hit_rate{${slow},cache_type="semantic"}`, valueAt: () => 0.9 },
  // 1 a second on each of two instances, one of which has just started anew.
  { series: `rag_rate_limit_hits_total{${at},provider="openai"}`, valueAt: (minute) => 60 * minute },
  { series: `rag_rate_limit_hits_total{${slow},provider="openai"}`, valueAt: restarted(60) },
  { series: `rag_label_overflow_total{${at},metric="m",label="l"}`, valueAt: (minute) => 4 * minute },
  // Ten requests come and go within each minute.
  { series: `rag_active_requests{${at}}`, valueAt: (minute) => 10 * (minute % 1) },
  // 90 calls below half a second on one instance, 10 between 20 s and 30 s on the other.
  ...histogram('rag_query_latency_seconds', `${at},operation="query"`, {
    '0.25': 0,
    '0.5': 90,
    '2': 90,
    '5': 90,
    '20': 90,
    '30': 90,
    '60': 90,
    '+Inf': 90,
  }),
  ...histogram('rag_query_latency_seconds', `${slow},operation="query"`, {
    '0.25': 0,
    '0.5': 0,
    '2': 0,
    '5': 0,
    '20': 0,
    '30': 10,
    '60': 10,
    '+Inf': 10,
  }),
  // Nine of ten take longer than the highest finite bucket.
  ...histogram('rag_llm_latency_seconds', at, { '30': 10, '60': 10, '+Inf': 100 }),
  // 94 below 5 s, and 6 that took 9.9 s.
  ...histogram('rag_time_to_first_token_seconds', `${at},operation="query"`, {
    '2.5': 0,
    '5': 94,
    '10': 100,
    '20': 100,
    '+Inf': 100,
  }),
];

type Outcome = number | 'no data';

interface Row {
  rule: string;
  wrong: string;
  /** What a real Prometheus answers. */
  gives: Outcome;
  /** What it answers to the corrected expression. Undefined where none can be derived. */
  better?: Outcome;
}

const P95 = 'histogram_quantile(0.95, sum by (le) (rate(rag_query_latency_seconds_bucket[5m])))';
const TABLE: Row[] = [
  {
    rule: 'self-ratio',
    wrong: 'rate(rag_requests_total{status="error"}[5m]) / rate(rag_requests_total[5m])',
    gives: 1,
    better: 0.05,
  },
  {
    rule: 'self-ratio',
    wrong:
      'sum by (status) (rate(rag_requests_total{status="error"}[5m])) / sum by (status) (rate(rag_requests_total[5m]))',
    gives: 1,
    better: 0.05,
  },
  {
    rule: 'labels-do-not-match',
    wrong: 'rate(rag_errors_total[5m]) / rate(rag_requests_total[5m])',
    gives: 'no data',
    better: 0.05,
  },
  {
    rule: 'labels-do-not-match',
    wrong: 'sum by (endpoint) (rate(rag_errors_total[5m])) / sum(rate(rag_requests_total[5m]))',
    gives: 'no data',
    better: 0.05,
  },
  {
    rule: 'labels-do-not-match',
    wrong: 'sum(rate(rag_requests_total[5m])) > 1 and sum by (job) (rate(rag_errors_total[5m])) > 0.1',
    gives: 'no data',
  },
  {
    rule: 'ratio-without-traffic',
    wrong: 'sum(rate(rag_errors_total[5m])) / sum(rate(rag_requests_total[5m])) > 0.01',
    gives: 0.05,
    better: 0.05,
  },
  { rule: 'per-second-rate', wrong: 'sum(rate(rag_total_cost_usd[1h])) * 24', gives: 0.24, better: 864 },
  { rule: 'per-second-rate', wrong: '24 * sum(rate(rag_total_cost_usd[5m]))', gives: 0.24, better: 864 },
  { rule: 'per-second-rate', wrong: 'sum(rate(rag_total_cost_usd[1h])) * 60 * 24', gives: 14.4 },
  { rule: 'lifetime-ratio', wrong: 'rag_cache_hit_rate{instance="a"} < 1', gives: 0.799, better: 0 },
  { rule: 'lifetime-ratio', wrong: 'avg(rag_cache_hit_rate)', gives: 0.849, better: 0 },
  {
    rule: 'quantile-without-le',
    wrong: 'histogram_quantile(0.95, sum(rate(rag_query_latency_seconds_bucket[5m])))',
    gives: 'no data',
    better: 25,
  },
  {
    rule: 'quantile-without-le',
    wrong: 'histogram_quantile(0.95, sum by (job) (rate(rag_query_latency_seconds_bucket[5m])))',
    gives: 'no data',
    better: 25,
  },
  {
    rule: 'averaged-quantile',
    wrong: 'avg(histogram_quantile(0.95, sum by (instance, le) (rate(rag_query_latency_seconds_bucket[5m]))))',
    gives: 14.99,
    better: 25,
  },
  {
    rule: 'averaged-quantile',
    wrong: 'min(histogram_quantile(0.95, rate(rag_query_latency_seconds_bucket[5m])))',
    gives: 0.4875,
    better: 25,
  },
  {
    rule: 'quantile-threshold',
    wrong: 'histogram_quantile(0.95, sum by (le) (rate(rag_llm_latency_seconds_bucket[5m]))) > 60',
    gives: 'no data',
  },
  {
    rule: 'quantile-threshold',
    wrong: 'histogram_quantile(0.95, sum by (le) (rate(rag_time_to_first_token_seconds_bucket[5m]))) < 8',
    gives: 5.833,
  },
  { rule: 'quantile-range', wrong: P95.replace('0.95', '95'), gives: Infinity, better: 25 },
  {
    rule: 'quantile-per-instance',
    wrong: 'histogram_quantile(0.95, rate(rag_query_latency_seconds_bucket{instance="a"}[5m])) > 0.25',
    gives: 0.4875,
    better: 0.4875,
  },
  {
    rule: 'le-boundary',
    wrong: 'sum(rate(rag_query_latency_seconds_bucket{le="8"}[5m])) / sum(rate(rag_query_latency_seconds_count[5m]))',
    gives: 'no data',
  },
  {
    rule: 'le-boundary',
    wrong: 'sum(rate(rag_query_latency_seconds_bucket{le="5.0"}[5m])) / sum(rate(rag_query_latency_seconds_count[5m]))',
    gives: 'no data',
    better: 0.9,
  },
  {
    rule: 'le-boundary',
    wrong: 'sum(rate(rag_query_latency_seconds_bucket{le="0.50"}[5m]))',
    gives: 'no data',
    better: 1.5,
  },
  { rule: 'rate-of-sum', wrong: 'rate(sum(rag_rate_limit_hits_total)[5m:15s])', gives: 25.5, better: 1.95 },
  { rule: 'rate-of-gauge', wrong: 'increase(rag_active_requests[5m])', gives: 37.5, better: 0 },
  { rule: 'delta-on-counter', wrong: 'delta(rag_rate_limit_hits_total{instance="b"}[5m])', gives: -6780, better: 285 },
  { rule: 'raw-counter', wrong: 'sum(rag_total_cost_usd) > 50', gives: 72, better: 'no data' },
  {
    rule: 'raw-counter',
    wrong: 'rag_cache_hits_total / (rag_cache_hits_total + rag_cache_misses_total) < 1',
    gives: 0.799,
    better: 0,
  },
  { rule: 'rate-window', wrong: 'sum(rate(rag_requests_total[15s] offset 1s))', gives: 'no data', better: 6.667 },
  { rule: 'rate-window', wrong: 'sum(rate(rag_requests_total{status="error"}[20s]))', gives: 0.333, better: 0.333 },
  {
    rule: 'rate-equality',
    wrong: 'increase(rag_label_overflow_total[70s]) == 4',
    gives: 'no data',
    better: 4.667,
  },
  { rule: 'zero-as-down', wrong: 'sum(rate(rag_requests_total{job="gone"}[5m])) == 0', gives: 'no data', better: 1 },
  { rule: 'count-never-zero', wrong: 'count(up{job="gone"}) == 0', gives: 'no data', better: 1 },
  { rule: 'count-never-zero', wrong: 'count(rag_active_requests > 1000) < 1', gives: 'no data', better: 0 },
  { rule: 'unknown-metric', wrong: 'sum(rate(rag_request_total[5m]))', gives: 'no data', better: 6.667 },
  {
    rule: 'wrong-suffix',
    wrong: 'histogram_quantile(0.95, sum by (le) (rate(rag_query_latency_seconds[5m])))',
    gives: 'no data',
    better: 25,
  },
  { rule: 'unknown-label', wrong: 'sum(rate(rag_requests_total{state="error"}[5m]))', gives: 'no data' },
  { rule: 'unknown-label', wrong: 'count(sum by (sttus) (rate(rag_requests_total[5m])))', gives: 1, better: 2 },
  { rule: 'unknown-value', wrong: 'sum(rate(rag_requests_total{status="failed"}[5m]))', gives: 'no data' },
];

describe('a mistake that looks right', () => {
  let past: Awaited<ReturnType<typeof startWithPast>>;
  before(async () => {
    past = await startWithPast(PAST, MINUTES);
  });
  after(() => past.stop());

  async function assertGives(expr: string, expected: Outcome): Promise<void> {
    const samples = await past.measure(expr);
    const values = samples.map(({ value }) => (Number.isFinite(value) ? Number(value.toPrecision(4)) : value));
    const wanted = expected === 'no data' ? [] : [expected];
    assert.equal(values.length, wanted.length, `${expr} gives ${JSON.stringify(values)}`);
    for (const value of wanted)
      assert.ok(
        values[0] === value || Math.abs((values[0] ?? 0) - value) <= Math.abs(value) * 0.002,
        `${expr} gives ${values}, not ${value}`,
      );
  }

  for (const { rule, wrong, gives, better } of TABLE) {
    test(`${rule}: ${wrong} gives ${gives}${better === undefined ? '' : `, and ${better} when mended`}`, async () => {
      const found = lint(wrong, optionsFor(wrong));
      assert.ok(
        found.some((one) => one.rule === rule),
        JSON.stringify(found),
      );
      await assertGives(wrong, gives);
      if (better === undefined) return;
      const mended = mend(wrong, optionsFor(wrong));
      assert.ok(mended, 'it can be mended');
      assert.deepEqual(lint(mended, optionsFor(mended)), []);
      await assertGives(mended, better);
    });
  }

  test('has a row above for every rule', () => {
    const shown = new Set(TABLE.map(({ rule }) => rule));
    assert.deepEqual(
      rules.map(({ id }) => id).filter((id) => !shown.has(id)),
      [],
    );
  });
});

const CORRECT = [
  'up{job="rag-service"} == 0',
  'absent(up{job="rag-service"})',
  'up == 0 or absent(up)',
  'sum(rate(rag_requests_total{status="error"}[5m])) / sum(rate(rag_requests_total[5m]))',
  'sum by (endpoint) (rate(rag_requests_total{status=~"error|timeout"}[5m])) / sum by (endpoint) (rate(rag_requests_total[5m]))',
  'sum without (status, instance) (rate(rag_requests_total{status!="success"}[5m])) / sum without (status, instance) (rate(rag_requests_total[5m]))',
  'sum without (status) (rate(rag_requests_total{status="error"}[5m])) / ignoring (status) sum without (status) (rate(rag_requests_total[5m]))',
  'sum by (endpoint, status) (rate(rag_requests_total[5m])) / on (endpoint) group_left () sum by (endpoint) (rate(rag_requests_total[5m]))',
  '(sum(rate(rag_errors_total[5m])) or vector(0)) / sum(rate(rag_requests_total[5m]))',
  'sum(rate(rag_errors_total[5m])) / (sum(rate(rag_requests_total[5m])) > 0)',
  '100 * sum(rate(rag_cache_hits_total[5m])) / (sum(rate(rag_cache_hits_total[5m])) + sum(rate(rag_cache_misses_total[5m])))',
  'histogram_quantile(0.99, sum by (le, operation) (rate(rag_query_latency_seconds_bucket[5m])))',
  'histogram_quantile(0.95, sum without (instance) (rate(rag_query_latency_seconds_bucket[5m]))) > 2',
  '1000 * histogram_quantile(0.5, sum by (le) (rate(rag_retrieval_latency_seconds_bucket[5m])))',
  'histogram_quantile(0.95, sum by (le) (rate(rag_retrieval_latency_seconds_bucket[5m]))) * 1000 > 500',
  'histogram_quantile(0.9, rate(rag_query_latency_seconds_bucket{instance="a"}[5m]))',
  'max_over_time(histogram_quantile(0.95, sum by (le) (rate(rag_query_latency_seconds_bucket[5m])))[1h:1m])',
  'sum(rate(rag_query_latency_seconds_sum[5m])) / sum(rate(rag_query_latency_seconds_count[5m])) > 2',
  'rate(rag_query_latency_seconds_sum[5m]) / rate(rag_query_latency_seconds_count[5m])',
  'sum(rate(rag_query_latency_seconds_bucket{le=~"2(\\\\.0)?"}[5m])) / sum(rate(rag_query_latency_seconds_count[5m]))',
  'sum(rate(rag_query_latency_seconds_bucket{le="0.5"}[5m])) / sum(rate(rag_query_latency_seconds_bucket{le="+Inf"}[5m]))',
  'sum(increase(rag_total_cost_usd[1h])) * 24 > 100',
  'sum(rate(rag_total_cost_usd[1h])) * 86400',
  'sum(rate(rag_total_cost_usd[1h])) * 60 * 60 * 24',
  'sum(rate(rag_requests_total[5m])) * 60',
  'rate(process_cpu_seconds_total[5m]) * 100 > 80',
  'rate(node_network_receive_bytes_total[5m]) * 8',
  'sum by (model) (increase(rag_total_cost_usd[24h]))',
  'topk(3, sum by (model) (rate(rag_total_cost_usd[5m])))',
  'sum(rate(rag_requests_total[5m])) / sum(rate(rag_requests_total[5m] offset 1d))',
  'rate(rag_requests_total[5m] @ end())',
  'max_over_time(sum(rate(rag_requests_total[1m]))[1h:30s])',
  'delta(rag_queue_depth[10m])',
  'deriv(rag_active_requests[10m]) > 0.5',
  'predict_linear(rag_rate_limit_remaining[10m], 600) < 0',
  'avg_over_time(rag_active_requests[5m]) > 20',
  'min by (provider) (rag_rate_limit_remaining) < 100',
  'sum by (job) (rag_active_requests)',
  'min by (cache_type) (rag_cache_hit_rate)',
  'rate(rag_requests_total[5m]) * on (job, instance) group_left (version) app_build_info',
  'sum by (job, version) (rate(rag_requests_total[5m]) * on (job, instance) group_left (version) app_build_info)',
  'sum(rate(rag_requests_total[5m])) and on () (hour() >= 8)',
  'sum by (job) (rate(rag_errors_total[5m])) > 0.1 and on (job) up == 1',
  'sum by (job) (rate(rag_errors_total[5m])) > 0.1 unless on (job) sum by (job) (rag_active_requests) == 0',
  'label_replace(sum by (model) (rate(rag_total_cost_usd[5m])), "family", "$1", "model", "(gpt|claude).*")',
  'sum by (family) (label_replace(rate(rag_total_cost_usd[5m]), "family", "$1", "model", "(gpt|claude).*"))',
  'changes(rag_queue_depth[5m]) > 5',
  'resets(rag_requests_total[1h]) > 2',
  'increase(rag_rate_limit_hits_total[5m]) > 0',
  'increase(rag_rate_limit_hits_total[5m]) != 0',
  'round(sum(increase(rag_errors_total[1h]))) == 3',
  'sum(rate(rag_requests_total[5m])) == 0 or absent(rag_requests_total)',
  '(count(up{job="rag-service"} == 1) or vector(0)) < 1',
  'count by (endpoint) (rag_requests_total)',
  'rag_requests_total - rag_requests_total offset 5m > 100',
  'count_values("version", app_build_info)',
  'quantile(0.9, rag_active_requests)',
  'sum(rag_total_cost_usd)',
  'time() - process_start_time_seconds < 600',
  'vector(1)',
  '{__name__=~"rag_.+_total", job="rag-service"}',
  'irate(rag_requests_total[1m])',
  'rate(rag_requests_total[5m:1m])',
  'sum(rate(rag_query_latency_seconds_count[5m])) by (operation)',
  'ALERTS{alertname="HighErrorRate", alertstate="firing"}',
  'absent_over_time(rag_requests_total[10m])',
  `(
    sum(rate(rag_requests_total{status="error"}[1h])) / sum(rate(rag_requests_total[1h])) > 14.4 * 0.01
    and sum(rate(rag_requests_total{status="error"}[5m])) / sum(rate(rag_requests_total[5m])) > 14.4 * 0.01
  ) and sum(increase(rag_requests_total[1h])) >= 100`,
  `# Ticket at 1x.
  sum by (job) (rate(rag_requests_total{status="error"}[3d])) / sum by (job) (rate(rag_requests_total[3d])) > 0.01
  unless sum by (job) (increase(rag_requests_total[3d])) < 100`,
];

test('what is right is found right, as an alert and as a panel, and a real Prometheus takes it', async () => {
  const past = await startWithPast(PAST.slice(0, 1), 1);
  try {
    for (const expr of [...CORRECT, ...FORMULAS.map(({ ours }) => ours)]) {
      assert.deepEqual(lint(expr, optionsFor(expr)), [], expr);
      await past.measure(expr);
    }
  } finally {
    await past.stop();
  }
});

describe("the source lesson's alerts", () => {
  const mistakes = findMistakes(SOURCE_ALERTS);

  test('are wrong in three of five, and the first tells each instance apart', () => {
    assert.deepEqual(
      mistakes.map(({ alert, severity }) => [alert, severity]),
      [
        ['HighQueryLatency', 'warning'],
        ['HighErrorRate', 'error'],
        ['LowCacheHitRate', 'error'],
        ['HighCostBurn', 'error'],
      ],
    );
  });

  test('become alerts without a finding', () => {
    for (const { better } of mistakes) assert.deepEqual(lint(better, { isAlert: true }), [], better);
  });
});

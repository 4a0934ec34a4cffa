import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { FORMULAS } from '../src/lesson/formulas.js';
import { applyFixes, findMistakes, lint, rules, SOURCE_ALERTS, splitThreshold } from '../src/promql/index.js';
import { type SyntheticSeries, startWithPast } from '../src/stack/index.js';
import { CORRECT_QUERIES } from './helpers/correct-queries.js';

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
    test(`${rule}: ${wrong} gives ${gives}${better === undefined ? '' : `, and ${better} when fixed`}`, async () => {
      const found = lint(wrong, optionsFor(wrong));
      assert.ok(
        found.some((one) => one.rule === rule),
        JSON.stringify(found),
      );
      await assertGives(wrong, gives);
      if (better === undefined) return;
      const fixed = applyFixes(wrong, optionsFor(wrong));
      assert.ok(fixed, 'it can be fixed');
      assert.deepEqual(lint(fixed, optionsFor(fixed)), []);
      await assertGives(fixed, better);
    });
  }

  test('every rule of the linter has a row in the table of mistakes', () => {
    const shown = new Set(TABLE.map(({ rule }) => rule));
    assert.deepEqual(
      rules.map(({ id }) => id).filter((id) => !shown.has(id)),
      [],
    );
  });
});

test('the linter finds nothing in correct queries, as an alert or in a panel, and a real Prometheus accepts them', async () => {
  const past = await startWithPast(PAST.slice(0, 1), 1);
  try {
    for (const expr of [...CORRECT_QUERIES, ...FORMULAS.map(({ ours }) => ours)]) {
      assert.deepEqual(lint(expr, optionsFor(expr)), [], expr);
      await past.measure(expr);
    }
  } finally {
    await past.stop();
  }
});

test('each common formula that the lesson compares with its own has an error as an alert', () => {
  for (const { common } of FORMULAS) {
    const [first] = lint(`${common} > 0.05`, { isAlert: true });
    assert.equal(first?.severity, 'error', common);
  }
});

const mistakes = findMistakes(SOURCE_ALERTS);

test("three of the source lesson's five alerts have an error, and the first compares each instance separately", () => {
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

test("the source lesson's alerts have no finding once they are fixed", () => {
  for (const { better } of mistakes) assert.deepEqual(lint(better, { isAlert: true }), [], better);
});

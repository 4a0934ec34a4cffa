import * as promql from '../dashboard/promql.js';
import { type SyntheticSeries, startWithPast } from '../stack/index.js';
import { type Columns, toColumns } from './tables.js';

const MINUTES = 120;
const CACHE_DIES_AT = 105;

// 400 requests a minute of which 20 fail; 0.60 USD a minute; a cache that answered 800,000 of its first 1,000,000 lookups,
// then 80 of 100 a minute, and died 15 minutes ago.
const alive = (minute: number) => Math.min(minute, CACHE_DIES_AT);
const hits = (minute: number) => 800_000 + 80 * alive(minute);
const misses = (minute: number) => 200_000 + 20 * alive(minute) + 100 * (minute - alive(minute));

const PAST: SyntheticSeries[] = [
  { series: 'rag_requests_total{endpoint="query",status="success"}', valueAt: (minute) => 380 * minute },
  { series: 'rag_requests_total{endpoint="query",status="error"}', valueAt: (minute) => 20 * minute },
  { series: 'rag_total_cost_usd{model="gpt-4"}', valueAt: (minute) => 0.6 * minute },
  { series: 'rag_cache_hits_total{cache_type="semantic"}', valueAt: hits },
  { series: 'rag_cache_misses_total{cache_type="semantic"}', valueAt: misses },
  {
    series: 'rag_cache_hit_rate{cache_type="semantic"}',
    valueAt: (minute) => hits(minute) / (hits(minute) + misses(minute)),
  },
];

/** Formulas that are found in many tutorials, beside ours, and what is true of the series above. */
export const FORMULAS = [
  {
    question: 'Share of failed requests',
    truth: '0.05',
    common: 'rate(rag_requests_total{status="error"}[5m]) / rate(rag_requests_total[5m])',
    ours: promql.errorRatio({ window: '5m' }),
  },
  {
    question: 'USD per day',
    truth: '864',
    common: 'sum(rate(rag_total_cost_usd[1h])) * 24',
    ours: `${promql.spend({ window: '1h' })} * 24`,
  },
  {
    question: 'Share of cache hits, 15 minutes after the cache died',
    truth: '0',
    common: 'rag_cache_hit_rate',
    ours: promql.cacheHitRatio({ window: '5m' }),
  },
] as const;

/** Asks a real Prometheus both formulas of each question. */
export async function measureFormulas(): Promise<Columns> {
  const past = await startWithPast(PAST, MINUTES);
  try {
    const measure = async (expr: string) => {
      const samples = await past.measure(expr);
      return samples.map(({ value }) => String(Number(value.toPrecision(3)))).join(', ') || 'no data';
    };
    const rows = FORMULAS.map(async ({ question, truth, common, ours }) => ({
      Question: question,
      Truth: truth,
      'Common Formula': common,
      'It Gives': await measure(common),
      'Right Formula': ours,
      'Ours Gives': await measure(ours),
    }));
    return toColumns(await Promise.all(rows));
  } finally {
    await past.stop();
  }
}

import { join } from 'node:path';
import { catalogue } from '../../src/m2_3_monitoring/index.js';
import { sampleLine } from '../../src/prometheus/exposition.js';
import { type Labels, seriesText } from '../../src/prometheus/labels.js';
import { createBlocks } from '../../src/stack/index.js';

/** A label value that would be run if it were taken for markup. */
export const HOSTILE = '<img src=x onerror="window.hacked=1">';
export const STEP_SECONDS = 5;

/** Counters that grow step by step, and gauges, as lines of OpenMetrics. */
function createRecorder(job: string) {
  const counters = new Map<string, number>();
  const lines = new Map<string, string[]>();
  const write = (key: string, value: number, second: number) => {
    const own = lines.get(key) ?? [];
    lines.set(key, own);
    own.push(sampleLine(key, value, second));
  };
  const keyOf = (name: string, labels: Labels) => seriesText({ __name__: name, ...labels, instance: 'past', job });
  const add = (name: string, labels: Labels, amount: number, second: number) => {
    const key = keyOf(name, labels);
    const value = (counters.get(key) ?? 0) + amount;
    counters.set(key, value);
    write(key, Number(value.toFixed(6)), second);
  };
  return {
    lines,
    add,
    set: (name: string, labels: Labels, value: number, second: number) => write(keyOf(name, labels), value, second),
    /** Adds some observations that lie exponentially around a mean. */
    observe(
      { name, buckets = [] }: { name: string; buckets?: readonly number[] },
      { labels = {}, count, mean, second }: { labels?: Labels; count: number; mean: number; second: number },
    ) {
      for (const le of buckets)
        add(`${name}_bucket`, { ...labels, le: String(le) }, count * (1 - Math.exp(-le / mean)), second);
      add(`${name}_bucket`, { ...labels, le: '+Inf' }, count, second);
      add(`${name}_sum`, labels, count * mean, second);
      add(`${name}_count`, labels, count, second);
    },
  };
}

/** What a service under changing traffic shows to its scrapes, `perSecond` requests on average. */
function recordService(job: string, perSecond: number, startSecond: number, endSecond: number): string[] {
  const recorder = createRecorder(job);
  const wave = (second: number, minutes: number) => Math.sin(((second - startSecond) / 60 / minutes) * 2 * Math.PI);
  for (let second = startSecond; second <= endSecond; second += STEP_SECONDS) {
    const count = perSecond * STEP_SECONDS * (1 + 0.4 * wave(second, 47) + 0.15 * wave(second, 11));
    const failed = count * (0.03 + 0.02 * wave(second, 23));
    const hits = 0.45 + 0.2 * wave(second, 31);
    const model = { model: 'gpt-4' };
    recorder.observe(catalogue.queryLatency, {
      labels: { operation: 'ask' },
      count,
      mean: 0.8 + 0.3 * wave(second, 19),
      second,
    });
    recorder.observe(catalogue.inputTokens, { labels: model, count, mean: 900 + 200 * wave(second, 37), second });
    recorder.observe(catalogue.outputTokens, { labels: model, count, mean: 300 + 80 * wave(second, 13), second });
    recorder.observe(catalogue.queryCost, { labels: model, count, mean: 0.004 + 0.001 * wave(second, 41), second });
    recorder.observe(catalogue.relevanceScore, { count, mean: 0.9 + 0.1 * wave(second, 29), second });
    recorder.observe(catalogue.contextPrecision, { count, mean: 0.7 + 0.1 * wave(second, 17), second });
    recorder.add('rag_total_cost_usd', model, count * 0.004, second);
    recorder.add('rag_requests_total', { endpoint: 'ask', status: 'success' }, count - failed, second);
    recorder.add('rag_requests_total', { endpoint: 'ask', status: 'error' }, failed, second);
    recorder.add('rag_errors_total', { endpoint: 'ask', error_type: 'TimeoutError' }, failed * 0.6, second);
    recorder.add('rag_errors_total', { endpoint: 'ask', error_type: 'RateLimitError' }, failed * 0.25, second);
    recorder.add('rag_errors_total', { endpoint: 'ask', error_type: HOSTILE }, failed * 0.15, second);
    recorder.add('rag_cache_hits_total', { cache_type: 'query' }, count * hits, second);
    recorder.add('rag_cache_misses_total', { cache_type: 'query' }, count * (1 - hits), second);
    recorder.set('rag_active_requests', {}, Math.round(4 + 3 * wave(second, 7)), second);
    recorder.set('rag_rate_limit_remaining', { provider: 'openai' }, Math.round(900 + 600 * wave(second, 53)), second);
    recorder.set('rag_rate_limit_remaining', { provider: 'anthropic' }, Math.round(60 + 30 * wave(second, 27)), second);
  }
  return [...recorder.lines.values()].flat();
}

/** Fills a data folder of Prometheus with some minutes of two services that end now. */
export function recordPast(folder: string, minutes: number): void {
  const end = Math.floor(Date.now() / 1000);
  const start = end - minutes * 60;
  const lines = [
    ...recordService('rag-service', 4, start, end),
    ...recordService('batch <b>"jobs"</b>', 1, start, end),
  ];
  createBlocks(lines, join(folder, 'data'));
}

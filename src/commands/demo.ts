import { config } from '../../config.js';
import questions from '../../data/questions.json';
import { onEndSignal } from '../cli/index.js';
import { metrics, registry, startMetricsServer } from '../m2_3_monitoring/index.js';
import { createRag, createRetriever, createSimulatedLlm, loadCorpus, type Rag } from '../rag/index.js';

const CALLERS = 4;
const SUMMARY_EVERY_MS = 2000;

async function askUntil(stopped: AbortSignal, rag: Rag): Promise<void> {
  for (let next = 0; !stopped.aborted; next++) {
    const question = questions[Math.floor(Math.random() * questions.length)];
    // A failed query is in the metrics; the next one is asked all the same.
    if (question) await rag({ ...question, useCache: next % 3 === 0 }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function total(
  name: string,
  matches: (labels: Record<string, unknown>) => boolean = () => true,
): Promise<number> {
  const metric = await registry.getSingleMetric(name)?.get();
  const values = (metric?.values ?? []) as { labels: Record<string, unknown>; value: number }[];
  return values.filter(({ labels }) => matches(labels)).reduce((sum, { value }) => sum + value, 0);
}

async function summary(): Promise<string> {
  const requests = await total('rag_requests_total');
  const failed = await total('rag_requests_total', ({ status }) => status !== 'success');
  const hits = await total('rag_cache_hits_total');
  const active = await total('rag_active_requests');
  const { values } = await metrics.queryLatency.get();
  const seconds = values.find(({ metricName }) => metricName?.endsWith('_sum'))?.value ?? 0;
  const mean = requests === 0 ? 0 : seconds / requests;
  const cost = await total('rag_total_cost_usd');
  return `${requests} queries (${failed} failed, ${hits} from the cache, ${active} in progress), mean ${mean.toFixed(2)} s, ${cost.toFixed(4)} USD`;
}

/** Runs a RAG service until Ctrl-C: real retrieval, simulated model, metrics on METRICS_PORT, a summary on the terminal. */
export async function runDemo(): Promise<void> {
  const server = await startMetricsServer();
  console.log(`Metrics: ${server.url}   Ctrl-C ends the demo.`);
  const stop = new AbortController();
  onEndSignal(() => {
    if (!stop.signal.aborted) console.log('Finishing the queries in progress …');
    stop.abort();
  });
  const llm = createSimulatedLlm({ seed: 1, timeScale: config.LLM_TIME_SCALE, failureRatio: 0.03 });
  const rag = createRag({ retriever: createRetriever(loadCorpus()), llm });
  const timer = setInterval(() => void summary().then(console.log), SUMMARY_EVERY_MS);
  await Promise.all(Array.from({ length: CALLERS }, () => askUntil(stop.signal, rag)));
  clearInterval(timer);
  console.log(`Ended after ${await summary()}.`);
  await server.close();
}

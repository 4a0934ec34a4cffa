import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';
import { createMonitoring } from '../src/m2_3_monitoring/index.js';
import { createRag, createRetriever, type Llm, loadCorpus, type RagOptions } from '../src/rag/index.js';
import { quantile } from './measure.js';
import type { Report } from './report.js';

const CONNECTIONS = 8;
/** A little more than a second's, so that each run has a scrape. Short runs are next to each other: the machine's moods fall on both. */
const REQUESTS_PER_RUN = 2000;
const PAIRS = 20;
const QUESTIONS = ['How do I rotate log files?', 'How do I redact a field?', 'What is a child logger?'];

type Instruments = NonNullable<RagOptions['monitoring']>;

/** The pipeline without any monitoring. */
const NO_INSTRUMENTS = {
  metrics: { retrievalLatency: { observe() {} }, llmLatency: { observe() {} } },
  monitoredQuery: () => (query: unknown) => query,
  trackCacheOperation() {},
  trackRateLimit() {},
  trackRateLimitHit() {},
} as unknown as Instruments;

const listen = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

const COMPLETION = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'gpt-4',
  choices: [{ index: 0, message: { role: 'assistant', content: 'An answer.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 900, completion_tokens: 300, total_tokens: 1200 },
});

/** A provider that answers at once, with a real client's requests. Runs in a process of its own. */
async function serveProvider(): Promise<void> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'x-ratelimit-remaining-requests': '4999' });
      response.end(COMPLETION);
    });
  });
  process.send?.({ port: await listen(server) });
}

function openAiModel(providerPort: number): Llm {
  const client = new OpenAI({ apiKey: 'none', baseURL: `http://127.0.0.1:${providerPort}/v1` });
  return async (prompt) => {
    const { choices, usage } = await client.chat.completions.create({
      model: 'gpt-4',
      messages: [{ role: 'user', content: prompt }],
    });
    return {
      answer: choices[0]?.message.content ?? '',
      inputTokens: usage?.prompt_tokens ?? 0,
      outputTokens: usage?.completion_tokens ?? 0,
      remainingRequests: 4999,
    };
  };
}

/** With nothing; with metrics, logs and scrapes; with the ids of calls in the logs too. */
type Role = 'bare' | 'without-ids' | 'monitored';

/** A RAG service over HTTP: real retrieval, a real client. Runs in a process of its own. */
async function serve(role: Role, providerPort: number): Promise<void> {
  const isMonitored = role !== 'bare';
  const config = { LOG_QUERY_IDS: role === 'monitored' };
  const monitoring = createMonitoring({ destination: { write: () => undefined }, config });
  const logger = isMonitored ? new monitoring.StructuredLogger('bench') : undefined;
  const retriever = createRetriever(loadCorpus());
  const llm = openAiModel(providerPort);
  const rag = createRag({ retriever, llm, monitoring: isMonitored ? monitoring : NO_INSTRUMENTS });
  let next = 0;
  const server = createServer(async (_request, response) => {
    const question = QUESTIONS[next++ % QUESTIONS.length] ?? '';
    const start = performance.now();
    logger?.logRequest({ query: question, endpoint: '/ask' });
    const { answer, input_tokens: input, output_tokens: output } = await rag({ question });
    const durationMs = performance.now() - start;
    logger?.logResponse({ durationMs, tokens: { input, output }, model: 'gpt-4' });
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ answer }));
  });
  const port = await listen(server);
  const metrics = isMonitored ? await monitoring.startMetricsServer(0) : undefined;
  process.send?.({ port, metricsUrl: metrics?.url });
}

interface Started {
  child: ChildProcess;
  port: number;
  metricsUrl?: string;
}

async function start(role: Role | 'provider', providerPort = 0): Promise<Started> {
  const child = fork(__filename, [role, String(providerPort)]);
  const [message] = await once(child, 'message');
  return { child, ...(message as Omit<Started, 'child'>) };
}

interface Load {
  latency: { p99: number };
  non2xx: number;
  errors: number;
}

// autocannon has no types of its own.
const autocannon = require('autocannon') as (options: object) => Promise<Load>;

interface LoadResult {
  requestsPerSecond: number;
  p99Ms: number;
}

async function load({ port, metricsUrl }: Started): Promise<LoadResult> {
  // Prometheus would ask as often in the lesson; in a service, a tenth of it.
  const scrapes = metricsUrl
    ? setInterval(() => void fetch(metricsUrl).then((answer) => answer.text()), 1000)
    : undefined;
  const startMs = performance.now();
  const options = { url: `http://127.0.0.1:${port}`, connections: CONNECTIONS, amount: REQUESTS_PER_RUN, sampleInt: 5 };
  const { latency, non2xx, errors } = await autocannon(options);
  const seconds = (performance.now() - startMs) / 1000;
  clearInterval(scrapes);
  if (non2xx + errors > 0) throw new Error('some requests failed: the figures would mean nothing');
  return { requestsPerSecond: REQUESTS_PER_RUN / seconds, p99Ms: latency.p99 };
}

const median = (samples: number[]): number =>
  quantile(
    [...samples].sort((a, b) => a - b),
    0.5,
  );

/** The results of two services under load, in turns. */
async function pairsOf(bare: Started, monitored: Started): Promise<[LoadResult, LoadResult][]> {
  const pairs: [LoadResult, LoadResult][] = [];
  await load(bare);
  await load(monitored);
  for (let pair = 0; pair < PAIRS; pair++) {
    // Who goes first changes from pair to pair.
    const first = pair % 2 === 0 ? bare : monitored;
    const firstResult = await load(first);
    const secondResult = await load(first === bare ? monitored : bare);
    pairs.push(first === bare ? [firstResult, secondResult] : [secondResult, firstResult]);
  }
  return pairs;
}

async function compare(role: Role, name: string, providerPort: number): Promise<Report> {
  const bare = await start('bare', providerPort);
  const monitored = await start(role, providerPort);
  try {
    const pairs = await pairsOf(bare, monitored);
    const rps = (index: 0 | 1) => median(pairs.map((pair) => pair[index].requestsPerSecond));
    const ratio = median(pairs.map(([without, withAll]) => withAll.requestsPerSecond / without.requestsPerSecond));
    const p99 = median(pairs.map(([without, withAll]) => withAll.p99Ms - without.p99Ms));
    return {
      title: `A RAG service under full load, with ${name}`,
      unit: 'requests/s',
      rows: [
        { name: 'without monitoring', value: rps(0) },
        { name, value: rps(1), isOurs: true },
      ],
      notes: [
        `Median of the ratios of ${PAIRS} pairs of runs: ${ratio.toFixed(3)}; of the differences of p99: ${p99.toFixed(1)} ms.`,
      ],
    };
  } finally {
    for (const { child } of [bare, monitored]) child.kill();
  }
}

/**
 * Requests per second of a whole service (retrieval, the client of OpenAI, a provider that answers at once), with everything
 * on and with nothing, in pairs of runs.
 */
export async function service(): Promise<Report[]> {
  const provider = await start('provider');
  try {
    return [
      await compare('without-ids', 'metrics, logs, a scrape every second', provider.port),
      await compare('monitored', 'the same and ids of calls in the logs', provider.port),
    ];
  } finally {
    provider.child.kill();
  }
}

if (require.main === module) {
  const [role, providerPort] = process.argv.slice(2);
  void (role === 'provider' ? serveProvider() : serve(role as Role, Number(providerPort)));
}

import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';
import type { RequestLog, ResponseLog } from '../src/m2_3_monitoring/index.js';
import { createRag, createRetriever, type Llm, loadCorpus, type RagOptions } from '../src/rag/index.js';
import { BARE_PATH, type Role } from './service-roles.js';

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

interface Watching {
  instruments: Instruments;
  logger?: { logRequest(request: RequestLog): void; logResponse(response: ResponseLog): void };
  metricsUrl?: string;
}

/** The module is not even loaded where nothing is watched: its metrics of Node have timers and observers of their own. */
async function watch(role: Role): Promise<Watching> {
  if (role === 'bare') return { instruments: NO_INSTRUMENTS };
  const { createMonitoring } = await import('../src/m2_3_monitoring/index.js');
  const monitoring = createMonitoring({ config: { LOG_QUERY_IDS: role === 'everything-and-ids' } });
  const { url: metricsUrl } = await monitoring.startMetricsServer(0);
  return { instruments: monitoring, logger: new monitoring.StructuredLogger('bench'), metricsUrl };
}

/** Answers questions over HTTP: real retrieval, a real client, log lines to standard output. */
function createAnswer({ instruments, logger }: Watching, llm: Llm): (response: ServerResponse) => Promise<void> {
  const retriever = createRetriever(loadCorpus());
  const rag = createRag({ retriever, llm, monitoring: instruments });
  let next = 0;
  return async (response) => {
    const question = QUESTIONS[next++ % QUESTIONS.length] ?? '';
    const start = performance.now();
    logger?.logRequest({ query: question, endpoint: '/ask' });
    const { answer, input_tokens: input, output_tokens: output } = await rag({ question });
    const durationMs = performance.now() - start;
    logger?.logResponse({ durationMs, tokens: { input, output }, model: 'gpt-4' });
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ answer }));
  };
}

async function serve(role: Role, providerPort: number): Promise<void> {
  const watching = await watch(role);
  const llm = openAiModel(providerPort);
  const answer = createAnswer(watching, llm);
  const answerBarely = createAnswer({ instruments: NO_INSTRUMENTS }, llm);
  const server = createServer((request, response) => {
    void (request.url === BARE_PATH ? answerBarely : answer)(response);
  });
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.({ port: (server.address() as AddressInfo).port, metricsUrl: watching.metricsUrl });
}

// Nobody is left to ask it anything where the benchmark was killed.
process.once('disconnect', () => process.exit());

// A process of its own for each service, started by `service-load.ts`.
const [role, providerPort] = process.argv.slice(2);
void serve(role as Role, Number(providerPort));

import type { TestContext } from 'node:test';
import OpenAI from 'openai';
import { MESSAGES } from './llm-calls.js';
import { type Reply, startLlmServer } from './llm-server.js';
import { testMonitoring } from './monitoring.js';

/** The real client against a local server, with its calls watched; `ask` is one of Chat Completions. */
export async function openAi(t: TestContext, reply: Reply, options = {}) {
  const monitoring = testMonitoring();
  const client = new OpenAI({
    apiKey: 'test',
    baseURL: await startLlmServer(t, reply),
    fetch: monitoring.monitoredFetch({ provider: 'openai' }),
    maxRetries: 0,
    ...options,
  });
  const ask = (parameters: object, requestOptions = {}) =>
    client.chat.completions.create({ model: 'gpt-4o', messages: MESSAGES, ...parameters } as never, requestOptions);
  return { ...monitoring, client, ask: monitoring.monitoredQuery({ operation: 'chat' })(ask) };
}

import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { requests, type testMonitoring } from './monitoring.js';

export type Monitoring = ReturnType<typeof testMonitoring>;

export const MESSAGES = [{ role: 'user' as const, content: 'hello' }];

/** A chunk of Chat Completions. */
export const chatChunk = (
  delta: object | undefined,
  usage: object | null = null,
  finish_reason: string | null = null,
) => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt-4o-2024-08-06',
  choices: delta ? [{ index: 0, delta, finish_reason }] : [],
  usage,
});
export const CHAT_USAGE = {
  prompt_tokens: 1000,
  completion_tokens: 200,
  total_tokens: 1200,
  prompt_tokens_details: { cached_tokens: 400 },
  completion_tokens_details: { reasoning_tokens: 50 },
};
export const CHAT_CHUNKS = [
  chatChunk({ role: 'assistant', content: '' }),
  chatChunk({ content: 'Hel' }),
  chatChunk({ content: 'lo' }, null, 'stop'),
  chatChunk(undefined, CHAT_USAGE),
];
// 600 × 2.50 + 400 × 1.25 + 200 × 10 USD per million
const CHAT_COST = 0.004;

/** The call is recorded once, with this status, and has ended. */
export async function assertOnce({ series }: Monitoring, status: string): Promise<void> {
  assert.equal(await series(requests('chat', status)), 1);
  assert.equal(await series('rag_query_latency_seconds_count{operation="chat"}'), 1);
  assert.equal(await series('rag_active_requests'), 0);
}

/** Waits for the end of a call that the client lets go of before; the limit of the test ends what never comes. */
export async function untilRecorded({ series }: Monitoring): Promise<void> {
  while (!(await series('rag_query_latency_seconds_count{operation="chat"}'))) await turn();
}

const MODEL = '{model="gpt-4o-2024-08-06"}';

/** The usage is `CHAT_USAGE`, at its price. */
export async function assertChatUsage({ series }: Monitoring): Promise<void> {
  assert.equal(await series(`rag_input_tokens_sum${MODEL}`), 1000);
  assert.equal(await series(`rag_output_tokens_sum${MODEL}`), 200);
  assert.equal(await series(`rag_cached_input_tokens_total${MODEL}`), 400);
  assert.equal(await series(`rag_reasoning_tokens_total${MODEL}`), 50);
  assert.equal(await series(`rag_total_cost_usd${MODEL}`), CHAT_COST);
}

import OpenAI from 'openai';
import { createMonitoring } from '../src/m2_3_monitoring/index.js';
import { type Candidate, inUnit, measure, pairedRatio } from './measure.js';
import type { Report } from './report.js';

const CHUNKS = 1000;

const chunk = (content: string) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt-4',
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
});
const LAST = {
  ...chunk(''),
  choices: [],
  usage: { prompt_tokens: 450, completion_tokens: CHUNKS, total_tokens: 1450 },
};

const EVENTS = [...Array.from({ length: CHUNKS }, (_, index) => chunk(`word${index} `)), LAST];
const PARTS = [...EVENTS.map((event) => `data: ${JSON.stringify(event)}\n\n`), 'data: [DONE]\n\n'].map((text) =>
  Buffer.from(text),
);

/** The provider's answer, an event at a time as a network brings it, without the network: what is left is the client's work. */
async function answer(): Promise<Response> {
  let next = 0;
  const body = new ReadableStream({
    pull(controller) {
      const part = PARTS[next++];
      if (part) controller.enqueue(part);
      else controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

const client = new OpenAI({ apiKey: 'none', baseURL: 'http://127.0.0.1/v1', fetch: answer });

const ask = () =>
  client.chat.completions.create({
    model: 'gpt-4',
    messages: [{ role: 'user', content: 'What changed?' }],
    stream: true,
    stream_options: { include_usage: true },
  });

async function* generate() {
  for (let index = 0; index < CHUNKS; index++) yield 'word ';
  return { input_tokens: 450, output_tokens: CHUNKS };
}

type Stream = AsyncIterable<unknown>;

function draining(name: string, open: () => Stream | PromiseLike<Stream>, isOurs?: true): Candidate {
  let streams = 0;
  const run = async (times: number) => {
    for (let i = 0; i < times; i++) {
      let chunks = 0;
      for await (const _ of await open()) chunks++;
      if (chunks >= CHUNKS) streams++;
    }
  };
  return { name, run, done: () => streams, ...(isOurs && { isOurs }) };
}

const MICROSECOND = 1000;

/** What it costs to watch a stream of a thousand chunks. */
export async function perStream(): Promise<Report> {
  const { monitoredQuery } = createMonitoring();
  const watch = monitoredQuery({ operation: 'stream', model: 'gpt-4' });
  const client = draining('client of OpenAI', ask);
  const watched = draining('client of OpenAI, monitored', watch(ask) as typeof ask, true);
  const others = [
    draining('async generator that only counts', generate),
    draining('async generator that only counts, monitored', watch(generate) as typeof generate),
  ];
  const rows = inUnit(await measure([client, watched, ...others], { rounds: 20, times: 10 }), MICROSECOND);
  const ratio = await pairedRatio(client, watched);
  return {
    title: `Draining a stream of ${CHUNKS} chunks`,
    unit: 'µs',
    rows,
    notes: [
      `Watching adds ${(100 * (ratio - 1)).toFixed(1)} % to the client of OpenAI, without a network (median of neighbouring rounds).`,
    ],
  };
}

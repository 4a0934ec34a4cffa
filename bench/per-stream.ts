import OpenAI from 'openai';
import { createMonitoring, type MonitoredQueryDecorator } from '../src/m2_3_monitoring/index.js';
import {
  type Candidate,
  type Difference,
  differenceInPairs,
  inUnit,
  measure,
  processorTimeOnce,
  show,
} from './measure.js';
import type { Report } from './report.js';
import { pin, SERVICE_CORE, startProvider } from './service-load.js';
import { CHUNKS, PARTS } from './stream-events.js';

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

type Stream = AsyncIterable<unknown>;

const askBy = (client: OpenAI) => () =>
  client.chat.completions.create({
    model: 'gpt-4',
    messages: [{ role: 'user', content: 'What changed?' }],
    stream: true,
    stream_options: { include_usage: true },
  });

const ask = askBy(new OpenAI({ apiKey: 'none', baseURL: 'http://127.0.0.1/v1', fetch: answer }));

async function* generate() {
  for (let index = 0; index < CHUNKS; index++) yield 'word ';
  return { input_tokens: 450, output_tokens: CHUNKS };
}

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

const describe = ({ percent, microseconds }: Difference): string =>
  `Watching adds ${show(percent, 1)} % (${show(microseconds, 0)} µs) to the client of OpenAI`;

const HTTP_ROUNDS = 60;

/** As a provider sends it, each chunk in a packet of its own. */
async function compareOverHttp(watch: MonitoredQueryDecorator): Promise<string> {
  const { child, port } = await startProvider();
  try {
    pin(process.pid, SERVICE_CORE);
    const open = askBy(new OpenAI({ apiKey: 'none', baseURL: `http://127.0.0.1:${port}/v1` }));
    const bare = draining('over HTTP', open);
    const watched = draining('over HTTP, monitored', watch(open) as typeof open);
    await differenceInPairs(bare, watched, { rounds: 10, times: 1 });
    const difference = await differenceInPairs(bare, watched, {
      rounds: HTTP_ROUNDS,
      times: 1,
      timeOf: processorTimeOnce,
    });
    return `${describe(difference)} over HTTP, of its processor time (medians of ${HTTP_ROUNDS} pairs).`;
  } finally {
    child.kill();
  }
}

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
  const difference = await differenceInPairs(client, watched);
  return {
    title: `Draining a stream of ${CHUNKS} chunks`,
    unit: 'µs',
    rows,
    notes: [`${describe(difference)} without a network (medians of 100 pairs).`, await compareOverHttp(watch)],
  };
}

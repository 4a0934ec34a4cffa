import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { PARTS } from './stream-events.js';

const COMPLETION = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'gpt-4',
  choices: [{ index: 0, message: { role: 'assistant', content: 'An answer.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 900, completion_tokens: 300, total_tokens: 1200 },
});

/** Longer than a client needs for a chunk, so that it reads each of them by itself, as those of a model come. */
const MS_BETWEEN_CHUNKS = 0.1;

async function stream(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  let atMs = performance.now();
  for (const part of PARTS) {
    response.write(part);
    // A timer cannot wait for less than a millisecond.
    for (atMs += MS_BETWEEN_CHUNKS; performance.now() < atMs; ) await turn();
  }
  response.end();
}

/** A provider that answers at once, or with a stream. */
async function serve(): Promise<void> {
  const server = createServer(async (request, response) => {
    if (JSON.parse(await text(request)).stream) return stream(response);
    response.writeHead(200, { 'Content-Type': 'application/json', 'x-ratelimit-remaining-requests': '4999' });
    response.end(COMPLETION);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.({ port: (server.address() as AddressInfo).port });
}

// Nobody is left to ask it anything where the benchmark was killed.
process.once('disconnect', () => process.exit());

void serve();

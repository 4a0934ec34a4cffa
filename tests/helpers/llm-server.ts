import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { serve } from './serve.js';

export type Reply = (request: IncomingMessage, response: ServerResponse, attempt: number) => unknown;

/** A provider's API on the loopback address: answers each request by `reply`, and is gone after the test. */
export async function startLlmServer(t: TestContext, reply: Reply): Promise<string> {
  let attempt = 0;
  const { url } = await serve(t, (request, response) => {
    request.resume();
    request.on('end', () => reply(request, response, ++attempt));
  });
  return url;
}

const EVENT_STREAM = { 'Content-Type': 'text/event-stream' };

/** Answers with server-sent events, as OpenAI's Chat Completions do. */
export const openAiStream =
  (chunks: object[]): Reply =>
  (_request, response) => {
    response.writeHead(200, EVENT_STREAM);
    for (const chunk of chunks) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    response.end('data: [DONE]\n\n');
  };

/** Answers with named events, as Anthropic and OpenAI's Responses do. */
export const eventStream =
  (events: { type: string }[]): Reply =>
  (_request, response) => {
    response.writeHead(200, EVENT_STREAM);
    for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    response.end();
  };

export const json =
  (status: number, body: object, headers: Record<string, string> = {}): Reply =>
  (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };

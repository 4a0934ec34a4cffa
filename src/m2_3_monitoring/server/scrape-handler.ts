import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Answer, plain, sendAnswer, writeHead } from './answer.js';
import { CollectorError, CollectorTimeout } from './collection.js';
import type { MetricsSite } from './metrics-site.js';
import { acceptsGzip, CONTENT_TYPES, negotiateFormat } from './negotiation.js';
import { createPace } from './pace.js';
import { scrapeTime } from './scrape-time.js';

/** For the answer to reach a client whose time is over; it has given up by then. */
const GRACE_MS = 1000;
const MINUTE_MS = 60_000;

/** Gives a warning of the process, once a minute at most: a scrape comes every few seconds. */
function createWarner(): (error: unknown) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (error) => {
    if (performance.now() - lastMs < MINUTE_MS) return;
    lastMs = performance.now();
    const reason = error instanceof Error ? error.message : String(error);
    process.emitWarning(`/metrics could not be collected: ${reason}`, { code: 'METRICS_NOT_COLLECTED' });
  };
}

/** Not 200: Prometheus then sets `up` to 0, and the gap is seen. Why a collector failed is for the operator of the process only. */
function failure(error: unknown): Answer {
  if (error instanceof CollectorTimeout) return plain(503, error.message);
  const what = error instanceof CollectorError ? `the collector of ${error.collector} failed` : 'rendering failed';
  return plain(500, `${what}: a warning of the process says why`);
}

/** Answers scrapes. What it gives never rejects: a client that has gone needs no answer. */
export function createScrapeHandler({ exposition, inFlight, stalledMs }: MetricsSite) {
  const warn = createWarner();
  const paced = createPace();
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { socket, headers } = request;
    const gone = new AbortController();
    const { collectMs, totalMs } = scrapeTime(headers);
    const timeLimit = setTimeout(() => socket.destroy(), totalMs + GRACE_MS).unref();
    response.once('close', () => {
      clearTimeout(timeLimit);
      gone.abort();
    });
    try {
      const format = negotiateFormat(headers);
      const page = await (await exposition.render(format, collectMs, gone.signal)).begun();
      const zips = page.isWorthCompressing && acceptsGzip(headers);
      const content = zips ? await page.compressed().begun() : page;
      inFlight.send(socket, content);
      response.setTimeout(stalledMs);
      writeHead(request, response, 200, {
        'Content-Type': CONTENT_TYPES[format],
        Vary: 'Accept, Accept-Encoding',
        ...(content.isComplete && { 'Content-Length': content.bytes }),
        ...(zips && { 'Content-Encoding': 'gzip' }),
      });
      if (request.method === 'HEAD') response.end();
      else await pipeline(paced(content), response);
    } catch (error) {
      if (gone.signal.aborted || response.headersSent) return;
      warn(error);
      sendAnswer(request, response, failure(error));
    }
  };
}

import { Writable } from 'node:stream';
import { pino, stdTimeFunctions } from 'pino';
import { createLogger, format, transports } from 'winston';
import { createMonitoring } from '../src/m2_3_monitoring/index.js';
import { type Candidate, measure } from './measure.js';
import type { Report } from './report.js';

// One line for a response, with the same fields, into a destination that counts and forgets. No two calls take equally long:
// a number that was written before costs nothing to write.
let durationMs = 1000;
const takeTime = () => {
  durationMs += 0.1234567;
  return durationMs;
};
const FIELDS = {
  input_tokens: 450,
  output_tokens: 180,
  cost_usd: 0.0243,
  success: true,
  model: 'gpt-4',
};
const BASE = { logger: 'bench', service: 'rag-service', environment: 'development' };

function countingDestination() {
  let lines = 0;
  return { write: () => void lines++, count: () => lines };
}

function repeat(times: number, log: () => void): void {
  for (let i = 0; i < times; i++) log();
}

function createPino(destination: { write(): void }) {
  const formatters = { level: (label: string) => ({ level: label.toUpperCase() }) };
  const options = { base: BASE, messageKey: 'message', formatters, timestamp: stdTimeFunctions.isoTime };
  return pino(options, destination);
}

function rawPino(): Candidate {
  const destination = countingDestination();
  const logger = createPino(destination);
  const log = () => logger.info({ event_type: 'response', duration_ms: takeTime(), ...FIELDS }, 'Response completed');
  return { name: 'raw pino', run: (times) => repeat(times, log), done: destination.count };
}

function rawPinoError(error: Error): Candidate {
  const destination = countingDestination();
  const logger = createPino(destination);
  const log = () => logger.error({ event_type: 'error', err: error, duration_ms: takeTime() }, 'Request failed');
  return { name: 'raw pino, an error', run: (times) => repeat(times, log), done: destination.count };
}

function winston(): Candidate {
  const destination = countingDestination();
  const stream = new Writable({
    write(_chunk, _encoding, done) {
      destination.write();
      done();
    },
  });
  const logger = createLogger({
    defaultMeta: BASE,
    format: format.combine(format.timestamp(), format.json()),
    transports: [new transports.Stream({ stream })],
  });
  const log = () => logger.info('Response completed', { event_type: 'response', duration_ms: takeTime(), ...FIELDS });
  const run = async (times: number) => {
    repeat(times, log);
    // It writes a part of its lines later.
    while (destination.count() % times !== 0) await new Promise((resolve) => setImmediate(resolve));
  };
  return { name: 'winston', run, done: destination.count };
}

function structured(): Candidate {
  const destination = countingDestination();
  const { StructuredLogger } = createMonitoring({ destination });
  const logger = new StructuredLogger('bench');
  const tokens = { input: 450, output: 180 };
  const log = () => logger.logResponse({ durationMs: takeTime(), tokens, cost: 0.0243, model: 'gpt-4' });
  return { name: 'StructuredLogger', isOurs: true, run: (times) => repeat(times, log), done: destination.count };
}

function structuredError(error: Error): Candidate {
  const destination = countingDestination();
  const { StructuredLogger } = createMonitoring({ destination });
  const logger = new StructuredLogger('bench');
  const log = () => logger.logError(error, { durationMs: takeTime() });
  return { name: 'StructuredLogger, an error', run: (times) => repeat(times, log), done: destination.count };
}

/** What the line of an error costs, of which all text is searched for secrets. */
async function errorNote(): Promise<string> {
  const error = new RangeError('the request failed: 429 Too Many Requests');
  const [raw, ours] = await measure([rawPinoError(error), structuredError(error)], { times: 2000 });
  if (!raw || !ours) throw new Error('nothing was measured');
  return `The line of an error with its stack: ${Math.round(ours.value)} ns, ${(ours.value / raw.value).toFixed(2)} times that of raw pino, which searches it for no secrets.`;
}

/** What a log line costs. */
export async function perLine(): Promise<Report> {
  const rows = await measure([rawPino(), structured()]);
  const notes = [await errorNote()];
  // After the others: the lines that it keeps for later would be collected at their expense.
  const [ofWinston] = await measure([winston()]);
  return { title: 'One log line', unit: 'ns', rows: [...rows, ...(ofWinston ? [ofWinston] : [])], notes };
}

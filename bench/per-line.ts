import { pino } from 'pino';
import { createMonitoring } from '../src/m2_3_monitoring/index.js';
import type { Candidate } from './measure.js';

// One line for a response, with the same fields, into a destination that counts and forgets.
const FIELDS = {
  duration_ms: 1250.5,
  input_tokens: 450,
  output_tokens: 180,
  cost_usd: 0.0243,
  success: true,
  model: 'gpt-4',
};

function countingDestination() {
  let lines = 0;
  return { write: () => void lines++, count: () => lines };
}

function rawPino(): Candidate {
  const destination = countingDestination();
  const base = { logger: 'bench', service: 'rag-service', environment: 'development' };
  const formatters = { level: (label: string) => ({ level: label.toUpperCase() }) };
  const timestamp = () => `,"timestamp":"${new Date(Date.now()).toISOString()}"`;
  const logger = pino({ base, messageKey: 'message', formatters, timestamp }, destination);
  const run = (times: number) => {
    for (let i = 0; i < times; i++) logger.info({ event_type: 'response', ...FIELDS }, 'Response completed');
  };
  return { name: 'raw pino', run, done: destination.count };
}

function structured(): Candidate {
  const destination = countingDestination();
  const { StructuredLogger } = createMonitoring({ destination });
  const logger = new StructuredLogger('bench');
  const tokens = { input: 450, output: 180 };
  const run = (times: number) => {
    for (let i = 0; i < times; i++) logger.logResponse({ durationMs: 1250.5, tokens, cost: 0.0243, model: 'gpt-4' });
  };
  return { name: 'StructuredLogger', run, done: destination.count };
}

/** What a log line costs. */
export const perLine = (): Candidate[] => [rawPino(), structured()];

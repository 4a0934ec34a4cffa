import assert from 'node:assert/strict';
import { tracingChannel } from 'node:diagnostics_channel';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LogFields, RequestLog, ResponseLog, StructuredLogger } from '../src/m2_3_monitoring/index.js';
import { testMonitoring } from './helpers/monitoring.js';

// Most lines are put together in a short way; where a path is to be redacted, all of them go through pino. Both have to say
// the same.

const KEYS = [
  // Fields of the logger's own, in its spelling and in others.
  ...['durationMs', 'duration_ms', 'tokens', 'cost', 'cost_usd', 'success', 'query', 'Query', 'query_length', 'level'],
  ...['error_type', 'errorMessage', 'trace_id', 'message', 'eventType', 'queryId'],
  // Fields of people, secrets, texts.
  ...['userId', 'user_id', 'user', 'apiKey', 'token', 'session_token', 'answer', 'prompt'],
  ...['endpoint', 'model', 'sessionId', 'session_id', 'cacheHit', 'ünïcode', 'with "quotes"', 'retryAttempt'],
];

const text = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 150 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom('gpt-4', '/ask', '', 'key sk-topsecret1234567890', 'https://alice:topsecret@host/', 'a"b\\c\n'),
);
const value = fc.oneof(
  text,
  fc.double(),
  fc.integer(),
  fc.constantFrom<unknown>(undefined, null, true, false, -0, 10n, new Date(0), new Error('sk-topsecret1234567890')),
  fc.constantFrom<unknown>({ input: 1, output: 2 }, { password: 'topsecret' }, ['a', { b: 'c' }], () => 1, Symbol('s')),
);
const fields = fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 6 });
const error = fc.oneof(
  text.map((message) => new RangeError(message)),
  value,
);
const call = fc.oneof(
  fc.record({ kind: fc.constant('request' as const), given: fields }),
  fc.record({ kind: fc.constant('response' as const), given: fields }),
  fc.record({ kind: fc.constant('error' as const), error, given: fields }),
);
type Call = typeof call extends fc.Arbitrary<infer Type> ? Type : never;

function log(logger: StructuredLogger, one: Call): void {
  if (one.kind === 'request') logger.logRequest(one.given as RequestLog);
  else if (one.kind === 'response') logger.logResponse(one.given as unknown as ResponseLog);
  else logger.logError(one.error, one.given);
}

/** How many lines pino wrote while something was done. */
function throughPino(work: () => void): number {
  let count = 0;
  const subscriber = { start: () => void count++ } as never;
  const channel = tracingChannel('pino_asJson');
  channel.subscribe(subscriber);
  work();
  channel.unsubscribe(subscriber);
  return count;
}

function twoLoggers(config: object) {
  const lines = { short: [] as string[], pino: [] as string[] };
  const loggerTo = (written: string[], further: object) => {
    const destination = { write: (line: string) => written.push(line) };
    const { StructuredLogger } = testMonitoring({
      destination,
      config: { LOG_HASH_KEY: 'sixteen-letters!', ...config, ...further },
    });
    return new StructuredLogger('api "1"');
  };
  return { lines, short: loggerTo(lines.short, {}), pino: loggerTo(lines.pino, { LOG_REDACT: 'no.such.path' }) };
}

// First: once a process has used two spellings of a name, lines with it go through pino.
test("the lesson's lines go the short way: of requests with their users, of responses, of errors", () => {
  const { lines, short } = twoLoggers({});
  const further: LogFields = { retryAttempt: 3, apiKey: 'topsecret', cached: null, reason: undefined };
  const written = throughPino(() => {
    short.logRequest({ query: 'q', userId: 'alice', sessionId: 'sess_1', endpoint: '/ask', ...further });
    short.logResponse({ durationMs: 1, tokens: { input: 1, output: 2 }, cost: 0.1, model: 'gpt-4', cacheHit: false });
    short.logResponse({ durationMs: Number.NaN, success: false });
    short.logError(new RangeError('too far'), { endpoint: '/ask' });
  });
  assert.equal(written, 0);
  assert.equal(lines.short.length, 4);
});

test('a line is the same to the byte, whether it went the short way or through pino', () => {
  let inAll = 0;
  let pinoInShort = 0;
  const property = fc.property(
    fc.array(call, { maxLength: 5 }),
    fc.record({ LOG_QUERY_TEXT: fc.boolean(), LOG_USER_IDS: fc.constantFrom('plain', 'hashed') }),
    (calls, config) => {
      const { lines, short, pino } = twoLoggers(config);
      inAll += calls.length;
      pinoInShort += throughPino(() => {
        for (const one of calls) log(short, one);
      });
      const written = throughPino(() => {
        for (const one of calls) log(pino, one);
      });
      assert.equal(written, calls.length);
      assert.deepEqual(lines.short, lines.pino);
    },
  );
  fc.assert(property, { numRuns: 1000, seed: Number(process.env.FUZZ_SEED ?? 1) });
  // Both ways were taken, or nothing was compared.
  assert.ok(pinoInShort > inAll / 20 && pinoInShort < (inAll * 19) / 20, `${pinoInShort} of ${inAll} through pino`);
});

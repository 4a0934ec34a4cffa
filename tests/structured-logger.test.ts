import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMonitoring } from '../src/m2_3_monitoring/index.js';
import { testMonitoring } from './helpers/monitoring.js';

function logging(config = {}) {
  const { StructuredLogger, logged } = testMonitoring({ config: { LOG_USER_IDS: 'plain', ...config } });
  return { logger: new StructuredLogger('api'), logged, line: () => logged().at(-1) ?? {} };
}

const COMMON = {
  timestamp: '2026-01-01T00:00:00.000Z',
  logger: 'api',
  service: 'rag-service',
  environment: 'development',
};

describe('a structured log line', () => {
  test("of a request has the query's length, and not its text", () => {
    const { logger, line } = logging();
    logger.logRequest({ query: 'What are sales?', userId: 'alice', sessionId: 'sess_1', endpoint: '/api/query' });
    assert.deepEqual(line(), {
      ...COMMON,
      level: 'INFO',
      message: 'Request received',
      event_type: 'request',
      query_length: 15,
      user_id: 'alice',
      session_id: 'sess_1',
      endpoint: '/api/query',
    });
  });

  test('of a request has the text where LOG_QUERY_TEXT is true', () => {
    const { logger, line } = logging({ LOG_QUERY_TEXT: true });
    logger.logRequest({ query: 'What are sales?' });
    assert.equal(line().query, 'What are sales?');
  });

  test('of a response has the fields of the lesson', () => {
    const { logger, line } = logging();
    logger.logResponse({
      durationMs: 1250.5,
      tokens: { input: 450, output: 180 },
      cost: 0.0243,
      model: 'gpt-4',
      cacheHit: false,
    });
    assert.deepEqual(line(), {
      ...COMMON,
      level: 'INFO',
      message: 'Response completed',
      event_type: 'response',
      duration_ms: 1250.5,
      input_tokens: 450,
      output_tokens: 180,
      cost_usd: 0.0243,
      success: true,
      model: 'gpt-4',
      cache_hit: false,
    });
  });

  test('of a failed response is a warning', () => {
    const { logger, line } = logging();
    logger.logResponse({ durationMs: 3, success: false });
    assert.equal(line().level, 'WARN');
    assert.equal(line().success, false);
  });

  test('of an error has type, message, stack and context', () => {
    const { logger, line } = logging();
    logger.logError(new RangeError('too far'), { userId: 'alice', retryAttempt: 3 });
    const { stack_trace, ...rest } = line();
    assert.match(String(stack_trace), /^RangeError: too far\n\s+at /);
    assert.deepEqual(rest, {
      ...COMMON,
      level: 'ERROR',
      message: 'Request failed',
      event_type: 'error',
      error_type: 'RangeError',
      error_message: 'too far',
      user_id: 'alice',
      retry_attempt: 3,
    });
  });

  test('of something thrown that is no error says so', () => {
    const { logger, line } = logging();
    logger.logError('just a text');
    assert.equal(line().error_type, 'NonError');
    assert.equal(line().error_message, 'just a text');
  });

  test('shows no secret: not by its field, not inside a nested field, not quoted in an error', () => {
    const { logger, logged } = logging();
    logger.logRequest({
      query: 'q',
      apiKey: 'topsecret',
      headers: { authorization: 'Bearer topsecret' },
      password: 'topsecret',
    });
    logger.logError(new Error('key sk-topsecret1234567890 and Bearer topsecret.1 were refused'));
    assert.doesNotMatch(JSON.stringify(logged()), /topsecret/);
    assert.match(JSON.stringify(logged()), /\[redacted\]/);
  });

  test('cannot have its own fields overwritten by context', () => {
    const { logger, line } = logging();
    logger.logError(new Error('x'), { level: 'INFO', timestamp: 'never', message: 'fine', eventType: 'none' });
    assert.equal(line().level, 'ERROR');
    assert.equal(line().message, 'Request failed');
    assert.equal(line().event_type, 'error');
    assert.equal(line().field_level, 'INFO');
  });

  test('is written whatever it is given: cycles, BigInt, getters that throw, nothing', () => {
    const { logger, logged } = logging();
    const cycle: Record<string, unknown> = {};
    cycle.self = { cycle };
    logger.logError(new Error('a'), { cycle, big: 10n });
    logger.logRequest(null as never);
    logger.logError(new Error('b'), 'a text' as never);
    assert.deepEqual(logged()[0]?.cycle, { self: { cycle: '[nested]' } });
    assert.deepEqual(
      logged().map(({ big, query_length, context }) => [big, query_length, context]),
      [
        [10, undefined, undefined],
        [undefined, undefined, undefined],
        [undefined, undefined, 'a text'],
      ],
    );
  });

  test('loses only the field whose getter throws', () => {
    const { logger, line } = logging();
    const throwing = (key: string) =>
      Object.defineProperty({ fine: 1 }, key, {
        enumerable: true,
        get() {
          throw new Error('no');
        },
      });
    logger.logError(new Error('b'), { ...{ nested: throwing('bad') } });
    assert.deepEqual(line().nested, { fine: 1, bad: '[unreadable]' });
    logger.logError(new Error('b'), throwing('bad'));
    assert.equal(line().bad, '[unreadable]');
    logger.logResponse(throwing('durationMs') as never);
    assert.deepEqual([line().fine, 'duration_ms' in line()], [1, false]);
    logger.logRequest(throwing('query') as never);
    assert.deepEqual([line().fine, 'query_length' in line()], [1, false]);
  });

  test('that cannot be made says why', () => {
    const { logger, line } = logging();
    const hostile = new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('refused, with sk-topsecret1234567890');
        },
      },
    );
    logger.logError(new Error('x'), hostile);
    assert.equal(line().unloggable, 'refused, with [redacted]');
    assert.equal(line().event_type, 'error');
  });

  test('shows no secret of an object of a class, of an error, in a deep or a repeated place', () => {
    const { logger, logged } = logging();
    class Client {
      apiKey = 'topsecret';
      toString() {
        return 'client';
      }
    }
    const shared = { password: 'topsecret' };
    const fields = {
      client: new Client(),
      cause: new Error('sk-topsecret1234567'),
      a: { b: { c: { d: [shared, shared] } } },
    };
    logger.logError(new Error('x'), {
      ...fields,
      url: new URL('https://alice:topsecret@host/'),
      map: { toJSON: () => shared },
    });
    logger.logRequest({ query: 'q', note: 'see https://h/?api_key=topsecret', privateKey: 'topsecret' });
    assert.doesNotMatch(JSON.stringify(logged()), /topsecret/);
  });

  test('says lengths instead of texts, wherever a text is given, unless LOG_QUERY_TEXT is true', () => {
    const { logger, line } = logging();
    logger.logResponse({ durationMs: 1, query: 'secret plans', answer: 'none' });
    assert.equal(line().query_length, 12);
    assert.equal(line().answer_length, 4);
    assert.equal('query' in line() || 'answer' in line(), false);
    logger.logError(new Error('x'), { prompt: 'secret plans' });
    assert.equal(line().prompt_length, 12);
  });

  for (const [what, given] of Object.entries({
    'a long text': { note: 'word '.repeat(1e6) },
    'a long text of characters that JSON escapes': { note: '\u0001'.repeat(1e5), more: '\u0001'.repeat(1e5) },
    'long texts of three bytes a character': Object.fromEntries(
      Array.from({ length: 9 }, (_, key) => [`k${key}`, '語'.repeat(1e5)]),
    ),
    'many fields': Object.fromEntries(Array.from({ length: 1e5 }, (_, key) => [`field_${key}`, key])),
    'a list of many numbers': { list: Array.from({ length: 1e5 }, () => Math.PI) },
    'a Map of many entries': { map: new Map(Array.from({ length: 1e5 }, (_, key) => [`key ${key}`, 'value'])) },
    'lists in lists': {
      wide: Array.from({ length: 7 }).reduce((inner) => Array.from({ length: 8 }, () => inner), 'leaf'),
    },
    'a long name': { ['name'.repeat(1e5)]: 1 },
    'an error with a long message': { error: new Error('word '.repeat(1e6)) },
  })) {
    test(`has at most 64 KiB, and keeps its first fields, where it is given ${what}`, () => {
      const lines: string[] = [];
      const { StructuredLogger } = createMonitoring({ destination: { write: (line) => lines.push(line) } });
      const logger = new StructuredLogger('api');
      logger.logError(new RangeError('too far'), { first: 1, ...given });
      logger.logError(Object.assign(new RangeError('too far'), { message: 'too far '.repeat(1e5) }), given);
      for (const line of lines) assert.ok(Buffer.byteLength(line) <= 65_536, String(Buffer.byteLength(line)));
      const [{ first, error_type, error_message } = assert.fail()] = lines.map((line) => JSON.parse(line));
      assert.deepEqual([first, error_type, error_message], [1, 'RangeError', 'too far']);
    });
  }

  test('says how much of a text, a list or an object was cut', () => {
    const { logger, line } = logging();
    logger.logRequest({ query: 'q', note: 'x'.repeat(20_000), list: Array.from({ length: 3000 }, () => 'item') });
    assert.match(String(line().note), /^x+…\[3616 characters cut\]$/);
    assert.match(String((line().list as unknown[]).at(-1)), /^\[\d+ more\]$/);
    logger.logRequest({
      query: 'q',
      wide: Object.fromEntries(Array.from({ length: 3000 }, (_, key) => [`k${key}`, 1])),
    });
    assert.ok(Number((line().wide as Record<string, number>).fields_cut) > 900);
    logger.logError(new Error('x'), Object.fromEntries(Array.from({ length: 3000 }, (_, key) => [`k${key}`, 1])));
    assert.ok(Number(line().fields_cut) > 900);
  });

  test('is written whatever the clock says', () => {
    for (const time of [Number.NaN, 8.7e15, -1e300, Number.POSITIVE_INFINITY]) {
      const { StructuredLogger, logged } = testMonitoring({ wallClock: () => time });
      new StructuredLogger('api').logRequest({ query: 'q' });
      assert.ok(Date.parse(String(logged()[0]?.timestamp)) >= 0, String(time));
    }
  });

  for (const [how, write] of Object.entries({
    throws: () => {
      throw new Error('no');
    },
    rejects: () => Promise.reject(new Error('no')),
    'rejects by a thenable': () => ({ then: (_: unknown, reject: () => void) => reject() }),
  })) {
    test(`is counted where the destination ${how}`, async () => {
      const { StructuredLogger, series } = testMonitoring({ destination: { write, flush: write } });
      const logger = new StructuredLogger('api');
      logger.logRequest({ query: 'q' });
      logger.flush();
      await new Promise(setImmediate);
      assert.equal(await series('rag_dropped_values_total{field="log_line",reason="not_written"}'), 1);
    });
  }

  test('keeps fields that pino would take for a request of Node', () => {
    const { logger, line } = logging();
    logger.logRequest({ query: 'q', method: 'POST', headers: { host: 'h' }, socket: 'unix' });
    assert.deepEqual([line().method, line().headers, line().socket], ['POST', { host: 'h' }, 'unix']);
  });

  test('of an error is followed by a flush of the destination, which `flush` asks for too', () => {
    let flushes = 0;
    const { StructuredLogger } = createMonitoring({ destination: { write: () => 0, flush: () => flushes++ } });
    const logger = new StructuredLogger('api');
    logger.logRequest({ query: 'q' });
    assert.equal(flushes, 0);
    logger.logError(new Error('x'));
    logger.flush();
    assert.equal(flushes, 2);
  });

  test('below LOG_LEVEL is not written', () => {
    const { logger, logged } = logging({ LOG_LEVEL: 'error' });
    logger.logRequest({ query: 'q' });
    logger.logError(new Error('x'));
    assert.equal(logged().length, 1);
  });
});

test('a prompt that is a list of messages is not logged, only its length', () => {
  const { StructuredLogger, logged } = testMonitoring();
  new StructuredLogger('api').logRequest({ query: 'q', prompt: [{ role: 'user', content: 'private' }], max_tokens: 7 });
  const [line] = logged();
  assert.ok(!JSON.stringify(line).includes('private'));
  assert.equal(line?.prompt_length, 37);
  assert.equal(line?.max_tokens, 7);
});

test('a secret is hidden under any of the usual names of secrets', () => {
  const { StructuredLogger, logged } = testMonitoring();
  const secrets = { pwd: 'S1', passwords: ['S2'], bearer: 'S3', accessToken: 'S4', xAuth: 'S5' };
  new StructuredLogger('api').logError(new Error('x'), { ...secrets, nested: secrets });
  assert.doesNotMatch(JSON.stringify(logged()), /"S\d"/);
});

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

  test('is written whatever it is given: cycles, BigInt, getters that throw', () => {
    const { logger, logged } = logging();
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    logger.logError(new Error('a'), { cycle, big: 10n });
    const hostile = Object.defineProperty({}, 'bad', {
      enumerable: true,
      get() {
        throw new Error('unreadable');
      },
    });
    logger.logError(new Error('b'), hostile);
    logger.logRequest(null as never);
    assert.equal(logged().length, 3);
    assert.equal(logged()[1]?.unloggable, 'unreadable');
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

  test('is bounded, however large what it is given', () => {
    const { logger, logged } = logging();
    let wide: unknown = 'leaf';
    for (let level = 0; level < 7; level++) wide = Array.from({ length: 8 }, () => wide);
    logger.logError(new Error('x'), { wide });
    assert.ok(JSON.stringify(logged()[0]).length < 200_000);
  });

  test('is written whatever the destination and the clocks do', () => {
    const broken = createMonitoring({
      destination: {
        write: () => {
          throw new Error('no');
        },
      },
      wallClock: () => Number.NaN,
    });
    const rejecting = createMonitoring({ destination: { write: () => Promise.reject(new Error('no')) } });
    for (const { StructuredLogger } of [broken, rejecting]) new StructuredLogger('x').logRequest({ query: 'q' });
    const getter = Object.defineProperty({ durationMs: 1 }, 'success', {
      get() {
        throw new Error('no');
      },
    });
    logging().logger.logResponse(getter);
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

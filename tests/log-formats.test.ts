import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { type Config, createMonitoring } from '../src/m2_3_monitoring/index.js';
import { testMonitoring } from './helpers/monitoring.js';
import { inRepository } from './helpers/repository.js';

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const span = new BasicTracerProvider().getTracer('test').startSpan('call');
const { traceId, spanId } = span.spanContext();
const inSpan = <Value>(call: () => Value): Value => context.with(trace.setSpan(context.active(), span), call);

function lineIn(
  format: string,
  log: 'request' | 'response' | 'error',
  config: Partial<Config> = {},
): Record<string, unknown> {
  const { StructuredLogger, logged } = testMonitoring({
    config: { LOG_FORMAT: format, LOG_USER_IDS: 'plain', ...config },
  });
  const logger = new StructuredLogger('api');
  inSpan(() => {
    if (log === 'request') logger.logRequest({ query: 'why?', userId: 'alice' });
    if (log === 'response')
      logger.logResponse({ durationMs: 12.5, tokens: { input: 4, output: 5 }, cost: 0.01, model: 'gpt-4' });
    if (log === 'error') logger.logError(new RangeError('too far'), { userId: 'alice' });
  });
  return logged()[0] ?? {};
}

describe('LOG_FORMAT', () => {
  test('json and cloudwatch have the fields of the lesson, with the trace', () => {
    for (const format of ['json', 'cloudwatch']) {
      const line = lineIn(format, 'response');
      assert.equal(line.level, 'INFO');
      assert.equal(line.cost_usd, 0.01);
      assert.equal(line.trace_id, traceId);
      assert.equal(line.span_id, spanId);
    }
  });

  test('gcp has a severity and the trace by its resource name', () => {
    const line = lineIn('gcp', 'error', { GOOGLE_CLOUD_PROJECT: 'shop' });
    assert.equal(line.severity, 'ERROR');
    assert.equal(line.level, undefined);
    assert.equal(line['logging.googleapis.com/trace'], `projects/shop/traces/${traceId}`);
    assert.equal(line['logging.googleapis.com/spanId'], spanId);
    assert.equal(line['logging.googleapis.com/trace_sampled'], true);
  });

  test('cloudwatch-emf embeds the numbers of a response as metrics', () => {
    const line = lineIn('cloudwatch-emf', 'response');
    const { Timestamp, CloudWatchMetrics } = line._aws as {
      Timestamp: number;
      CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
    };
    assert.equal(Timestamp, Date.UTC(2026, 0, 1));
    const [{ Namespace, Dimensions, Metrics } = assert.fail()] = CloudWatchMetrics;
    assert.equal(Namespace, 'rag-service');
    for (const name of [...Dimensions.flat(), ...Metrics.map(({ Name }) => Name)]) assert.ok(name in line, name);
    assert.equal(lineIn('cloudwatch-emf', 'request')._aws, undefined);
  });

  test('datadog has its own names, and ids in decimal', () => {
    const line = lineIn('datadog', 'error');
    assert.equal(line.status, 'error');
    assert.equal(line['error.kind'], 'RangeError');
    assert.equal(line['error.message'], 'too far');
    assert.equal(line['usr.id'], 'alice');
    assert.equal(line['dd.trace_id'], BigInt(`0x${traceId.slice(16)}`).toString());
    assert.equal(line.env, 'development');
  });

  test("ecs has Elastic's fields, by Elastic's own formatter", () => {
    const line = lineIn('ecs', 'error');
    assert.ok(line['ecs.version']);
    assert.equal(line['log.level'], 'error');
    assert.equal(line['@timestamp'], '2026-01-01T00:00:00.000Z');
    assert.equal((line.error as { type: string }).type, 'RangeError');
    assert.deepEqual(line.user, { id: 'alice' });
    assert.deepEqual(line.trace, { id: traceId });
  });

  test('keeps the level where a field of yours has the name that the format gives it', () => {
    for (const [format, name] of [
      ['datadog', 'status'],
      ['gcp', 'severity'],
    ] as const) {
      const lines: string[] = [];
      const { StructuredLogger } = createMonitoring({
        config: { LOG_FORMAT: format },
        destination: { write: (line) => lines.push(line) },
      });
      new StructuredLogger('api').logError(new Error('x'), { [name]: 418 });
      assert.equal(lines[0]?.split(`"${name}":`).length, 2, format);
      assert.equal(JSON.parse(lines[0] ?? '')[`field_${name}`], 418);
    }
  });

  test('pretty is for people', () => {
    const texts: string[] = [];
    const { StructuredLogger } = createMonitoring({
      config: { LOG_FORMAT: 'pretty' },
      destination: { write: (text) => texts.push(text) },
    });
    new StructuredLogger('api').logResponse({ durationMs: 3, model: 'gpt-4' });
    assert.match(texts.join(''), /INFO.*Response completed\n\s+logger: "api"/);
  });

  test('whose formatter is not installed names the package', () => {
    const index = inRepository('dist/src/m2_3_monitoring/index.js');
    const script = `
      const Module = require('node:module'); const resolve = Module._resolveFilename;
      Module._resolveFilename = (name, ...rest) => { if (name === 'pino-pretty') throw new Error('not here'); return resolve(name, ...rest); };
      const { StructuredLogger } = require(${JSON.stringify(index)});
      try { new StructuredLogger('x') } catch (error) { console.log(error.name, error.message) }`;
    const output = execFileSync(process.execPath, ['-e', script], {
      encoding: 'utf8',
      env: { ...process.env, LOG_FORMAT: 'pretty' },
    });
    assert.equal(output, 'ConfigError `LOG_FORMAT`: pretty needs the package pino-pretty: npm install pino-pretty\n');
  });
});

describe('privacy', () => {
  test('a user id is a keyed hash: the same for the same user and key, and not to be reversed', () => {
    const hashed = (key: string) => lineIn('json', 'request', { LOG_USER_IDS: 'hashed', LOG_HASH_KEY: key }).user_id;
    const [key, other] = ['the first of two keys', 'the second of two keys'];
    assert.equal(hashed(key), createHmac('sha256', key).update('alice').digest('hex').slice(0, 16));
    assert.notEqual(hashed(key), hashed(other));
    assert.notEqual(hashed(''), hashed(''), 'without a key, each process has its own');
  });

  test('LOG_REDACT names further fields to hide', () => {
    const { StructuredLogger, logged } = testMonitoring({ config: { LOG_REDACT: 'ssn, customer.*' } });
    new StructuredLogger('api').logRequest({ query: 'q', ssn: '123', customer: { name: 'alice' } });
    assert.equal(logged()[0]?.ssn, '[redacted]');
    assert.deepEqual(logged()[0]?.customer, { name: '[redacted]' });
  });
});

describe('a query id', () => {
  test('is on every log line inside a monitored call, also after an await and inside a stream, and is given to the caller', async () => {
    const { monitoredQuery, StructuredLogger, logged, queryIdOf, currentQueryId } = testMonitoring();
    const logger = new StructuredLogger('api');
    const ask = monitoredQuery()(async () => {
      logger.logRequest({ query: 'before' });
      await new Promise(setImmediate);
      logger.logResponse({ durationMs: 1 });
      return { id: currentQueryId() };
    });
    const result = await ask();
    assert.match(result.id ?? '', /^[0-9a-f-]{36}$/);
    assert.deepEqual(
      logged().map(({ query_id }) => query_id),
      [result.id, result.id],
    );
    assert.equal(queryIdOf(result), result.id);

    const stream = monitoredQuery()(async function* () {
      logger.logRequest({ query: 'in a stream' });
      yield currentQueryId();
    })();
    const { value } = await stream.next();
    assert.equal(logged()[2]?.query_id, value);
    assert.notEqual(value, result.id);
  });

  test('is left out where LOG_QUERY_IDS is false, and then no call is followed', async () => {
    const { monitoredQuery, StructuredLogger, logged, queryIdOf } = testMonitoring({
      config: { LOG_QUERY_IDS: false },
    });
    const logger = new StructuredLogger('api');
    const result = await monitoredQuery()(async () => {
      logger.logRequest({ query: 'before' });
      await new Promise(setImmediate);
      logger.logResponse({ durationMs: 1 });
      return { answer: 'An answer.' };
    })();
    assert.deepEqual(
      logged().map((line) => 'query_id' in line),
      [false, false],
    );
    assert.equal(queryIdOf(result), undefined);
  });

  test('is absent outside, and the inner one inside a nested call', async () => {
    const { monitoredQuery, StructuredLogger, logged, currentQueryId } = testMonitoring();
    new StructuredLogger('api').logRequest({ query: 'q' });
    assert.equal('query_id' in (logged()[0] ?? {}), false);
    const inner = monitoredQuery()(async () => currentQueryId());
    const [innerId, outerId] = await monitoredQuery()(async () => [await inner(), currentQueryId()])();
    assert.notEqual(innerId, outerId);
    assert.equal(currentQueryId(), undefined);
  });
});

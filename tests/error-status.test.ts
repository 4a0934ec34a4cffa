import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drain } from './helpers/drain.js';
import { requests, testMonitoring } from './helpers/monitoring.js';

/** An error with these fields. */
const errorWith = (fields: object, message = 'x') => Object.assign(new Error(message), fields);
/** An error that stands at the end of so many causes. */
const causedBy = (cause: Error, depth: number): Error =>
  depth === 0 ? cause : new TypeError('fetch failed', { cause: causedBy(cause, depth - 1) });

const LATE = errorWith({ code: 'UND_ERR_CONNECT_TIMEOUT' });
const circular = new Error('x');
circular.cause = circular;

const OUTCOMES: [name: string, error: unknown, status: string, type: string | undefined][] = [
  ['an AbortError', new DOMException('gone', 'AbortError'), 'aborted', undefined],
  ['a TimeoutError', new DOMException('late', 'TimeoutError'), 'timeout', 'TimeoutError'],
  ['a socket timeout', errorWith({ code: 'ETIMEDOUT' }), 'timeout', 'Error'],
  ['a fetch that failed because of a timeout', causedBy(LATE, 1), 'timeout', 'TypeError'],
  ['an error that a timeout has caused three causes away', causedBy(LATE, 3), 'timeout', 'TypeError'],
  ['an error that is its own cause', circular, 'error', 'Error'],
  ['an error with statusCode 429', errorWith({ statusCode: 429 }), 'rate_limited', 'Error'],
  ['an error with status 429', errorWith({ status: 429 }), 'rate_limited', 'Error'],
  ['an error with status 500', errorWith({ status: 500 }), 'error', 'Error'],
  ['a thrown text', 'just a text', 'error', 'NonError'],
  ['a thrown object', { message: 'no' }, 'error', 'NonError'],
  ['a thrown undefined', undefined, 'error', 'NonError'],
  ['an error whose name is a sentence', errorWith({ name: 'user 4711 failed' }), 'error', 'Error'],
  ['an error whose name has 64 characters', errorWith({ name: 'E'.repeat(64) }), 'error', 'E'.repeat(64)],
  ['an error whose name has 65 characters', errorWith({ name: 'E'.repeat(65) }), 'error', 'Error'],
];

for (const [name, error, status, type] of OUTCOMES) {
  test(`${name} ends a request as ${status}`, async () => {
    const { monitoredQuery, series, exposition } = testMonitoring();
    const ask = monitoredQuery({ operation: 'ask' })(async () => {
      throw error;
    });
    await ask().catch(() => undefined);
    assert.equal(await series(requests('ask', status)), 1);
    if (type) assert.equal(await series(`rag_errors_total{error_type="${type}",endpoint="ask"}`), 1);
    else assert.doesNotMatch(await exposition(), /rag_errors_total\{.*\} [1-9]/);
  });
}

test('a response that failed is an error, also where it gives no reason', async () => {
  const { monitoredQuery, series } = testMonitoring();
  await monitoredQuery({ operation: 'ask' })(async () => ({ object: 'response', status: 'failed' }))();
  assert.equal(await series(requests('ask', 'error')), 1);
  assert.equal(await series('rag_errors_total{error_type="Error",endpoint="ask"}'), 1);
});

test('of several failures that a stream reports the first one has ended the call', async () => {
  const { monitoredQuery, series } = testMonitoring();
  const failed = (code: string) => ({
    type: 'response.failed',
    response: { object: 'response', status: 'failed', error: { code } },
  });
  const stream = monitoredQuery({ operation: 'ask' })(async function* () {
    yield failed('rate_limit_exceeded');
    yield failed('server_error');
  });
  await drain(stream());
  assert.equal(await series(requests('ask', 'rate_limited')), 1);
});

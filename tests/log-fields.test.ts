import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import vm from 'node:vm';
import fc from 'fast-check';
import { createMonitoring, type LogFields, type RequestLog, type ResponseLog } from '../src/m2_3_monitoring/index.js';
import { testMonitoring } from './helpers/monitoring.js';

function fieldsOf(given: LogFields, config = {}): Record<string, unknown> {
  const { StructuredLogger, logged } = testMonitoring({ config });
  new StructuredLogger('api').logRequest({ query: 'q', ...given });
  return logged()[0] ?? {};
}

function errorLine(error: unknown): Record<string, unknown> {
  const { StructuredLogger, logged } = testMonitoring();
  new StructuredLogger('api').logError(error);
  return logged()[0] ?? {};
}

describe('an error', () => {
  test('shows its code and status, and nothing more where it has none', () => {
    const error = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', status: 503, socket: { a: 1 } });
    assert.deepEqual(errorLine(error).error_details, { code: 'ECONNREFUSED', status: 503 });
    assert.equal('error_details' in errorLine(new Error('x', { cause: new Error('y') })), false);
  });

  test('shows the members of an AggregateError, also where that is a cause', () => {
    const members = [new Error('first'), new TypeError('second')];
    const messages = (details: unknown) => (details as { errors: { type: string; message: string }[] }).errors;
    const { error_details } = errorLine(new AggregateError(members, 'all failed'));
    assert.deepEqual(
      messages(error_details).map(({ type, message }) => [type, message]),
      [
        ['Error', 'first'],
        ['TypeError', 'second'],
      ],
    );
    const { error_details: outer } = errorLine(new TypeError('fetch failed', { cause: new AggregateError(members) }));
    assert.equal(messages((outer as { cause: unknown }).cause).length, 2);
  });

  test('shows its causes: those that are errors in message and stack, others as they are', () => {
    const { error_message, stack_trace } = errorLine(new Error('outer', { cause: new RangeError('inner') }));
    assert.equal(error_message, 'outer: inner');
    assert.match(String(stack_trace), /^Error: outer\n[\s\S]*\ncaused by: RangeError: inner\n/);
    assert.deepEqual(errorLine(new Error('e', { cause: { code: 'X42' } })).error_details, { cause: { code: 'X42' } });
    assert.deepEqual(errorLine(new Error('e', { cause: 'why' })).error_details, { cause: 'why' });
  });

  test('ends a circle of causes', () => {
    const a = new Error('a');
    const b = new Error('b', { cause: a });
    a.cause = b;
    assert.equal(errorLine(a).error_message, 'a: b');
  });

  test('of another realm keeps type and stack', () => {
    const { error_type, stack_trace } = errorLine(vm.runInNewContext('new TypeError("t")'));
    assert.equal(error_type, 'TypeError');
    assert.match(String(stack_trace), /^TypeError: t\n/);
  });

  test('that is frozen, or throws when it is read, is logged and left as it is', () => {
    assert.equal(errorLine(Object.freeze(new Error('frozen'))).error_message, 'frozen');
    const hostile = new Proxy(new Error('x'), {
      get() {
        throw new Error('no');
      },
    });
    assert.equal(errorLine(hostile).error_type, 'NonError');
    const error = new Error('plain');
    errorLine(error);
    assert.deepEqual(Reflect.ownKeys(error).sort(), ['message', 'stack']);
  });

  test('need not be one: what has a message, and what has none', () => {
    assert.deepEqual(
      [errorLine({ message: 'm', name: 'N' }).error_type, errorLine({ message: 'm' }).error_message],
      ['N', 'm'],
    );
    assert.deepEqual(errorLine({ reason: 'x', apiKey: 'topsecret' }).error_details, {
      reason: 'x',
      apiKey: '[redacted]',
    });
    assert.equal(errorLine(undefined).error_message, 'undefined');
  });

  test('in a field has type, message, stack, its own fields, its cause and its members', () => {
    const error = Object.assign(new TypeError('t', { cause: new Error('deep') }), { code: 'E1' });
    const { stack, cause, ...rest } = fieldsOf({ err: error }).err as Record<string, unknown>;
    assert.deepEqual(rest, { code: 'E1', type: 'TypeError', message: 't' });
    assert.match(String(stack), /^TypeError: t/);
    assert.equal((cause as { message: string }).message, 'deep');
    const { all } = fieldsOf({ all: new AggregateError([new Error('member')]) });
    assert.equal((all as { errors: { message: string }[] }).errors[0]?.message, 'member');
  });
});

describe('a field', () => {
  test('shows what a Map, a Set and header fields hold', () => {
    const headers = new Headers({ accept: 'text/html', authorization: 'Bearer topsecret1' });
    assert.deepEqual(
      fieldsOf({ map: new Map([['a', 1]]), set: new Set(['x']), pairs: new Map([[1, 'one']]), headers }),
      {
        ...fieldsOf({}),
        map: { a: 1 },
        set: ['x'],
        pairs: [[1, 'one']],
        headers: { accept: 'text/html', authorization: '[redacted]' },
      },
    );
  });

  test('that names a user is a pseudonym, wherever it stands; a number of users is a number', () => {
    const hashed = fieldsOf({ userId: 'alice' }, { LOG_HASH_KEY: 'k'.repeat(16) }).user_id;
    const given = {
      ctx: { userId: 'alice', deep: [{ user_name: 'alice' }] },
      userIds: ['alice', 'alice'],
      user: { id: 'alice', name: 'alice', plan: 'free' },
      users: 3,
    };
    const { ctx, user_ids, user, users } = fieldsOf(given, { LOG_HASH_KEY: 'k'.repeat(16) });
    assert.deepEqual(ctx, { userId: hashed, deep: [{ user_name: hashed }] });
    assert.deepEqual(user_ids, [hashed, hashed]);
    assert.deepEqual(user, { id: hashed, name: hashed, plan: 'free' });
    assert.equal(users, 3);
  });

  test('with what people say is a length, wherever it stands, unless LOG_QUERY_TEXT is true', () => {
    const given = { ctx: { prompt: 'private', messages: [{ content: 'private' }] } };
    assert.deepEqual(fieldsOf(given).ctx, { prompt_length: 7, messages_length: 23 });
    assert.deepEqual(fieldsOf(given, { LOG_QUERY_TEXT: true }).ctx, given.ctx);
  });

  test('is hidden by its name at any depth; counts and flags are shown', () => {
    const secrets = { password: 'topsecret', pin: 1234, apiKey: ['topsecret'], headers: { 'X-Api-Key': 'topsecret' } };
    const harmless = {
      max_tokens: 5,
      time_to_first_token: 0.2,
      stop_token: '###',
      hasPassword: true,
      cookies: 3,
      token: 12,
    };
    const { a } = fieldsOf({ a: [{ b: { ...secrets, ...harmless } }] });
    assert.deepEqual((a as [{ b: object }])[0].b, {
      ...{ password: '[redacted]', pin: '[redacted]', apiKey: '[redacted]', headers: { 'X-Api-Key': '[redacted]' } },
      ...harmless,
    });
  });

  test('is hidden by a name beside it: in lists of header fields, in entries, in pairs of name and value', () => {
    const lists = [
      ['Host', 'h', 'Authorization', 'topsecret', 'X-Api-Key', 'topsecret', 'Accept', 'text/html'],
      [['password', 'topsecret']],
      [
        { name: 'OPENAI_API_KEY', value: 'topsecret' },
        { key: 'client_secret', value: 'topsecret' },
      ],
    ];
    const { given } = fieldsOf({ given: lists });
    assert.doesNotMatch(JSON.stringify(given), /topsecret/);
    assert.match(JSON.stringify(given), /"Host","h".*"Accept","text\/html"/);
    assert.deepEqual(fieldsOf({ tags: ['password', 'reset', 'token'] }).tags, ['password', 'reset', 'token']);
  });

  test('whose name is a secret has its name hidden', () => {
    const key = `sk-proj-${'Ab3'.repeat(20)}`;
    assert.doesNotMatch(JSON.stringify(fieldsOf({ [key]: 1, ctx: { [key]: 1 } })), /Ab3Ab3/);
  });

  test('cannot change the prototype of the others', () => {
    const given = JSON.parse('{"__proto__":{"level":"NONE"},"ctx":{"__proto__":{"a":1}}}');
    const { field___proto__, ctx } = fieldsOf(given);
    assert.deepEqual(field___proto__, { level: 'NONE' });
    assert.deepEqual(ctx, { field___proto__: { a: 1 } });
  });

  test('of a name that the line has, or in another spelling, leaves the line one', () => {
    const line = fieldsOf({ level: 'x', Level: 'y', QueryId: 'z', message: 'm' });
    assert.deepEqual(
      [line.level, line.message, line.field_level, line.field_query_id],
      ['INFO', 'Request received', 'y', 'z'],
    );
  });
});

const KEYS = [
  ...['durationMs', 'tokens', 'cost', 'success', 'query', 'Query', 'query_length', 'level', 'error_type', 'message'],
  ...['userId', 'user', 'users', 'apiKey', 'token', 'answer', 'prompt', 'headers', 'method', 'socket', 'value', 'name'],
  ...['endpoint', 'cacheHit', 'ünïcode', 'with "quotes"', '__proto__', 'constructor', 'toJSON', ''],
];
const secret = fc.constantFrom(
  'key sk-topsecret1234567890',
  'https://alice:topsecret@host/',
  '{"password":"topsecret"}',
);
const value = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    secret,
    fc.double(),
    fc.constantFrom<unknown>(undefined, null, true, 10n, new Date(0), new Date(Number.NaN), Symbol('s'), () => 1, /x/g),
    fc.constantFrom<unknown>(
      new Error('Bearer topsecret1'),
      new Map([['password', 'topsecret']]),
      new Set([1]),
      new Proxy({}, {}),
    ),
  ),
  node: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('node'), { maxKeys: 5 }),
  ),
})).node;
const fields = fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 6 });

test('whatever is given, a call writes one line of JSON without secrets', () => {
  const property = fc.property(
    fields,
    value,
    fc.constantFrom('json', 'gcp', 'datadog', 'ecs'),
    (given, error, LOG_FORMAT) => {
      const lines: string[] = [];
      const { StructuredLogger } = createMonitoring({
        config: { LOG_FORMAT, LOG_QUERY_TEXT: true },
        destination: { write: (line) => lines.push(line) },
      });
      const logger = new StructuredLogger('api');
      logger.logRequest(given as RequestLog);
      logger.logResponse(given as unknown as ResponseLog);
      logger.logError(error, given);
      assert.equal(lines.length, 3);
      for (const line of lines) {
        assert.match(line, /^\{.*\}\n$/);
        assert.equal(JSON.parse(line).unloggable, undefined);
        assert.doesNotMatch(line, /topsecret/);
      }
    },
  );
  fc.assert(property, { numRuns: 500, seed: Number(process.env.FUZZ_SEED ?? 1) });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as moduleConfig from '../config/module.js';
import { parseConfig, sections, settings } from '../config.js';
import { ConfigError, createMonitoring } from '../src/m2_3_monitoring/index.js';

/** The warnings of the process while something runs. */
async function warningsOf(action: () => void): Promise<string[]> {
  const warnings: string[] = [];
  const note = ({ message }: Error) => warnings.push(message);
  process.on('warning', note);
  action();
  await new Promise(setImmediate);
  process.off('warning', note);
  return warnings;
}

const messageOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message;
  }
  throw new Error('nothing was thrown');
};

test('every setting has a default that its own check accepts', () => {
  for (const [name, setting] of Object.entries(settings))
    assert.deepEqual(setting.parse(String(setting.default)), setting.default, name);
});

test('every setting stands in one section only', () => {
  const names = sections.flatMap((section) => Object.keys(section.settings));
  assert.deepEqual([...new Set(names)], names);
  assert.deepEqual(names, Object.keys(settings));
});

test('a bad value stops with a line that names variable, expectation and value', () => {
  const cases = {
    METRICS_PORT: ['abc', '-1', '65536', '80.5'],
    METRICS_HOST: [' '],
    LOG_USER_IDS: ['none'],
    LOG_QUERY_TEXT: ['perhaps'],
    ALERT_ERROR_RATIO: ['1.01', 'NaN', '-0.1', ' '],
    DEFAULT_INPUT_USD_PER_1K: ['free', 'Infinity'],
  };
  for (const [name, values] of Object.entries(cases)) {
    for (const value of values) {
      const { expected } = settings[name as keyof typeof settings];
      const message = messageOf(() => parseConfig({ [name]: value }));
      assert.equal(message, `\`${name}\`: expected ${expected}, got ${JSON.stringify(value)}`);
    }
  }
});

test('two bad values are two lines, also where they stand in two sections', () => {
  const message = messageOf(() => parseConfig({ METRICS_PORT: 'x', LLM_TIME_SCALE: 'y' }));
  assert.deepEqual(message.match(/^`\w+`/gm), ['`METRICS_PORT`', '`LLM_TIME_SCALE`']);
});

test('an empty variable counts as not set', () => {
  assert.equal(parseConfig({ METRICS_PORT: '' }).METRICS_PORT, settings.METRICS_PORT.default);
});

test('a name that other programs use too keeps its default, with one warning, where the value is theirs', async () => {
  const foreign = { LOG_LEVEL: 'verbose', LOG_FORMAT: 'logfmt', ENVIRONMENT: ' ', SERVICE_NAME: '\t' };
  const warnings = await warningsOf(() => {
    for (const parse of [parseConfig, moduleConfig.parseConfig]) {
      const { LOG_LEVEL, LOG_FORMAT, ENVIRONMENT, SERVICE_NAME } = parse(foreign);
      assert.deepEqual(
        [LOG_LEVEL, LOG_FORMAT, ENVIRONMENT, SERVICE_NAME],
        ['info', 'json', 'development', 'rag-service'],
      );
    }
  });
  assert.equal(warnings.length, 4);
  const expected = 'one of trace, debug, info, warn, error, fatal, silent';
  assert.ok(warnings.includes(`\`LOG_LEVEL\`: expected ${expected}, got "verbose": "info" is used`));
});

test('a value that the code itself gives is checked strictly, whatever the name', () => {
  assert.match(
    messageOf(() => createMonitoring({ config: { LOG_LEVEL: 'verbose' } })),
    /^`LOG_LEVEL`: expected one of .*, got "verbose"$/,
  );
  assert.match(
    messageOf(() => createMonitoring({ config: { toString: 'x' } as never })),
    /^`toString`: no such setting$/,
  );
});

test('a key that is short enough to be found by trying is refused, and does not appear in the message', () => {
  const message = messageOf(() => parseConfig({ LOG_HASH_KEY: 'fifteen-letters' }));
  assert.equal(message, '`LOG_HASH_KEY`: expected at least 16 characters, or nothing, got 15 characters');
  assert.throws(() => parseConfig({ LOG_HASH_KEY: `x${' '.repeat(20)}` }), ConfigError);
  assert.equal(parseConfig({ LOG_HASH_KEY: 'sixteen-letters!' }).LOG_HASH_KEY, 'sixteen-letters!');
});

test('the module has its own settings only', () => {
  const { METRICS_PORT, ...others } = moduleConfig.parseConfig({ METRICS_PORT: '9000', ALERT_ERROR_RATIO: 'x' });
  assert.equal(METRICS_PORT, 9000);
  assert.deepEqual(
    Object.keys(others).filter((name) => /^(ALERT|STACK|LLM)_/.test(name)),
    [],
  );
  assert.throws(
    () => createMonitoring({ config: { ALERT_ERROR_RATIO: 0.1 } as never }),
    /`ALERT_ERROR_RATIO`: no such/,
  );
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigError, parseConfig, settings } from '../config.js';
import { inRepository } from './helpers/repository.js';
import { temporaryFolder } from './helpers/temporary.js';

test('every setting has a default that its own check accepts', () => {
  for (const [name, setting] of Object.entries(settings))
    assert.deepEqual(setting.parse(String(setting.default)), setting.default, name);
});

test('a bad value stops with a line that names variable, expectation and value', () => {
  const cases = {
    METRICS_PORT: ['abc', '-1', '65536', '80.5'],
    LOG_LEVEL: ['loud'],
    LOG_QUERY_TEXT: ['perhaps'],
    ALERT_ERROR_RATIO: ['1.01', 'NaN', '-0.1', ' '],
    DEFAULT_INPUT_USD_PER_1K: ['free', 'Infinity'],
  };
  for (const [name, values] of Object.entries(cases)) {
    for (const value of values) {
      assert.throws(
        () => parseConfig({ [name]: value }),
        (error: Error) => {
          assert.ok(error instanceof ConfigError);
          const { expected } = settings[name as keyof typeof settings];
          assert.equal(error.message, `\`${name}\`: expected ${expected}, got ${JSON.stringify(value)}`);
          return true;
        },
      );
    }
  }
});

test('two bad values are two lines', () => {
  assert.throws(
    () => parseConfig({ METRICS_PORT: 'x', LOG_LEVEL: 'y' }),
    (error: Error) => error.message.split('\n').length === 2,
  );
});

test('an empty variable counts as not set', () => {
  assert.equal(parseConfig({ METRICS_PORT: '' }).METRICS_PORT, settings.METRICS_PORT.default);
});

test('the nearest .env above the working directory is read, and the environment wins over it', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, '.env'), 'SERVICE_NAME="from the file"\nENVIRONMENT=file\n');
  const script = `const { config } = require(${JSON.stringify(inRepository('dist/config.js'))}); console.log(config.SERVICE_NAME, config.ENVIRONMENT)`;
  const env = { PATH: process.env.PATH, ENVIRONMENT: 'environment' };
  const output = execFileSync(process.execPath, ['-e', `process.chdir('${folder}'); ${script}`], {
    encoding: 'utf8',
    env,
  });
  assert.equal(output, 'from the file environment\n');
});

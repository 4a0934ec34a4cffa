import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { codes } from '../src/cli/index.js';
import { assertPort, assertText, CodedError, invalidOption } from '../src/m2_3_monitoring/errors/index.js';
import warnings from '../src/m2_3_monitoring/errors/warnings.json';
import { ConfigError, createMonitoring } from '../src/m2_3_monitoring/index.js';
import { inRepository, readRepositoryFile } from './helpers/repository.js';

/** What a pattern captures in the programs of a folder. */
function foundIn(folder: string, pattern: RegExp): string[] {
  const files = readdirSync(inRepository(folder), { recursive: true, encoding: 'utf8' });
  const programs = files.filter((name) => /\.(?:ts|js|mjs)$/.test(name));
  return programs.flatMap((name) =>
    [...readRepositoryFile(`${folder}/${name}`).matchAll(pattern)].map(([, code = '']) => code),
  );
}

test('every code of an expected error is in a list with cause and remedy, and every listed one is thrown', () => {
  const own = /'(ERR_(?!PARSE_ARGS)[A-Z_]+)'/g;
  const thrown = new Set(['src', 'scripts', 'config'].flatMap((folder) => foundIn(folder, own)));
  assert.deepEqual([...thrown].sort(), Object.keys(codes).sort());
});

test('every code of a warning is in a list with cause and remedy, and every listed one is given', () => {
  const warned = /emitWarning\([\s\S]*?code: '(\w+)'/g;
  const given = new Set(['src/m2_3_monitoring', 'config'].flatMap((folder) => foundIn(folder, warned)));
  assert.deepEqual([...given].sort(), Object.keys(warnings).sort());
});

test('the error of a bad option names the option, what was expected, what came and its type', () => {
  const { code, message, name } = invalidOption('port', 'a number', '80') as TypeError & { code: string };
  assert.deepEqual([name, code], ['TypeError', 'ERR_INVALID_OPTION']);
  assert.equal(message, '`port`: expected a number, got "80" (string)');
  assert.match(invalidOption('a', 'b', null).message, /got null \(null\)$/);
  assert.match(invalidOption('a', 'b', [3, 1], 'sort them').message, /got \[ 3, 1 \] \(object\); sort them$/);
  assert.match(invalidOption('a', 'b', 'x'.repeat(1000)).message, /x… \(string\)$/);
});

test('the error of a bad option shows nothing of an object, which may hold a secret', () => {
  const { message } = invalidOption('client', 'a function', { apiKey: 'sk-secret' });
  assert.equal(message, '`client`: expected a function, got [Object] (object)');
});

test('a port is an integer from 0 to 65535, and a text is not empty', () => {
  for (const port of [-1, 65_536, 1.5, '80', undefined])
    assert.throws(() => assertPort('port', port), { code: 'ERR_INVALID_OPTION' });
  for (const text of ['', 1, undefined]) assert.throws(() => assertText('text', text), { code: 'ERR_INVALID_OPTION' });
  assertPort('port', 65_535);
  assertText('text', ' ');
});

test('bad options and settings of the module have codes, and keep their classes', () => {
  assert.throws(() => createMonitoring({ registery: 1 } as never), { name: 'TypeError', code: 'ERR_INVALID_OPTION' });
  assert.throws(() => createMonitoring(null as never), { name: 'TypeError', code: 'ERR_INVALID_OPTION' });
  assert.throws(
    () => createMonitoring({ config: { METRICS_PORT: -1 } }),
    (error) => error instanceof ConfigError && error instanceof CodedError && error.code === 'ERR_CONFIG',
  );
});

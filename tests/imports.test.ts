import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { inRepository } from './helpers/repository.js';
import { temporaryFolder } from './helpers/temporary.js';

/** What an import did to a fresh process: whether monitoring began, and listeners and resources that are new. */
function effectsOf(cwd: string, files: string[]) {
  const script = `
    const listeners = () => process.eventNames().map((name) => [String(name), process.listenerCount(name)]);
    const before = listeners();
    for (const file of ${JSON.stringify(files)}) require(file);
    console.log(JSON.stringify({
      monitors: Symbol.for('m2_3_monitoring.default') in globalThis,
      listeners: listeners().filter(([name, count]) => !before.some((one) => one[0] === name && one[1] === count)),
      resources: process.getActiveResourcesInfo(),
    }));`;
  return JSON.parse(
    execFileSync(process.execPath, ['-e', script], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }),
  );
}

/** The files of a room, without its commands, which do their work when they are loaded, and without what browsers run. */
function filesOf(room: string): string[] {
  const folder = inRepository('dist/src', room);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js') && !/^main\.js$|^client\/|^bundle\//.test(name))
    .map((name) => inRepository('dist/src', room, name));
}

for (const room of ['charts', 'promql', 'dashboard', 'stack', 'history', 'page', 'backtest']) {
  test(`no file of ${room} starts monitoring, listens to the process or opens anything when it is imported`, (t) => {
    const effects = effectsOf(temporaryFolder(t), filesOf(room));
    assert.deepEqual(effects, { monitors: false, listeners: [], resources: [] });
  });
}

test('a setting starts nothing', (t) => {
  const effects = effectsOf(temporaryFolder(t), [
    inRepository('dist/config.js'),
    inRepository('dist/config/module.js'),
  ]);
  assert.deepEqual(effects, { monitors: false, listeners: [], resources: [] });
});

test('the module makes its default instance, starts no timer, and listens to nothing but the exit', (t) => {
  const { listeners, ...others } = effectsOf(temporaryFolder(t), [inRepository('dist/src/m2_3_monitoring/index.js')]);
  assert.deepEqual(others, { monitors: true, resources: [] });
  assert.deepEqual(
    listeners.filter(([name]: [string]) => name !== 'exit'),
    [],
  );
});

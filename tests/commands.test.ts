import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { assertNode } from '../src/cli/index.js';
import { findStack, freePort } from '../src/stack/index.js';
import { assertEndsWithLine, runCommand, startCommand } from './helpers/command.js';
import { inRepository } from './helpers/repository.js';
import { temporaryFolder } from './helpers/temporary.js';

const OFFLINE = 'data:text/javascript,globalThis.fetch=()=>Promise.reject(new%20Error(0))';

const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  );

/** A port that another program, this one, holds. */
async function heldPort(t: TestContext): Promise<string> {
  const other = createServer().listen(0, '127.0.0.1');
  t.after(() => other.close());
  await once(other, 'listening');
  return String((other.address() as AddressInfo).port);
}

describe('npm start', () => {
  test('npm start opens the lesson with its kernel beside the monitoring stack, and Ctrl-C leaves no process running', async (t) => {
    const folder = temporaryFolder(t);
    const env = { STACK_FOLDER: folder, METRICS_PORT: String(await freePort()) };
    const started = startCommand('start.mjs', ['--no-browser'], env);
    const [, origin, path, token] = await started.until(/open at (http:\/\/127\.0\.0\.1:\d+)(\S+)\?token=(\w+)/);
    const headers = { Authorization: `token ${token}` };
    const page = await fetch(`${origin}${path}`, { headers });
    assert.equal(page.status, 200);
    const kernel = await fetch(`${origin}/api/kernels`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ name: 'tslab' }),
    });
    const { id } = (await kernel.json()) as { id: string };
    assert.equal(spawnSync('pgrep', ['-f', id]).status, 0, 'the kernel runs');
    const [, prometheusUrl] = await started.until(/^Prometheus +(http:\S+)/m);
    const stack = await findStack(folder);
    assert.equal(stack?.prometheus.url, prometheusUrl);
    assert.equal(stack?.target, `127.0.0.1:${env.METRICS_PORT}`);
    assert.equal(await started.end(), 0);
    assert.equal(await answers(`${origin}/api`), false);
    assert.equal(await answers(`${prometheusUrl}/-/ready`), false);
    assert.equal(existsSync(join(folder, 'state.json')), false);
    assert.equal(spawnSync('pgrep', ['-f', id]).status, 1, 'the kernel is gone');
  });

  test('npm start says in one line that its port is in use, or that it is none', async (t) => {
    assertEndsWithLine('start.mjs', ['--port', 'x'], {
      status: 2,
      line: /^--port: expected a port from 1 to 65535, got "x"$/,
    });
    const port = await heldPort(t);
    const line = new RegExp(`^port ${port} is held by another program: choose another with --port, or leave it out$`);
    assertEndsWithLine('start.mjs', ['--port', port], { status: 1, line });
  });

  test('npm start where nothing can be installed ends with one line that names the remedy', (t) => {
    const folder = temporaryFolder(t);
    cpSync(inRepository('scripts'), join(folder, 'scripts'), { recursive: true });
    const shared = [
      'node_modules',
      'dist',
      'src',
      'tests',
      'bench',
      'data',
      'notebooks',
      'config.ts',
      'config',
      'tsconfig.json',
      'package-lock.json',
    ];
    for (const name of shared) symlinkSync(inRepository(name), join(folder, name));
    mkdirSync(join(folder, 'empty'));
    // Neither a program of the machine nor a network.
    const env = { PATH: join(folder, 'empty'), NODE_OPTIONS: `--import=${OFFLINE}` };
    const { status, stdout, stderr } = runCommand('start.mjs', ['--no-browser'], { root: folder, env });
    assert.match(stderr, /^Jupyter is missing and could not be installed: run "pip install jupyterlab".*\n$/);
    assert.equal(status, 1);
    assert.match(stdout, /Prometheus is missing .* Until then sections 1 to 5 of the lesson work\./);
  });

  test('a Node that is too old is named, with the version that is needed', () => {
    assert.throws(() => assertNode('18.20.1'), {
      code: 'ERR_NODE_VERSION',
      message: /^Node 18\.20\.1 is too old: install Node 20\.19 or newer/,
    });
    assertNode('20.19.0');
    assertNode('24.0.0');
  });
});

describe('npm run demo', () => {
  test('npm run demo serves metrics of its queries until Ctrl-C, then prints a summary, exits with 0 and frees the port', async () => {
    const port = await freePort();
    const demo = startCommand('demo.mjs', [], { METRICS_PORT: String(port), LLM_TIME_SCALE: '0.05' });
    const [, url] = await demo.until(/Metrics: (\S+)/);
    await demo.until(/[1-9]\d* queries \(.*mean .*USD/);
    assert.match(
      await (await fetch(url ?? '')).text(),
      /rag_requests_total{endpoint="rag_pipeline",status="success"} [1-9]/,
    );
    assert.equal(await demo.end(), 0);
    assert.match(demo.output(), /Ended after [1-9]\d* queries .* 0 in progress/);
    assert.equal(await answers(url ?? ''), false);
  });

  test('npm run demo says in one line that its port is in use, or that its address is not of this machine', async (t) => {
    assertEndsWithLine('demo.mjs', [], {
      status: 1,
      line: /^port \d+ on 127\.0\.0\.1 is held by another program: /,
      env: { METRICS_PORT: await heldPort(t) },
    });
    assertEndsWithLine('demo.mjs', [], {
      status: 1,
      line: /^cannot listen on 192\.0\.2\.1:0 \(EADDRNOTAVAIL\): check METRICS_HOST and METRICS_PORT$/,
      env: { METRICS_HOST: '192.0.2.1', METRICS_PORT: '0', METRICS_TOKEN: 'secret' },
    });
  });
});

describe('npm run dashboard', () => {
  test('npm run dashboard serves the page until Ctrl-C, then exits with 0 and frees the port', async () => {
    const port = String(await freePort());
    // Nothing listens there: the page is served all the same, and says so.
    const options = ['--prometheus', 'http://127.0.0.1:1', '--port', port, '--no-browser'];
    const dashboard = startCommand('dashboard.mjs', options);
    const [, url = ''] = await dashboard.until(/open at (\S+)/);
    assert.equal(new URL(url).port, port);
    assert.match(await (await fetch(url)).text(), /<script src="page\.js"/);
    assert.equal(await dashboard.end(), 0);
    assert.equal(await answers(url), false);
  });

  test('npm run dashboard says in one line what is wrong with an option, or that there is no Prometheus', () => {
    const cases: [status: 1 | 2, args: string[], line: RegExp, env?: NodeJS.ProcessEnv][] = [
      [2, ['--port', '0'], /^--port: expected a port from 1 to 65535, got "0"$/],
      [2, ['--prometheus', 'localhost:9090'], /^--prometheus: expected a URL such as http:\/\/127\.0\.0\.1:9090, got/],
      [2, ['--prometheus', 'http://x', '--alertmanager', '?'], /^--alertmanager: expected a URL such as /],
      [1, [], /^the address of Prometheus is no http or https URL: "x"/, { PROMETHEUS_URL: 'x' }],
      [
        1,
        [],
        /^no Prometheus runs here: "npm run stack" .*npm run dashboard -- --prometheus URL/,
        { NODE_OPTIONS: `--import=${OFFLINE}` },
      ],
    ];
    for (const [status, args, line, env] of cases) assertEndsWithLine('dashboard.mjs', args, { status, line, env });
  });
});

test('a second set-up installs nothing, and prints nothing of it', () => {
  const { stdout, stderr } = runCommand('setup.mjs', []);
  assert.equal(stdout + stderr, 'Everything is set up: npm start opens the lesson.\n');
});

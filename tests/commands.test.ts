import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { findStack, freePort } from '../src/stack/index.js';
import { inRepository, REPOSITORY } from './helpers/repository.js';
import { temporaryFolder } from './helpers/temporary.js';

interface Started {
  child: ChildProcess;
  output(): string;
  /** Waits until the output matches, and gives the match. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
}

function start(script: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Started {
  const child = spawn(process.execPath, [inRepository('scripts', script), ...args], {
    env: { ...process.env, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  const until = async (pattern: RegExp) => {
    while (!pattern.test(output)) {
      if (child.exitCode !== null) assert.fail(`ended early: ${output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return output.match(pattern) as RegExpMatchArray;
  };
  return { child, output: () => output, until };
}

async function interrupt({ child }: Started): Promise<number | null> {
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  const [code] = await ended;
  return code;
}

const OFFLINE = 'data:text/javascript,globalThis.fetch=()=>Promise.reject(new%20Error(0))';

const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  );

describe('npm start', () => {
  test('opens the lesson with its kernel beside the monitoring stack, and Ctrl-C leaves no process behind', async (t) => {
    const folder = temporaryFolder(t);
    const env = { STACK_FOLDER: folder, METRICS_PORT: String(await freePort()) };
    const started = start('start.mjs', ['--no-browser'], env);
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
    assert.equal(await interrupt(started), 0);
    assert.equal(await answers(`${origin}/api`), false);
    assert.equal(await answers(`${prometheusUrl}/-/ready`), false);
    assert.equal(existsSync(join(folder, 'state.json')), false);
    assert.equal(spawnSync('pgrep', ['-f', id]).status, 1, 'the kernel is gone');
  });

  test('says in one line what is wrong with an option', async () => {
    for (const [args, message] of [
      [['--colour'], /Unknown option '--colour'; known are --no-browser and --port/],
      [['--port', 'x'], /--port: expected a number from 1 to 65535, got "x"/],
    ] as const) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [inRepository('scripts/start.mjs'), ...args], {
        encoding: 'utf8',
      });
      assert.equal(status, 1);
      assert.match(stdout, message);
      assert.equal(stdout.trim().split('\n').length, 1);
      assert.equal(stderr, '');
    }
  });

  test('where nothing can be installed ends with one line that names the cure', (t) => {
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
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(folder, 'scripts/start.mjs'), '--no-browser'],
      {
        encoding: 'utf8',
        // Neither a program of the machine nor a network.
        env: { PATH: join(folder, 'empty'), NODE_OPTIONS: `--import=${OFFLINE}` },
      },
    );
    assert.equal(stderr, '');
    assert.equal(status, 1);
    assert.match(
      stdout.trim().split('\n').at(-1) ?? '',
      /^Jupyter is missing and could not be installed: run "pip install jupyterlab"/,
    );
    assert.match(stdout, /Prometheus is missing .* Until then sections 1 to 5 of the lesson work\./);
  });

  test('a Node that is too old is named, with the version that is needed', () => {
    const code = `import('${inRepository('scripts/setup/packages.mjs')}').then(({ ensureNode }) => ensureNode('18.20.1')).catch((e) => console.log(e.message))`;
    const output = execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' });
    assert.match(output, /^Node 18\.20\.1 is too old: install Node 20\.19 or newer/);
  });
});

describe('npm run demo', () => {
  test('serves metrics of flowing queries until Ctrl-C, then sums up, exits with 0 and frees the port', async () => {
    const port = await freePort();
    const demo = start('demo.mjs', [], { METRICS_PORT: String(port), LLM_TIME_SCALE: '0.05' });
    const [, url] = await demo.until(/Metrics: (\S+)/);
    await demo.until(/[1-9]\d* queries \(.*mean .*USD/);
    assert.match(
      await (await fetch(url ?? '')).text(),
      /rag_requests_total{endpoint="rag_pipeline",status="success"} [1-9]/,
    );
    assert.equal(await interrupt(demo), 0);
    assert.match(demo.output(), /Ended after [1-9]\d* queries .* 0 in progress/);
    assert.equal(await answers(url ?? ''), false);
  });

  test('says in one line that its port is held, and exits with 1', async (t) => {
    const other = createServer().listen(0, '127.0.0.1');
    t.after(() => other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const demo = start('demo.mjs', [], { METRICS_PORT: String(port) });
    const [code] = await once(demo.child, 'exit');
    assert.equal(code, 1);
    assert.match(demo.output(), /^port \d+ on 127\.0\.0\.1 is held by another program: .*\n$/);
  });
});

describe('npm run dashboard', () => {
  test('serves the page until Ctrl-C, then exits with 0 and frees the port', async () => {
    const port = String(await freePort());
    // Nothing listens there: the page is served all the same, and says so.
    const options = ['--prometheus', 'http://127.0.0.1:1', '--port', port, '--no-browser'];
    const dashboard = start('dashboard.mjs', options);
    const [, url = ''] = await dashboard.until(/open at (\S+)/);
    assert.equal(new URL(url).port, port);
    assert.match(await (await fetch(url)).text(), /<script src="page\.js"/);
    assert.equal(await interrupt(dashboard), 0);
    assert.equal(await answers(url), false);
  });

  test('says in one line what is wrong with an option, or that there is no Prometheus', async () => {
    for (const [args, message, env] of [
      [['--colour'], /Unknown option '--colour'; known are --prometheus URL, --alertmanager URL, --port NUMBER/],
      [['--port', 'x'], /--port: expected a number from 1 to 65535, got "x"/],
      [['--prometheus', 'localhost:9090'], /the address of Prometheus is no http or https URL: "localhost:9090"/],
      [
        ['--prometheus', 'http://x', '--alertmanager', '?'],
        /the address of Alertmanager is no http or https URL: "\?"/,
      ],
      [[], /the address of Prometheus is no http or https URL: "x"/, { PROMETHEUS_URL: 'x' }],
      [
        [],
        /no Prometheus runs here: "npm run stack" .*npm run dashboard -- --prometheus URL/,
        { NODE_OPTIONS: `--import=${OFFLINE}` },
      ],
    ] as const) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [inRepository('scripts/dashboard.mjs'), ...args], {
        encoding: 'utf8',
        env: { ...process.env, ...env },
      });
      assert.equal(status, 1);
      assert.match(stdout, message);
      assert.equal(stdout.trim().split('\n').length, 1, stdout);
      assert.equal(stderr, '');
    }
  });
});

test('a second set-up installs nothing and says nothing of it', () => {
  const output = execFileSync(process.execPath, [inRepository('scripts/setup.mjs')], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  });
  assert.equal(output, 'Everything is set up: npm start opens the lesson.\n');
});

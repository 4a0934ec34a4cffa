import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { inRepository, REPOSITORY } from './helpers/repository.js';

const TYPESCRIPT = inRepository('node_modules/typescript/bin/tsc');
const KERNELS_TYPESCRIPT = inRepository('node_modules/@tslab/typescript-for-tslab/lib/tsc.js');
const folder = mkdtempSync(join(tmpdir(), 'm2_3-package-'));
const installed = join(folder, 'node_modules/m2_3_monitoring');

const run = (command: string, args: string[], env = {}) =>
  execFileSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: 'pipe',
    env: { ...process.env, METRICS_PORT: '0', ...env },
  });

/** Writes a program into the folder, compiles it, and gives what it prints. */
function compileAndRun(name: string, source: string, ...options: string[]): string {
  writeFileSync(join(folder, `${name}.mts`), source);
  const strict = ['--strict', '--target', 'es2022', '--module', 'node16', '--skipLibCheck', '--types', 'node'];
  run(process.execPath, [TYPESCRIPT, ...strict, ...options, `${name}.mts`]);
  return run(process.execPath, [`${name}.mjs`]);
}

// What `npm install` of the packed file does, without a network: unpack it, and put beside it what it declares.
before(() => {
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', folder], {
      cwd: REPOSITORY,
      encoding: 'utf8',
    }),
  );
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', filename, '-C', installed, '--strip-components=1']);
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
    symlinkSync(inRepository('node_modules', name), join(folder, 'node_modules', name));
  }
  writeFileSync(join(folder, 'package.json'), '{}');
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed package', () => {
  const USE = `const cost = calculateCost({ model: 'gpt-4', inputTokens: 1000, outputTokens: 500 });
    console.log(cost, typeof monitoredQuery, (await startMetricsServer()).alreadyRunning);`;
  const PRINTED = '0.06 function false\n';
  const NAMES = '{ calculateCost, monitoredQuery, startMetricsServer }';

  test('has the module, its types and prices, and nothing of the lesson', () => {
    const files = execFileSync('find', ['.', '-type', 'f'], { cwd: installed, encoding: 'utf8' });
    assert.match(files, /dist\/src\/m2_3_monitoring\/index\.d\.ts/);
    assert.doesNotMatch(files, /lesson|rag\/|src\/page|src\/charts|tests|\.ipynb|scripts/);
  });

  test('is used from CommonJS', () => {
    writeFileSync(join(folder, 'use.cjs'), `const ${NAMES} = require('m2_3_monitoring'); (async () => { ${USE} })();`);
    assert.equal(run(process.execPath, ['use.cjs']), PRINTED);
  });

  test('is used from ES modules', () => {
    writeFileSync(join(folder, 'use.mjs'), `import ${NAMES} from 'm2_3_monitoring'; ${USE}`);
    assert.equal(run(process.execPath, ['use.mjs']), PRINTED);
  });

  test('is used from strict TypeScript', () => {
    assert.equal(compileAndRun('use-ts', `import ${NAMES} from 'm2_3_monitoring'; ${USE}`), PRINTED);
  });

  test('gives one instance to CommonJS and ES modules in one process', () => {
    writeFileSync(
      join(folder, 'both.mjs'),
      `import { createRequire } from 'node:module'; import { metrics } from 'm2_3_monitoring';
       console.log(createRequire(import.meta.url)('m2_3_monitoring').metrics === metrics);`,
    );
    assert.equal(run(process.execPath, ['both.mjs']), 'true\n');
  });

  const DECORATED = `import { metrics, monitoredQuery } from 'm2_3_monitoring';
    class Rag {
      constructor(readonly name: string) {}
      @monitoredQuery({ operation: 'ask' })
      async ask(question: string): Promise<{ answer: string }> { return { answer: this.name + question }; }
    }
    const { answer } = await new Rag('rag: ').ask('why?');
    const { values } = await metrics.requestsTotal.get();
    console.log(answer, values.find(({ labels }) => labels.status === 'success')?.value);`;

  for (const [protocol, options] of [
    ['standard', []],
    ['legacy', ['--experimentalDecorators']],
  ] as const) {
    test(`decorates a method under the ${protocol} protocol, typed`, () => {
      assert.equal(compileAndRun(`decorated-${protocol}`, DECORATED, ...options), 'rag: why? 1\n');
    });
  }

  test('has types that the TypeScript of the notebook’s kernel reads, without `exports`', () => {
    writeFileSync(
      join(folder, 'kernel.ts'),
      `import { metrics, monitoredQuery } from 'm2_3_monitoring';
      export const ask = monitoredQuery({ operation: 'ask' })(async (n: number) => n);
      export const answer: Promise<number> = ask(1);
      metrics.queryLatency.observe({ operation: 'x' }, 1);
      // @ts-expect-error a label that the metric does not have
      metrics.queryLatency.observe({ user: 'x' }, 1);`,
    );
    const options = [
      '--strict',
      '--noEmit',
      '--target',
      'es2022',
      '--module',
      'es2022',
      '--moduleResolution',
      'node',
      '--skipLibCheck',
    ];
    run(process.execPath, [KERNELS_TYPESCRIPT, ...options, 'kernel.ts']);
  });

  test('lets a process end while its metrics server runs', () => {
    writeFileSync(
      join(folder, 'ends.mjs'),
      `import { startMetricsServer } from 'm2_3_monitoring'; await startMetricsServer(); console.log('end');`,
    );
    assert.equal(run(process.execPath, ['ends.mjs']), 'end\n');
  });

  test('stops at a bad setting with one line that says which', () => {
    assert.throws(
      () => run(process.execPath, ['use.cjs'], { METRICS_PORT: 'x' }),
      /ConfigError: `METRICS_PORT`: expected a port number/,
    );
  });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { buildSync } from 'esbuild';
import { publint } from 'publint';
import { inRepository, REPOSITORY } from './helpers/repository.js';

const TYPESCRIPT = inRepository('node_modules/typescript/bin/tsc');
const KERNELS_TYPESCRIPT = inRepository('node_modules/@tslab/typescript-for-tslab/lib/tsc.js');
const folder = mkdtempSync(join(tmpdir(), 'm2_3-package-'));
const installed = join(folder, 'node_modules/m2_3_monitoring');
let packed: Uint8Array<ArrayBuffer>;

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
  packed = new Uint8Array(readFileSync(join(folder, filename)));
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

  test('the packed package has the module, its types and prices, and nothing of the lesson', () => {
    const files = execFileSync('find', ['.', '-type', 'f'], { cwd: installed, encoding: 'utf8' });
    assert.match(files, /dist\/src\/m2_3_monitoring\/index\.d\.ts/);
    assert.doesNotMatch(files, /lesson|alert|rag\/|src\/page|src\/charts|tests|\.ipynb|scripts/);
  });

  test('the packed package has every file that its files import, types included', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    const missing = files
      .filter((file) => /\.(js|d\.ts)$/.test(file))
      .flatMap((file) => {
        const text = readFileSync(join(installed, file), 'utf8');
        const imports = [...text.matchAll(/(?:from |require\(|import\()["'](\.[^"']+)["']/g)];
        const isTypes = file.endsWith('.d.ts');
        return imports.map(([, to = '']) => join(dirname(file), isTypes ? to.replace(/js$/, 'd.ts') : to));
      })
      .filter((file) => !files.includes(file));
    assert.deepEqual(missing, []);
  });

  test('the packed package has no setting of the lesson, the stack or the alerts', () => {
    writeFileSync(join(folder, 'names.cjs'), `console.log(Object.keys(require('m2_3_monitoring').settings).join())`);
    assert.doesNotMatch(run(process.execPath, ['names.cjs']), /ALERT_|STACK_|LLM_/);
  });

  test('the packed package works in CommonJS', () => {
    writeFileSync(join(folder, 'use.cjs'), `const ${NAMES} = require('m2_3_monitoring'); (async () => { ${USE} })();`);
    assert.equal(run(process.execPath, ['use.cjs']), PRINTED);
  });

  test('the packed package works in ES modules', () => {
    writeFileSync(join(folder, 'use.mjs'), `import ${NAMES} from 'm2_3_monitoring'; ${USE}`);
    assert.equal(run(process.execPath, ['use.mjs']), PRINTED);
  });

  test('the packed package works in strict TypeScript', () => {
    assert.equal(compileAndRun('use-ts', `import ${NAMES} from 'm2_3_monitoring'; ${USE}`), PRINTED);
  });

  test('the packed package gives one instance to CommonJS and ES modules in one process', () => {
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
    test(`the packed package decorates a method under the ${protocol} protocol, with its types`, () => {
      assert.equal(compileAndRun(`decorated-${protocol}`, DECORATED, ...options), 'rag: why? 1\n');
    });
  }

  test('the types of the packed package are read by the TypeScript of the notebook’s kernel, which knows no `exports`', () => {
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

  const BUNDLED = `import { calculateCost, ConfigError, monitoredQuery, registry, startMetricsServer, StructuredLogger } from 'm2_3_monitoring';
    (async () => {
      await monitoredQuery({ operation: 'op' })(async () => ({ model: 'gpt-4', input_tokens: 1000, output_tokens: 500 }))();
      const server = await startMetricsServer(0);
      const page = await (await fetch(server.url)).text();
      console.log(calculateCost({ model: 'gpt-4', inputTokens: 1000 }), /rag_total_cost_usd{model="gpt-4"} 0.06/.test(page));
      await server.close();
      try {
        new StructuredLogger('bundled').logRequest({ query: 'why?', nested: { a: 1 } });
      } catch (error) {
        console.log(error instanceof ConfigError, error.message);
      }
    })();`;
  // An ES-module bundle has no `require` for Node's own modules, which CommonJS packages load: the usual banner gives it one.
  const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

  for (const [format, name, banner] of [
    ['cjs', 'bundled.cjs', ''],
    ['esm', 'bundled.mjs', REQUIRE],
  ] as const) {
    test(`the packed package runs in a bundle of esbuild in the format ${format}, and finds formatters beside it`, () => {
      buildSync({
        stdin: { contents: BUNDLED, resolveDir: folder },
        bundle: true,
        platform: 'node',
        format,
        banner: { js: banner },
        outfile: join(folder, 'bundle', name),
        logLevel: 'error',
      });
      const printed = (logFormat: string) => {
        const [costs = '', line = ''] = run(process.execPath, [join('bundle', name)], { LOG_FORMAT: logFormat }).split(
          '\n',
        );
        assert.equal(costs, '0.03 true');
        return line;
      };
      assert.equal(JSON.parse(printed('json')).query_length, 4);
      assert.equal(
        printed('pretty'),
        'true `LOG_FORMAT`: pretty needs the package pino-pretty: npm install pino-pretty',
      );
      const ecs = join(folder, 'bundle/node_modules/@elastic/ecs-pino-format');
      mkdirSync(dirname(ecs), { recursive: true });
      symlinkSync(inRepository('node_modules/@elastic/ecs-pino-format'), ecs);
      assert.equal(JSON.parse(printed('ecs'))['log.level'], 'info');
      rmSync(join(folder, 'bundle'), { recursive: true });
    });
  }

  test('the packed package lets a process end while its metrics server runs', () => {
    writeFileSync(
      join(folder, 'ends.mjs'),
      `import { startMetricsServer } from 'm2_3_monitoring'; await startMetricsServer(); console.log('end');`,
    );
    assert.equal(run(process.execPath, ['ends.mjs']), 'end\n');
  });

  test('the packed package has no fault that publint knows', async () => {
    const { messages } = await publint({ pack: { tarball: packed.buffer }, strict: true });
    assert.deepEqual(messages, []);
  });

  // `node10` reads `main` and `types` alone, as the notebook's kernel does.
  test('the types of the packed package are found by every way in which TypeScript resolves, node10 too', async () => {
    const analysis = await checkPackage(createPackageFromTarballData(packed));
    assert.ok(analysis.types, 'the package has types');
    assert.deepEqual(analysis.problems, []);
    const found = Object.entries(analysis.entrypoints['.']?.resolutions ?? {});
    assert.deepEqual(
      found.map(([way, { resolution }]) => [way, resolution?.isTypeScript]),
      ['node10', 'node16-cjs', 'node16-esm', 'bundler'].map((way) => [way, true]),
    );
  });

  test('the packed package stops at a bad setting with one line that names it', () => {
    assert.throws(
      () => run(process.execPath, ['use.cjs'], { METRICS_PORT: 'x' }),
      /ConfigError: `METRICS_PORT`: expected a port number/,
    );
  });
});

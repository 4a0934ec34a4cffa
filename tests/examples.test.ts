import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { requireTool } from '../src/stack/index.js';
import { codeBlocks } from './helpers/documents.js';
import { inRepository } from './helpers/repository.js';
import { temporaryFolder } from './helpers/temporary.js';

const folder = mkdtempSync(join(tmpdir(), 'm2_3-examples-'));
const blocks = codeBlocks();
const examples = blocks
  .filter(({ language }) => language === 'ts')
  .map((block, index) => ({ ...block, name: `example-${index}` }));

const run = (...args: string[]) =>
  execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, METRICS_PORT: '0' } });

before(() => {
  symlinkSync(inRepository('node_modules'), join(folder, 'node_modules'));
  for (const { name, code } of examples) writeFileSync(join(folder, `${name}.mts`), code);
  const options = ['--strict', '--target', 'es2022', '--module', 'node16', '--skipLibCheck', '--types', 'node'];
  run(inRepository('node_modules/typescript/bin/tsc'), ...options, ...examples.map(({ name }) => `${name}.mts`));
});
after(() => rmSync(folder, { recursive: true, force: true }));

for (const { document, heading, name, code } of examples) {
  test(`the example of ${document} under "${heading}" compiles, runs and prints what it says`, () => {
    const said = [...code.matchAll(/^\/\/ → (.*)$/gm)].map(([, line]) => line);
    assert.notEqual(said.length, 0, 'it does not say what it prints');
    assert.deepEqual(run(`${name}.mjs`).trim().split('\n'), said);
  });
}

for (const { document, heading, code } of blocks.filter(({ language }) => language === 'yaml')) {
  test(`Prometheus takes the configuration of ${document} under "${heading}"`, (t) => {
    const file = join(temporaryFolder(t), 'prometheus.yml');
    writeFileSync(file, code);
    execFileSync(requireTool('promtool'), ['check', 'config', file], { stdio: 'pipe' });
  });
}

test('every block of code in the documents is run or checked, or is a command, a text or a diagram', () => {
  const known = ['ts', 'yaml', 'sh', 'text', 'mermaid'];
  assert.deepEqual(
    blocks.filter(({ language }) => !known.includes(language)),
    [],
  );
});

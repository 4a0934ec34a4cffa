import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '../src/stack/index.js';
import { comparable, executeNotebook, joined, NOTEBOOK, readCells } from './helpers/notebook.js';
import { inRepository, REPOSITORY } from './helpers/repository.js';
import { temporaryFolder } from './helpers/temporary.js';

test('the lesson runs twice in one kernel, and its stored outputs are what it shows', async (t) => {
  const folder = temporaryFolder(t);
  const target = join(folder, 'executed.ipynb');
  const { problems, seconds } = await executeNotebook(NOTEBOOK, target, 2, {
    STACK_FOLDER: join(folder, 'stack'),
    METRICS_PORT: String(await freePort()),
    // Whatever engine the machine has: the stored outputs are those of a machine without one.
    DOCKER_HOST: 'tcp://127.0.0.1:1',
  });
  assert.deepEqual(problems, []);
  t.diagnostic(`two passes took ${seconds} s`);
  const fresh = readCells(target);
  for (const [index, stored] of readCells(NOTEBOOK).entries()) {
    const hint = `cell ${stored.id}: "npm run notebook" stores fresh outputs`;
    assert.equal(comparable(stored), comparable(fresh[index] ?? stored), hint);
  }
});

test('the lesson shows no NaN, no undefined, no path of a machine and no raw legend', () => {
  for (const cell of readCells(NOTEBOOK)) {
    const text = JSON.stringify(cell.outputs ?? '');
    assert.doesNotMatch(text, /NaN|undefined|\/home\/|\/root\//, cell.id);
    assert.ok(!text.includes(REPOSITORY), cell.id);
    for (const { data } of cell.outputs ?? []) assert.doesNotMatch(joined(data?.['text/html']), /\{\{/, cell.id);
  }
});

test('the lesson has eight sections, whose minutes sum up to 40', () => {
  const markdown = readCells(NOTEBOOK)
    .filter(({ cell_type }) => cell_type === 'markdown')
    .map(({ source }) => joined(source))
    .join('\n');
  const headings = [...markdown.matchAll(/^## (.+)\n\*(\d+) minutes?\./gm)];
  assert.equal(headings.length, 8);
  assert.equal(
    headings.reduce((sum, [, , minutes]) => sum + Number(minutes), 0),
    40,
  );
  const table = [...markdown.matchAll(/^\| \[.+\]\(#(.+)\) \| (\d+) \|$/gm)];
  assert.deepEqual(
    table.map(([, anchor, minutes]) => [anchor, minutes]),
    headings.map(([, heading, minutes]) => [heading?.replaceAll(' ', '-'), minutes]),
  );
});

test('the cells of the lesson pass a strict type check by the kernel’s own TypeScript', () => {
  const folder = inRepository('dist/notebook');
  mkdirSync(folder, { recursive: true });
  const code = readCells(NOTEBOOK).filter(({ cell_type }) => cell_type === 'code');
  writeFileSync(
    join(folder, 'cells.ts'),
    code.map(({ id, source }) => `// cell ${id}\n${joined(source)}\n`).join('\n'),
  );
  const compiler = inRepository('node_modules/@tslab/typescript-for-tslab/lib/tsc.js');
  const options =
    '--strict --noEmit --experimentalDecorators --target es2022 --module es2022 --moduleResolution node --skipLibCheck';
  execFileSync(process.execPath, [compiler, ...options.split(' '), 'cells.ts'], { cwd: folder, stdio: 'pipe' });
});

const notebookOf = (...sources: string[]) => ({
  cells: sources.map((source, index) => ({
    cell_type: 'code',
    id: `cell${index}`,
    metadata: {},
    source,
    outputs: [],
    execution_count: null,
  })),
  metadata: JSON.parse(readFileSync(NOTEBOOK, 'utf8')).metadata,
  nbformat: 4,
  nbformat_minor: 5,
});
const cases: [name: string, sources: string[], problems: RegExp[]][] = [
  [
    'a cell that throws, and the cell that the kernel drops after it',
    ['throw new Error("broken")', '1 + 1'],
    [/cell cell0, pass 1: the kernel's reply is error/, /cell cell1, pass 1: .*(abort|dropped)/],
  ],
  [
    'a message on stderr, and an error that no cell awaits',
    ['console.error("careful")', 'void Promise.reject(new Error("late")); 1', '2'],
    [/stderr: careful/, /late error: Error: late/],
  ],
  ['a type error', ['const n: number = "text"'], [/reply is error/]],
];
for (const [name, sources, expected] of cases) {
  test(`the harness of notebooks reports ${name}`, async (t) => {
    const folder = temporaryFolder(t);
    const source = join(folder, 'bad.ipynb');
    writeFileSync(source, JSON.stringify(notebookOf(...sources)));
    const { problems } = await executeNotebook(source, join(folder, 'executed.ipynb'), 1);
    for (const problem of expected) assert.match(problems.join('\n'), problem);
  });
}

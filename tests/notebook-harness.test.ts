import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { executeNotebook, NOTEBOOK } from './helpers/notebook.js';
import { temporaryFolder } from './helpers/temporary.js';

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

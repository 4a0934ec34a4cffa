import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { joined, NOTEBOOK, readCells } from './helpers/notebook.js';
import { inRepository, REPOSITORY } from './helpers/repository.js';

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

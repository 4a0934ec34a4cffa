import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runFolder } from '../src/stack/process/temporary-folder.js';
import { executeNotebook, joined, NOTEBOOK, readCells } from './helpers/notebook.js';

// The kernel does not find a variable of an earlier cell in `{ prometheus }`; it does in `{ prometheus: prometheus }`.
const CELLS = [
  `import { createMonitoring, startMetricsServer, metrics } from 'm2_3_monitoring';
import { closePrometheus, openPrometheus, showDashboard, showPanel, watchPanel } from 'm2_3_lesson';
const server = await startMetricsServer(0);
metrics.activeRequests.set(3);
const prometheus = await openPrometheus(server);`,
  // The load ends when Prometheus has seen it, so that the last picture has to show it.
  `const load = async () => {
  metrics.activeRequests.set(42);
  await prometheus.waitUntil('the gauge is 42', async () => (await prometheus.query('rag_active_requests'))[0]?.value === 42);
  return 'done';
};
console.log(await watchPanel('Active', { prometheus: prometheus, minutes: 1, everySeconds: 0.2, during: load() }));`,
  `const failing = watchPanel('Active', { prometheus: prometheus, during: Promise.reject(new Error('the load failed')) });
console.log(await failing.catch((error) => error.message));
console.log(await watchPanel('Active', { prometheus: prometheus } as never).catch((error) => error.message));
await watchPanel('Active', { prometheus: prometheus, signal: AbortSignal.timeout(300), everySeconds: 0.1 });`,
  `await showPanel('active requests', { prometheus: prometheus });
await showDashboard({ prometheus: prometheus, minutes: 1, theme: 'dark' });`,
  `await closePrometheus();
await server.close();`,
];

const notebook = () => ({
  cells: CELLS.map((source, index) => ({
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

test('in the notebook’s kernel, a panel is one picture that follows a load to its end', async () => {
  const folder = runFolder('cells');
  const source = join(folder, 'cells.ipynb');
  const target = join(folder, 'executed.ipynb');
  writeFileSync(source, JSON.stringify(notebook()));
  const { problems } = await executeNotebook(source, target, 1);
  assert.deepEqual(problems, []);
  const [, watched, ended, shown] = readCells(target);
  const htmlOf = (cell = watched) => (cell?.outputs ?? []).flatMap(({ data }) => joined(data?.['text/html']) || []);
  const textOf = (cell = watched) => (cell?.outputs ?? []).map(({ text }) => joined(text)).join('');
  assert.equal(htmlOf().length, 1);
  assert.match(htmlOf()[0] ?? '', /alt="Active Requests: last in progress 42\."/);
  assert.match(textOf(), /^done$/m);
  assert.match(
    textOf(ended),
    /^the load failed\n`during`: expected a promise to wait for, or a `signal`, got undefined/m,
  );
  assert.equal(htmlOf(ended).length, 2);
  const [panel = '', dashboard = ''] = htmlOf(shown);
  assert.match(panel, /data:image\/svg\+xml;base64,/);
  assert.equal(dashboard.match(/<img /g)?.length, 10);
});

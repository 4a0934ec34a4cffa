import { join } from 'node:path';
import { main } from './setup/index.mjs';
import { ensureBuild, ensureNode, ensurePackages } from './setup/packages.mjs';
import { ROOT } from './setup/run.mjs';

const COMMITTED = ['grafana_dash.json', 'monitoring/rules/alerts.yml', 'monitoring/rules/recording.yml'];

// npm run lint:promql [-- file … --expr PROMQL --metrics URL --json]: mistakes in PromQL that look right.
await main(async () => {
  ensureNode();
  await ensurePackages();
  await ensureBuild();
  const { runCommand } = (await import('../dist/src/promql/index.js')).default;
  process.exitCode = await runCommand(process.argv.slice(2), {
    committedFiles: COMMITTED.map((path) => join(ROOT, path)),
    write: (text) => process.stdout.write(text),
    colours: process.stdout.isTTY === true && !process.env.NO_COLOR,
  });
});

import { main } from './setup/index.mjs';
import { ensureBuild, ensureNode, ensurePackages } from './setup/packages.mjs';
import { say } from './setup/run.mjs';

// npm run check:prices: which prices nobody has checked for more than a year.
await main(async () => {
  ensureNode();
  await ensurePackages();
  await ensureBuild();
  const { findStalePrices } = (await import('../dist/src/m2_3_monitoring/index.js')).default;
  const stale = findStalePrices(Date.now());
  for (const { model, checked, source } of stale) say(`${model}: last checked on ${checked} at ${source}`);
  say(
    stale.length === 0
      ? 'Every price was checked within the last year.'
      : `${stale.length} prices are older than a year.`,
  );
  process.exitCode = stale.length === 0 ? 0 : 1;
});

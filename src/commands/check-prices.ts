import { findStalePrices } from '../m2_3_monitoring/pricing/price-book.js';

/** Prints the prices that were checked more than a year ago. Gives 1 where there are any, else 0. */
export async function runCheckPrices(): Promise<number> {
  const stale = findStalePrices(Date.now());
  for (const { model, checked, source } of stale) console.log(`${model}: last checked on ${checked} at ${source}`);
  console.log(
    stale.length === 0
      ? 'Every price was checked within the last year.'
      : `${stale.length} prices are older than a year.`,
  );
  return stale.length === 0 ? 0 : 1;
}

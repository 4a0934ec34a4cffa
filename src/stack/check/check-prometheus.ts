import { isReady } from '../../prometheus/request.js';
import { type Check, count, JOB } from './check.js';
import { cureOfScrape } from './explain-scrape.js';

/** Prometheus answers. */
export const checkPrometheus: Check = async ({ prometheus: { url } }) =>
  (await isReady(url))
    ? { found: `ready at ${url}` }
    : {
        found: `no Prometheus answers at ${url}`,
        cure: `"npm run stack" starts it; its messages are in logs/prometheus.log of the stack's folder (.cache/stack)`,
      };

/** The ways in which this machine is called from here and from a container. */
const hostIn = (address: string) =>
  address.replace(/^(localhost|127\.0\.0\.1|host\.docker\.internal|\[::1\])(?=:)/, 'this machine');

/** Prometheus scrapes the service, and that works. */
export const checkTarget: Check = async ({ prometheus, target }) => {
  const ours = (await prometheus.targets()).filter(({ labels }) => labels.job === JOB);
  const addresses = ours.map(({ scrapeUrl }) => new URL(scrapeUrl).host);
  const index = addresses.findIndex((address) => hostIn(address) === hostIn(target));
  const [one] = ours.slice(index);
  if (index < 0 || !one)
    return {
      again: addresses.length === 0,
      found: `Prometheus scrapes ${addresses.join(', ') || 'nothing'}, and not ${target}`,
      cure: `end the stack ("npm run stack -- stop"), then "npm run stack -- --target ${target}"; with Compose, mend the target in prometheus.yml`,
    };
  if (one.health === 'up') return { found: `${one.scrapeUrl} is up` };
  if (one.health === 'unknown')
    return { found: `${one.scrapeUrl} was not scraped yet`, cure: 'look again in ten seconds', again: true };
  return { found: `${one.scrapeUrl} is down: ${one.lastError}`, cure: cureOfScrape(one.lastError, one.scrapeUrl) };
};

/** Two lost scrapes at the committed interval are no reason for worry. */
const FRESH_SECONDS = 30;

/** What was scraped is stored, can be asked for, and is of now. */
export const checkSamples: Check = async ({ prometheus }) => {
  const series = `{__name__=~"rag_.+", job="${JOB}"}`;
  const [number] = await prometheus.query(`count(${series})`);
  // A gauge without labels is in every scrape; timestamp() of all of them at once is refused.
  const [age] = await prometheus.query(`time() - max(timestamp(rag_active_requests{job="${JOB}"}))`);
  if (!number || !age)
    return {
      found: 'Prometheus has no sample of our metrics',
      cure: 'look again after the next scrape, in ten seconds',
      again: true,
    };
  const found = `${count(number.value, 'series', 'series')}, the newest sample ${age.value.toFixed(1)} s old`;
  if (age.value <= FRESH_SECONDS) return { found };
  return {
    found,
    cure: 'nothing new is stored: look at the disk, at logs/prometheus.log, and at the clock of the machine',
  };
};

import { parseExposition } from '../../prometheus/exposition.js';
import { type Chain, type Check, count, METRIC_NAMES } from './check.js';

const TIMEOUT_MS = 5000;

function ask({ target, token }: Chain): Promise<Response> {
  const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
  return fetch(`http://${target}/metrics`, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
}

/** Something listens at the target, and speaks HTTP. */
export const checkService: Check = async (chain) => {
  try {
    const response = await ask(chain);
    await response.body?.cancel();
    return { found: `answers at ${chain.target}` };
  } catch (error) {
    const code = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code;
    if (code === 'ECONNREFUSED')
      return {
        found: `nothing listens at ${chain.target}`,
        cure: 'start the service ("npm run demo", or section 3 of the lesson), or name its address: --target host:port',
      };
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
      return { found: `no host is called ${chain.target.split(':')[0]}`, cure: 'correct the name: --target host:port' };
    if ((error as Error).name === 'TimeoutError')
      return {
        found: `no answer from ${chain.target} within ${TIMEOUT_MS / 1000} s`,
        cure: 'the process hangs, or a firewall drops the packets: look at its log',
      };
    return {
      found: `${chain.target} does not speak HTTP (${code ?? (error as Error).message})`,
      cure: 'name the address of the metrics server: --target host:port',
    };
  }
};

const STATUS_CURES: Record<number, string> = {
  401: 'set the same METRICS_TOKEN here as in the service, then start the stack again',
  403: 'set the same METRICS_TOKEN here as in the service, then start the stack again',
  404: 'start the metrics server of m2_3_monitoring there: startMetricsServer()',
  500: 'a collector of the service fails: its warning METRICS_NOT_COLLECTED says which, and why',
  503: 'a collector of the service gives no answer in time: what /metrics says there names it',
};

/** `/metrics` has the series of the catalogue. */
export const checkMetrics: Check = async (chain) => {
  const response = await ask(chain);
  const text = await response.text();
  if (!response.ok)
    return {
      found: `/metrics answers ${response.status}`,
      cure: STATUS_CURES[response.status] ?? 'look at the log of the service',
    };
  const { types, samples } = parseExposition(text);
  const series = samples.filter(({ name }) => name.startsWith('rag_'));
  const metrics = METRIC_NAMES.filter((name) => types.has(name));
  if (metrics.length > 0 && series.length > 0)
    return { found: `${count(series.length, 'series', 'series')} of ${count(metrics.length, 'metric')}` };
  return {
    found: `/metrics at ${chain.target} has none of our metrics`,
    cure: 'another program serves this port: name the address of the service with --target host:port',
  };
};

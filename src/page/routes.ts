/** The reads of Prometheus' HTTP API that the page may ask for; nothing else goes through. */
const PROMETHEUS_READS: [methods: string[], path: RegExp][] = [
  [['GET', 'POST'], /^(query|query_range|query_exemplars|labels|series)$/],
  [['GET'], /^(rules|alerts|targets|status\/buildinfo|label\/[A-Za-z_]\w*\/values)$/],
];

const PROMETHEUS_PREFIX = '/prometheus/api/v1/';
const ALERTMANAGER_PATH = '/alertmanager/api/v2/alerts';

/** Where a path of the page leads to; undefined where it leads nowhere. */
export interface Read {
  upstream: 'prometheus' | 'alertmanager';
  /** Path of the upstream server, without a query string. */
  path: string;
  methods: string[];
}

export function findRead(path: string): Read | undefined {
  if (path === ALERTMANAGER_PATH) return { upstream: 'alertmanager', path: '/api/v2/alerts', methods: ['GET'] };
  if (!path.startsWith(PROMETHEUS_PREFIX)) return undefined;
  const name = path.slice(PROMETHEUS_PREFIX.length);
  const [methods] = PROMETHEUS_READS.find(([, pattern]) => pattern.test(name)) ?? [];
  return methods && { upstream: 'prometheus', path: `/api/v1/${name}`, methods };
}

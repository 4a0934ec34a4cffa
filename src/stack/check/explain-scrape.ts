const WRONG_HOST =
  'host.docker.internal is known inside Docker only. Without Docker start the stack with --target 127.0.0.1:8000; with Docker on Linux keep extra_hosts in the Compose file';

const CURES: [pattern: RegExp, cure: string][] = [
  [/no such host|server misbehaving|lookup .*(i\/o timeout|on )/, WRONG_HOST],
  [/HTTP status 40[13]/, 'Prometheus lacks the token: set METRICS_TOKEN here too, then start the stack again'],
  [/HTTP status 500/, 'a collector of the service fails: its warning METRICS_NOT_COLLECTED says which, and why'],
  [/HTTP status 503/, 'a collector of the service gives no answer in time: what /metrics says there names it'],
  [/HTTP status 404/, 'the target is another program, or serves its metrics under another path'],
  [
    /host\.docker\.internal.*refused|refused.*host\.docker\.internal/,
    'on Linux set METRICS_HOST=0.0.0.0 in .env and restart the service: a container cannot reach 127.0.0.1',
  ],
  [
    /connection refused/,
    'nothing listens there: start the service, or start the stack with its address: --target host:port',
  ],
  [
    /deadline exceeded|timeout/i,
    'the scrape takes longer than its interval: look at rag_scrape_duration_seconds and the number of series',
  ],
  [
    /HTTP request to an HTTPS|malformed HTTP|unexpected EOF|EOF$/,
    'the service serves HTTPS: give the job scheme and tls_config in prometheus.yml',
  ],
  [/text format|unsupported|invalid/i, 'what answers there is no /metrics: name the address of the metrics server'],
];

/** What mends a scrape that failed, by Prometheus' own message (`lastError` of a target) and the address scraped. */
export function cureOfScrape(lastError: string, address: string): string {
  const line = `${lastError} ${address}`;
  return CURES.find(([pattern]) => pattern.test(line))?.[1] ?? 'look at /targets in Prometheus';
}

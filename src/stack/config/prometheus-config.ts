import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { formatDuration } from '../../prometheus/duration.js';
import { REPOSITORY } from '../process/repository.js';

/** What differs between the committed `prometheus.yml`, written for Compose, and a Prometheus on this machine. */
export interface Adaptation {
  /** `host:port` of the metrics server. */
  target: string;
  /** How often is scraped, and how often rules are evaluated, in seconds. Default: as committed. */
  intervalSeconds?: number;
  /** `host:port` of Alertmanager; none where left out. */
  alertmanager?: string;
  /** The bearer token that the metrics server asks for. Default: none. */
  token?: string;
  /** Rule files, as absolute paths. Default: the committed ones. */
  ruleFiles?: string[];
}

/** The committed `prometheus.yml` with only hosts, intervals, the token and the rules' path replaced. */
export function adaptedConfig({ target, intervalSeconds, alertmanager, token, ruleFiles }: Adaptation): string {
  const config = parse(readFileSync(join(REPOSITORY, 'prometheus.yml'), 'utf8'));
  const [job] = config.scrape_configs;
  job.static_configs[0].targets = [target];
  if (token) job.authorization = { credentials: token };
  if (intervalSeconds !== undefined) {
    const interval = formatDuration(intervalSeconds);
    config.global = {
      ...config.global,
      scrape_interval: interval,
      evaluation_interval: interval,
      scrape_timeout: interval,
    };
    job.scrape_interval = interval;
  }
  config.rule_files = ruleFiles ?? config.rule_files.map((path: string) => join(REPOSITORY, path));
  if (alertmanager) config.alerting.alertmanagers[0].static_configs[0].targets = [alertmanager];
  else delete config.alerting;
  return stringify(config);
}

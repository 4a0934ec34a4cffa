import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { REPOSITORY } from './repository.js';

/** What differs between the committed `prometheus.yml`, written for Compose, and a Prometheus on this machine. */
export interface Adaptation {
  /** `host:port` of the metrics server. */
  target: string;
  /** How often is scraped, and how often rules are evaluated, in seconds. Default: as committed. */
  intervalSeconds?: number;
  /** `host:port` of Alertmanager; none where left out. */
  alertmanager?: string;
}

/** The committed `prometheus.yml` with only hosts, intervals and the rules' path replaced. */
export function adaptedConfig({ target, intervalSeconds, alertmanager }: Adaptation): string {
  const config = parse(readFileSync(join(REPOSITORY, 'prometheus.yml'), 'utf8'));
  config.scrape_configs[0].static_configs[0].targets = [target];
  if (intervalSeconds !== undefined) {
    const interval = `${intervalSeconds}s`;
    config.global = {
      ...config.global,
      scrape_interval: interval,
      evaluation_interval: interval,
      scrape_timeout: interval,
    };
    config.scrape_configs[0].scrape_interval = interval;
  }
  config.rule_files = config.rule_files.map((path: string) => join(REPOSITORY, path));
  if (alertmanager) config.alerting.alertmanagers[0].static_configs[0].targets = [alertmanager];
  else delete config.alerting;
  return stringify(config);
}

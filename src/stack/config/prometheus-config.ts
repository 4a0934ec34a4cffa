import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { CodedError } from '../../m2_3_monitoring/errors/index.js';
import { formatDuration } from '../../prometheus/duration.js';
import { REPOSITORY } from '../process/repository.js';
import type { Credentials } from './web-config.js';

/** What differs between the committed `prometheus.yml`, written for Compose, and a Prometheus on this machine. */
export interface Adaptation {
  /** `host:port` of the metrics server. */
  target: string;
  /** How often is scraped, and how often rules are evaluated, in seconds. Default: as committed. */
  intervalSeconds?: number;
  /** `host:port` of Alertmanager; none where left out. */
  alertmanager?: string;
  /** What Alertmanager asks for. Default: nothing. */
  credentials?: Credentials;
  /** The bearer token that the metrics server asks for. Default: none. */
  token?: string;
  /** Rule files, as absolute paths. Default: the committed ones. */
  ruleFiles?: string[];
}

/** Prometheus takes the path of a rule file for a pattern, in which these characters stand for others. */
const escapePattern = (path: string): string => path.replace(/[\\*?[\]]/g, '\\$&');

function inRepository(pattern: string): string {
  if (!REPOSITORY.includes('*')) return join(escapePattern(REPOSITORY), pattern);
  const message = `Prometheus loads no rules from a folder with "*" in its name: rename ${REPOSITORY}`;
  throw new CodedError(message, 'ERR_STACK_FOLDER');
}

/** The committed `prometheus.yml` with only hosts, intervals, the token and the rules' path replaced. */
export function adaptedConfig(adaptation: Adaptation): string {
  const { target, intervalSeconds, alertmanager, credentials, token, ruleFiles } = adaptation;
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
  config.rule_files = ruleFiles?.map(escapePattern) ?? config.rule_files.map(inRepository);
  const [alerting] = config.alerting.alertmanagers;
  if (alertmanager) alerting.static_configs[0].targets = [alertmanager];
  else delete config.alerting;
  if (credentials) alerting.basic_auth = credentials;
  return stringify(config);
}

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { CodedError } from '../m2_3_monitoring/errors/index.js';
import type { AlertCondition } from './backtest.js';
import { parseDuration } from './duration.js';

/** An alert as a rule file has it. */
export interface NamedAlert extends Required<AlertCondition> {
  name: string;
}

interface RuleText {
  alert?: string;
  expr: unknown;
  for?: string;
  keep_firing_for?: string;
}

interface RuleFile {
  groups?: { rules?: RuleText[] }[];
  /** Kubernetes' PrometheusRule has the same groups here. */
  spec?: RuleFile;
}

function readYaml(path: string): RuleFile {
  try {
    return parse(readFileSync(path, 'utf8')) as RuleFile;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : message.split('\n')[0]?.replace(/:$/, '');
    throw new CodedError(`cannot read the rules in ${path}: ${reason}`, 'ERR_INPUT');
  }
}

function secondsOf(text: string | undefined, field: string, alert: string): number {
  const seconds = text === undefined ? 0 : parseDuration(String(text));
  if (seconds !== undefined) return seconds;
  throw new CodedError(`${alert}: expected \`${field}\` to be a duration such as 5m, got "${text}"`, 'ERR_INPUT');
}

/** The alerts of a rule file of Prometheus. @throws {CodedError} `ERR_INPUT` where it is none, or has none */
export function readAlerts(path: string): NamedAlert[] {
  const file = readYaml(path);
  const groups = file?.groups ?? file?.spec?.groups;
  const rules = Array.isArray(groups) ? groups.flatMap((group) => group?.rules ?? []) : [];
  const alerts = rules.flatMap((rule) => (typeof rule?.alert === 'string' ? [{ ...rule, alert: rule.alert }] : []));
  if (alerts.length === 0)
    throw new CodedError(`${path} has no alerts: expected a rule file of Prometheus`, 'ERR_INPUT');
  return alerts.map(({ alert, expr, ...rule }) => ({
    name: alert,
    expr: String(expr).trim(),
    forSeconds: secondsOf(rule.for, 'for', alert),
    keepFiringForSeconds: secondsOf(rule.keep_firing_for, 'keep_firing_for', alert),
  }));
}

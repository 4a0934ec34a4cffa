import { readFileSync } from 'node:fs';
import { CodedError } from '../m2_3_monitoring/errors/index.js';
import { parseDuration } from '../prometheus/duration.js';
import { type FileRule, parseRules } from '../prometheus/rule-file.js';
import type { AlertCondition } from './backtest.js';

/** An alert as a rule file has it. */
export interface NamedAlert extends Required<AlertCondition> {
  name: string;
}

function readFile(path: string): FileRule[] {
  try {
    return parseRules(readFileSync(path, 'utf8')) ?? [];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : message;
    throw new CodedError(`cannot read the rules in ${path}: ${reason}`, 'ERR_INPUT');
  }
}

function secondsOf(text: string | undefined, field: string, alert: string): number {
  const seconds = text === undefined ? 0 : parseDuration(text);
  if (seconds !== undefined) return seconds;
  throw new CodedError(`${alert}: expected \`${field}\` to be a duration such as 5m, got "${text}"`, 'ERR_INPUT');
}

/** The alerts of a rule file of Prometheus. @throws {CodedError} `ERR_INPUT` where it is none, or has none */
export function readAlerts(path: string): NamedAlert[] {
  const alerts = readFile(path).filter(({ isAlert }) => isAlert);
  if (alerts.length === 0)
    throw new CodedError(`${path} has no alerts: expected a rule file of Prometheus`, 'ERR_INPUT');
  return alerts.map((alert) => ({
    name: alert.name,
    expr: alert.expr.trim(),
    forSeconds: secondsOf(alert.for, 'for', alert.name),
    keepFiringForSeconds: secondsOf(alert.keepFiringFor, 'keep_firing_for', alert.name),
  }));
}

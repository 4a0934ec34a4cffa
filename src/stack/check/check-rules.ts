import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { REPOSITORY } from '../process/repository.js';
import { type Check, count } from './check.js';

interface Rule {
  name: string;
  type: 'alerting' | 'recording';
  health: 'ok' | 'err' | 'unknown';
  lastError?: string;
  state?: 'inactive' | 'pending' | 'firing';
  labels?: Record<string, string>;
}

async function loadedRules(chain: Parameters<Check>[0]): Promise<Rule[]> {
  const { groups } = await chain.prometheus.api<{ groups: { rules: Rule[] }[] }>('rules');
  return groups.flatMap(({ rules }) => rules);
}

function committedNames(): string[] {
  const folder = join(REPOSITORY, 'monitoring/rules');
  const files = readdirSync(folder).filter((name) => name.endsWith('.yml'));
  const groups = files.flatMap((name) => parse(readFileSync(join(folder, name), 'utf8')).groups);
  return groups.flatMap(({ rules }) => rules.map(({ alert, record }: Record<string, string>) => alert ?? record));
}

/** The committed rules are loaded, and Prometheus can evaluate each. */
export const checkRules: Check = async (chain) => {
  const { reloadConfigSuccess } = await chain.prometheus.api<{ reloadConfigSuccess: boolean }>('status/runtimeinfo');
  if (!reloadConfigSuccess)
    return {
      found: 'Prometheus refused its changed configuration and goes on with the old one',
      cure: '"promtool check config" names the line; then "npm run stack -- reload"',
    };
  const rules = await loadedRules(chain);
  const broken = rules.find(({ health }) => health === 'err');
  if (broken)
    return {
      found: `${broken.name} cannot be evaluated: ${broken.lastError}`,
      cure: 'mend its query in src/dashboard/rules.ts, "npm run generate", then "npm run stack -- reload"',
    };
  const loaded = new Set(rules.map(({ name }) => name));
  const missing = committedNames().filter((name) => !loaded.has(name));
  if (missing.length > 0)
    return { found: `not loaded: ${missing.join(', ')}`, cure: '"npm run stack -- reload" loads monitoring/rules/' };
  const alerts = rules.filter(({ type }) => type === 'alerting');
  return {
    found: `${count(alerts.length, 'alert')} and ${count(rules.length - alerts.length, 'recording')}, all healthy`,
  };
};

/** Which alerts wait or fire; none of it is a fault of the chain. */
export const checkAlerts: Check = async (chain) => {
  const rules = await loadedRules(chain);
  const named = (state: Rule['state']) => rules.filter((rule) => rule.state === state).map(({ name }) => name);
  const found = (['firing', 'pending'] as const)
    .filter((state) => named(state).length > 0)
    .map((state) => `${state}: ${named(state).join(', ')}`);
  return { found: found.join('; ') || 'none is pending or firing' };
};

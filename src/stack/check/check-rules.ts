import type { LoadedRule } from '../../prometheus/client.js';
import { committedRules } from '../config/committed-rules.js';
import { type Check, count } from './check.js';

/** The committed rules are loaded, and Prometheus can evaluate each. */
export const checkRules: Check = async ({ prometheus }) => {
  const { reloadConfigSuccess } = await prometheus.api<{ reloadConfigSuccess: boolean }>('status/runtimeinfo');
  if (!reloadConfigSuccess)
    return {
      found: 'Prometheus refused its changed configuration and goes on with the old one',
      cure: '"promtool check config" names the line; then "npm run stack -- reload"',
    };
  const rules = await prometheus.rules();
  const broken = rules.find(({ health }) => health === 'err');
  if (broken)
    return {
      found: `${broken.name} cannot be evaluated: ${broken.lastError}`,
      cure: 'mend its query in src/dashboard/rules.ts, "npm run generate", then "npm run stack -- reload"',
    };
  const loaded = new Set(rules.map(({ name }) => name));
  const missing = committedRules().flatMap(({ name }) => (loaded.has(name) ? [] : name));
  if (missing.length > 0)
    return { found: `not loaded: ${missing.join(', ')}`, cure: '"npm run stack -- reload" loads monitoring/rules/' };
  const alerts = rules.filter(({ type }) => type === 'alerting');
  return {
    found: `${count(alerts.length, 'alert')} and ${count(rules.length - alerts.length, 'recording')}, all healthy`,
  };
};

/** Which alerts wait or fire; none of it is a fault of the chain. */
export const checkAlerts: Check = async ({ prometheus }) => {
  const rules = await prometheus.rules();
  const named = (state: LoadedRule['state']) => rules.filter((rule) => rule.state === state).map(({ name }) => name);
  const found = (['firing', 'pending'] as const)
    .filter((state) => named(state).length > 0)
    .map((state) => `${state}: ${named(state).join(', ')}`);
  return { found: found.join('; ') || 'none is pending or firing' };
};

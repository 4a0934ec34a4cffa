import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { parse, stringify } from 'yaml';
import { createMonitoring } from '../../src/m2_3_monitoring/index.js';
import { freePort, type Stack, type StackOptions, startStack } from '../../src/stack/index.js';
import { readRepositoryFile } from './repository.js';
import { temporaryFolder } from './temporary.js';

/** Five scrapes a second, so that no test waits long. */
export const INTERVAL_SECONDS = 0.2;

/** A service of its own with its metrics server, gone after the test. */
export async function startService(t: TestContext, config: { METRICS_TOKEN?: string } = {}) {
  const port = await freePort();
  const monitoring = createMonitoring({ config: { METRICS_PORT: port, ...config } });
  const server = await monitoring.startMetricsServer();
  t.after(() => server.close());
  return { ...monitoring, server, target: `127.0.0.1:${port}` };
}

/** The committed alerts, with other times to wait for. */
export function alertsWithin(t: TestContext, times: Record<string, string>, extra: object[] = []): string {
  const rules = parse(readRepositoryFile('monitoring/rules/alerts.yml'));
  for (const rule of rules.groups[0].rules) if (times[rule.alert]) rule.for = times[rule.alert];
  rules.groups[0].rules.push(...extra);
  const file = join(temporaryFolder(t), 'alerts.yml');
  writeFileSync(file, stringify(rules));
  return file;
}

/** A stack in a folder of its own, on any free ports, with what it reports; gone after the test. */
export async function startTestStack(t: TestContext, options: Partial<StackOptions> & { target: string }) {
  const reported: string[] = [];
  const stack: Stack = await startStack({
    intervalSeconds: INTERVAL_SECONDS,
    folder: temporaryFolder(t),
    ports: { prometheus: 0, alertmanager: 0 },
    report: (line) => reported.push(line),
    ...options,
  });
  t.after(() => stack.stop());
  return { stack, reported };
}

/** Whether a process is there. */
export function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

import { createMonitoring, type MonitoringOptions, parseConfig } from '../../src/m2_3_monitoring/index.js';

/** Monitoring of its own, with clocks that the test turns and log lines that it can read. */
export function testMonitoring(options: MonitoringOptions = {}) {
  const lines: string[] = [];
  let milliseconds = 0;
  const { config, ...others } = options;
  const monitoring = createMonitoring({
    // Not what the environment of the test run says.
    config: { ...parseConfig({}), ...config },
    now: () => milliseconds,
    wallClock: () => Date.UTC(2026, 0, 1),
    destination: { write: (line) => lines.push(line) },
    ...others,
  });
  return {
    ...monitoring,
    /** Lets time pass. */
    advance: (ms: number) => {
      milliseconds += ms;
    },
    /** The log lines so far, parsed. */
    logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    /** What /metrics shows of our own metrics, without comments. */
    exposition: async () =>
      (await monitoring.registry.metrics())
        .split('\n')
        .filter((line) => line.startsWith('rag_'))
        .join('\n'),
    /** The value of a series as /metrics shows it, or undefined where it does not exist. */
    async series(name: string): Promise<number | undefined> {
      const lines = (await monitoring.registry.metrics()).split('\n');
      const line = lines.find((one) => one.startsWith(`${name} `));
      return line === undefined ? undefined : Number(line.slice(name.length + 1));
    },
  };
}

/** Series of the metrics of a call that ended in some way. */
export const requests = (endpoint: string, status: string) =>
  `rag_requests_total{endpoint="${endpoint}",status="${status}"}`;

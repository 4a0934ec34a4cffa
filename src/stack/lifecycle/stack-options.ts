import { assertPort, invalidOption } from '../../m2_3_monitoring/errors/index.js';

/** How a stack is started. */
export interface StackOptions {
  /** `host:port` of the metrics server that is scraped. */
  target: string;
  /** How often is scraped and rules are evaluated, and how long alerts are collected, in seconds. Default: as committed. */
  intervalSeconds?: number;
  /** Where data, logs and state lie. Default: STACK_FOLDER. */
  folder?: string;
  /** Ports to have, or an error; 0 is any free one. Default: 9090 and 9093, or any free ones where these are held. */
  ports?: { prometheus?: number; alertmanager?: number };
  /** The bearer token that the target asks for. Default: METRICS_TOKEN. */
  token?: string;
  /** Rule files, as absolute paths. Default: the committed ones. */
  ruleFiles?: string[];
  /** Is given a line for each event: a crash, a start, a notification. Default: nobody is told. */
  report?: (line: string) => void;
  /** Is called when this process' stack has ended, also when another process asked for it. */
  onEnd?: () => void;
}

function isTarget(value: unknown): boolean {
  const [, port] = /^(?:[\w.-]+|\[[0-9a-f:.]+\]):(\d{1,5})$/i.exec(String(value)) ?? [];
  return Number(port) > 0 && Number(port) <= 65_535;
}

/** @throws {TypeError} that names the option */
export function assertStackOptions({ target, intervalSeconds, ports = {} }: StackOptions): void {
  if (!isTarget(target)) throw invalidOption('target', 'host:port, such as 127.0.0.1:8000', target);
  if (intervalSeconds !== undefined && !(intervalSeconds >= 0.1 && intervalSeconds <= 3600))
    throw invalidOption('intervalSeconds', 'a number from 0.1 to 3600', intervalSeconds);
  for (const [name, port] of Object.entries(ports)) {
    if (port !== undefined) assertPort(`ports.${name}`, port);
  }
}

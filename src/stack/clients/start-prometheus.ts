/**
 * Clients of the programs of the stack.
 *
 * In: an address.
 * Out: answers of Prometheus, Alertmanager and the receiver.
 * Must not know: the lesson.
 *
 * @module
 */

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, startChild } from '../process/child.js';
import { requireTool } from '../process/find-tool.js';
import { freePort } from '../process/free-port.js';
import { runFolder } from '../process/temporary-folder.js';
import { waitUntil } from '../process/wait-until.js';

/** One series of an instant query's answer. */
export interface Sample {
  labels: Record<string, string>;
  value: number;
}

/** A Prometheus of our own, on a free port of the loopback address. */
export interface Prometheus {
  /** For example `http://127.0.0.1:9090`. */
  readonly url: string;
  /** Asks for the value now, or at a time in seconds since 1970. @throws {Error} with Prometheus' own message */
  query(expr: string, atSeconds?: number): Promise<Sample[]>;
  /** The data of an answer of the HTTP API, for example of `targets`. */
  api<Data>(path: string): Promise<Data>;
  /** Waits until a condition over its answers holds. @throws {Error} after `timeoutMs` */
  waitUntil(description: string, condition: () => Promise<boolean>, timeoutMs?: number): Promise<void>;
  /** Ends it. Its data goes with it, unless a data folder was given. */
  stop(): Promise<void>;
}

interface StartOptions {
  /** Text of its configuration. */
  config: string;
  /** Folder for its data, kept. Default: a temporary one. */
  dataFolder?: string;
  /** Default: any free one. */
  port?: number;
  /** Further command-line flags. Default: none. */
  flags?: string[];
}

async function getData<Data>(url: string): Promise<Data> {
  const response = await fetch(url, { signal: AbortSignal.timeout(20_000) });
  const answer = (await response.json()) as { status: string; data: Data; error?: string };
  if (answer.status !== 'success') throw new Error(`Prometheus: ${answer.error}`);
  return answer.data;
}

interface QueryData {
  resultType: string;
  result: { metric: Record<string, string>; value: [number, string] }[] | [number, string];
}

function toSamples({ resultType, result }: QueryData): Sample[] {
  if (resultType === 'scalar') return [{ labels: {}, value: Number((result as [number, string])[1]) }];
  return (result as { metric: Record<string, string>; value: [number, string] }[]).map(({ metric, value }) => ({
    labels: metric,
    value: Number(value[1].replace('+Inf', 'Infinity').replace('-Inf', '-Infinity')),
  }));
}

function launch(folder: string, port: number, dataFolder: string, flags: string[]): Child {
  return startChild(requireTool('prometheus'), [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${dataFolder}`,
    // Past data, written by hand, is part of a lesson and of tests.
    '--storage.tsdb.retention.time=100y',
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
    ...flags,
  ]);
}

/** Whether Prometheus, or Alertmanager, says that it is ready to serve. */
export const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(5000) }).then(
    (response) => response.ok,
    () => false,
  );

/** Everything but how to end it. */
export function clientOf(url: string): Omit<Prometheus, 'stop'> {
  const api = <Data>(path: string) => getData<Data>(`${url}/api/v1/${path}`);
  const query = async (expr: string, atSeconds?: number) => {
    const parameters = new URLSearchParams({
      query: expr,
      ...(atSeconds !== undefined && { time: String(atSeconds) }),
    });
    return toSamples(await api<QueryData>(`query?${parameters}`));
  };
  return { url, api, query, waitUntil };
}

/**
 * Starts Prometheus and waits until it answers.
 * @throws {CodedError} `ERR_TOOL_MISSING` where it is not on this machine
 */
export async function startPrometheus({
  config,
  dataFolder,
  port: wanted,
  flags = [],
}: StartOptions): Promise<Prometheus> {
  const folder = runFolder('prometheus');
  writeFileSync(join(folder, 'prometheus.yml'), config);
  const port = wanted ?? (await freePort());
  const child = launch(folder, port, dataFolder ?? join(folder, 'data'), flags);
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await child.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await waitUntil('Prometheus becomes ready', async () => child.hasEnded() || isReady(url));
    if (child.hasEnded()) throw new Error('it has ended');
  } catch {
    await stop();
    throw new Error(`Prometheus did not start: ${child.output().trim().split('\n').at(-1)}`);
  }
  return { ...clientOf(url), stop };
}

/** A Prometheus that runs already; undefined where none answers. `stop` leaves it running. */
export async function connectPrometheus(url: string): Promise<Prometheus | undefined> {
  const ready = await isReady(url);
  return ready ? { ...clientOf(url), stop: async () => {} } : undefined;
}

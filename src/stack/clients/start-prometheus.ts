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
import { freePort } from '../../loopback/ports.js';
import { createClient, type PrometheusClient } from '../../prometheus/client.js';
import { isReady } from '../../prometheus/request.js';
import { type Child, startChild } from '../process/child.js';
import { requireTool } from '../process/find-tool.js';
import { runFolder } from '../process/temporary-folder.js';
import { waitUntil } from '../process/wait-until.js';

/** A Prometheus on the loopback address. */
export interface Prometheus extends PrometheusClient {
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

/** A Prometheus that runs; `stop` leaves it running, unless another way to end it is given. */
export const prometheusAt = (url: string, stop = async () => {}): Prometheus => ({
  ...createClient(url),
  waitUntil,
  stop,
});

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
  return prometheusAt(url, stop);
}

/** Where Docker Compose publishes Prometheus. */
export const COMPOSE_URL = 'http://127.0.0.1:9090';

/** A Prometheus that runs already; undefined where none answers. `stop` leaves it running. */
export const connectPrometheus = async (url: string): Promise<Prometheus | undefined> =>
  (await isReady(url)) ? prometheusAt(url) : undefined;

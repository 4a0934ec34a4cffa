import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../m2_3_monitoring/errors/index.js';
import { COMPOSE_URL, connectPrometheus, detectEngine, REPOSITORY } from '../stack/index.js';
import { runFolder } from '../stack/process/temporary-folder.js';
import type { BlockMeta } from './blocks.js';
import { makeBlocks } from './make-blocks.js';
import { blocksWithHistory, type History, MARKER, writeMarker } from './marker.js';
import { JOB } from './series-set.js';
import { assertReplaceable, lastScrapeSeconds, type TrafficOptions } from './write-history.js';

const COMPOSE_FILE = join(REPOSITORY, 'docker-compose.monitoring.yml');
const PLACE = 'the volume of Compose';
/** The user that Prometheus runs as in its image. */
const OWNER = '65534:65534';

/** The arguments of `docker` that run a script in a new container beside Prometheus, on the volume with its data. */
const dockerArguments = (script: string, mounted?: string): string[] => [
  ...['compose', '-f', COMPOSE_FILE, 'run', '--rm', '--no-deps', '-T', '--user', 'root', '--entrypoint', 'sh'],
  ...(mounted ? ['-v', `${mounted}:/history:ro`] : []),
  ...['prometheus', '-c', script],
];

function runInVolume(script: string, mounted?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('docker', dockerArguments(script, mounted), { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      reject(
        new CodedError(
          `docker compose run failed: ${stderr.trim().split('\n').at(-1) || error.message}`,
          'ERR_TOOL_FAILED',
        ),
      );
    });
  });
}

const SEPARATOR = '----';

/** Reads the marker and what the blocks say of themselves. */
async function readVolume(): Promise<{ history: History | undefined; blocks: BlockMeta[] }> {
  const script = `cd /prometheus; [ ! -f ${MARKER} ] || cat ${MARKER}; for meta in */meta.json; do [ ! -f "$meta" ] || { echo ${SEPARATOR}; cat "$meta"; echo; }; done`;
  const [marker = '', ...blocks] = (await runInVolume(script)).split(`${SEPARATOR}\n`);
  return {
    history: marker.trim() === '' ? undefined : (JSON.parse(marker) as History),
    blocks: blocks.map((text) => JSON.parse(text) as BlockMeta),
  };
}

/** Copies everything first, under names that Prometheus takes for unfinished, and then renames: all of it or nothing. */
function installScript(blocks: string[], replaced: string[]): string {
  return [
    'set -e',
    'cd /prometheus',
    "trap 'rm -rf *.tmp-for-creation' EXIT",
    ...blocks.map((block) => `cp -r /history/${block} ${block}.tmp-for-creation`),
    `chown -R ${OWNER} *.tmp-for-creation`,
    `rm -rf ${[...replaced, MARKER].join(' ')}`,
    `cp /history/${MARKER} ${MARKER}`,
    ...blocks.map((block) => `mv ${block}.tmp-for-creation ${block}`),
  ].join('\n');
}

/** Seconds since 1970 of the first good scrape that the running Prometheus has; looked for minute by minute. */
async function firstScrapeSeconds(url: string, history: History | undefined): Promise<number | undefined> {
  const prometheus = await connectPrometheus(url);
  if (!prometheus)
    throw new CodedError(
      `Prometheus does not answer at ${url}: "docker compose -f docker-compose.monitoring.yml up -d" starts it`,
      'ERR_NO_PROMETHEUS',
    );
  const since = history ? ` > ${history.endSeconds}` : '';
  const [first] = await prometheus.query(`min(min_over_time((timestamp(up{job="${JOB}"} == 1)${since})[30d:1m]))`);
  return first && first.value - 60;
}

export interface DockerOptions extends TrafficOptions {
  /** Where the Prometheus of Compose answers. Default: `http://127.0.0.1:9090`. */
  url?: string;
}

/**
 * Writes a history into the volume of Docker Compose, as `writeHistory` does into a folder.
 * @throws {CodedError} `ERR_NO_DOCKER` or `ERR_NO_PROMETHEUS` where no engine or no Prometheus answers
 */
export async function writeHistoryToDocker({
  force = false,
  url = COMPOSE_URL,
  ...options
}: DockerOptions = {}): Promise<History> {
  if ((await detectEngine()) !== 'docker')
    throw new CodedError(
      'no Docker engine answers: start Docker, or leave --docker out to write into a folder',
      'ERR_NO_DOCKER',
    );
  const { history: old, blocks } = await readVolume();
  assertReplaceable(old, force, PLACE);
  const replaced = old ? blocksWithHistory(blocks, old, PLACE) : [];
  const { seed = 1, days = 7, target = 'host.docker.internal:8000', onProgress = () => undefined } = options;
  const endSeconds = lastScrapeSeconds(options.endSeconds ?? Date.now() / 1000, await firstScrapeSeconds(url, old));
  const staging = runFolder('history');
  try {
    const history = await makeBlocks(staging, { seed, days, endSeconds, target }, onProgress);
    writeMarker(staging, history);
    await runInVolume(installScript(history.blocks, replaced), staging);
    return history;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

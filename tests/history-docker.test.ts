import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { readBlocks } from '../src/history/blocks.js';
import { type History, readHistory } from '../src/history/index.js';
import { startPrometheus } from '../src/stack/index.js';
import { END_SECONDS } from './helpers/history.js';
import { inRepository } from './helpers/repository.js';
import { temporaryFolder } from './helpers/temporary.js';

/** A `docker` that runs what it is asked to run in a container on this machine, with the volume in a folder. */
function fakeDocker(bin: string, volume: string): void {
  const script = `#!/bin/sh
if [ "$1" = info ]; then echo 27.0; exit; fi
[ "$1 $2 $4" = "compose -f run" ] || exit 64
[ -f "$3" ] || exit 65
for argument do
  case "$previous" in
    -v) history="\${argument%:/history:ro}" ;;
    -c) script="$argument" ;;
    --user) [ "$argument" = root ] || exit 66 ;;
  esac
  [ "$argument" = prometheus ] && service=yes
  previous="$argument"
done
[ "$service" = yes ] || exit 67
printf '%s' "$script" | sed "s#/prometheus#${volume}#g; s#/history#$history#g" | sh
`;
  for (const [name, text] of [
    ['docker', script],
    ['chown', '#!/bin/sh\n[ "$1 $2" = "-R 65534:65534" ]\n'],
  ] as const) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
}

/** The history that a process with this PATH writes into the volume, or the message with which it refuses to. */
async function write(PATH: string, options: object): Promise<History | string> {
  const script = `require(${JSON.stringify(inRepository('dist/src/history/index.js'))})
    .writeHistoryToDocker(${JSON.stringify(options)})
    .then((history) => history, (error) => error.message)
    .then((result) => console.log(JSON.stringify(result)))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env: { ...process.env, PATH } });
  return JSON.parse(stdout);
}

test('the volume of Compose gets a history through a container, and another one with --force', async (t) => {
  const [bin, volume] = [temporaryFolder(t), temporaryFolder(t)];
  fakeDocker(bin, volume);
  const PATH = `${bin}:${process.env.PATH}`;
  const prometheus = await startPrometheus({ config: '{}', dataFolder: volume });
  t.after(() => prometheus.stop());
  const options = { url: prometheus.url, days: 1, endSeconds: END_SECONDS };
  const first = await write(PATH, options);
  assert.deepEqual(readHistory(volume), first);
  assert.match(String(await write(PATH, options)), /the volume of Compose has a history already/);
  const history = (await write(PATH, { ...options, force: true })) as History;
  assert.equal(history.target, 'host.docker.internal:8000');
  assert.deepEqual(readHistory(volume), history);
  const blocks = readBlocks(volume).map(({ ulid }) => ulid);
  assert.deepEqual(blocks.sort(), [...history.blocks].sort());
  assert.deepEqual(
    readdirSync(volume).filter((name) => name.includes('tmp-for-creation')),
    [],
  );
});

test('a history for the volume of Compose needs an engine, and a Prometheus that answers', async (t) => {
  const bin = temporaryFolder(t);
  fakeDocker(bin, temporaryFolder(t));
  assert.match(
    String(await write(`${bin}:${process.env.PATH}`, { url: 'http://127.0.0.1:1', force: true })),
    /Prometheus does not answer at http:\/\/127\.0\.0\.1:1: "docker compose -f docker-compose\.monitoring\.yml up -d"/,
  );
  assert.match(
    String(await write(temporaryFolder(t), {})),
    /no Docker engine answers: start Docker, or leave --docker out/,
  );
});

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { ask, CACHE, findExecutable, installFromDebian, isRoot, lastLine, runQuietly, say, step } from './run.mjs';

const FOUND = join(CACHE, 'tools.json');

/** Paths of the programs found or installed before, those that are still there. */
export function knownTools() {
  if (!existsSync(FOUND)) return {};
  try {
    const tools = JSON.parse(readFileSync(FOUND, 'utf8'));
    return Object.fromEntries(Object.entries(tools).filter(([, path]) => !path.startsWith('/') || existsSync(path)));
  } catch {
    return {}; // broken off while it was written: everything is looked for again
  }
}

export function rememberTools(tools) {
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(FOUND, `${JSON.stringify({ ...knownTools(), ...tools }, null, 2)}\n`);
}

// Official releases, with the SHA-256 of each archive as published beside it.
const RELEASES = {
  prometheus: {
    version: '3.15.0',
    sha256: {
      'linux-amd64': '2a542df32eac02ee17b9d844fb2aa1de00dafa5476579ba8a3ba862e9d572ea0',
      'linux-arm64': 'f1f90ec08e849d494ca66c611470afc50192f0355f1a61c33f2cbde02d067823',
      'darwin-amd64': '2d79e744c2d7e505db936fbc898e05abc74fcb6e437c25befd26e9c9f00aa58b',
      'darwin-arm64': '920df4d17e78b3b0175af144eb318b0c74d1cf7b1d1251b326966f0e81977260',
    },
  },
  alertmanager: {
    version: '0.34.1',
    sha256: {
      'linux-amd64': '265b9d1e55ef0d5306a436018af6d2b686c2ce051f03d968f7464ecb1372a7e8',
      'linux-arm64': 'd98d6cbaf52151c7e76e24355fec88b11cebcb9875d4cdd8b76ddce7a7e5535c',
      'darwin-amd64': '9f3a3806c81a2ef3546fea9bae3dd39abcf2206edd112c9433133a9355875fce',
      'darwin-arm64': 'a3941879f340ef12a4cc1a479c82bd8520611265ea8d1ee25c88bd5f944d8293',
    },
  },
};

// Debian calls the second one by another name.
const PROGRAMS = {
  prometheus: ['prometheus'],
  promtool: ['promtool'],
  alertmanager: ['alertmanager', 'prometheus-alertmanager'],
  amtool: ['amtool'],
};

function findPrograms(folders) {
  const found = Object.entries(PROGRAMS).map(([program, names]) => [program, findExecutable(names, folders)]);
  const complete = found.every(([, path]) => path && ask(path, ['--version']) !== undefined);
  return complete ? Object.fromEntries(found) : undefined;
}

async function download(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(300_000) });
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  const chunks = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (chunks.length % 200 === 0) process.stdout.write(`\r  ${Math.round(bytes / 1e6)} MB`);
  }
  process.stdout.write(`\r  ${Math.round(bytes / 1e6)} MB\n`);
  return Buffer.concat(chunks);
}

async function fetchRelease(name, { version, sha256 }) {
  const target = `${platform()}-${arch() === 'x64' ? 'amd64' : arch()}`;
  const folder = join(CACHE, 'tools', `${name}-${version}.${target}`);
  if (existsSync(folder)) return folder;
  if (!sha256[target]) throw new Error(`no release for ${target} is known`);
  say(`Downloading ${name} ${version} (official release) into .cache/tools`);
  const archive = await download(
    `https://github.com/prometheus/${name}/releases/download/v${version}/${name}-${version}.${target}.tar.gz`,
  );
  const checksum = createHash('sha256').update(archive).digest('hex');
  if (checksum !== sha256[target]) throw new Error(`the checksum of ${name} ${version} is wrong, it was thrown away`);
  // Unpacked aside, and moved when complete: half of it must not look like all of it.
  const aside = `${folder}.part`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  writeFileSync(`${aside}.tar.gz`, archive);
  const { ok, output } = await runQuietly('tar', ['-xzf', `${aside}.tar.gz`, '-C', aside, '--strip-components=1']);
  rmSync(`${aside}.tar.gz`);
  if (!ok) throw new Error(lastLine(output));
  renameSync(aside, folder);
  return folder;
}

async function fromReleases() {
  try {
    const folders = [];
    for (const [name, release] of Object.entries(RELEASES)) folders.push(await fetchRelease(name, release));
    return findPrograms(folders);
  } catch (error) {
    say(`  not to be had (${error.cause?.code ?? error.message})`);
    return undefined;
  }
}

const DEBIAN = join(CACHE, 'tools/debian');
const TEMPLATES = '/usr/share/prometheus/alertmanager';

/**
 * Debian's Alertmanager does not start without the templates in that folder of the system, and no flag names another.
 * Unpacked inside the project it is given a path of the same length that means the folder in which it is started.
 */
function relocateAlertmanager(program) {
  if (!program?.startsWith(DEBIAN)) return;
  const code = readFileSync(program, 'latin1');
  if (!code.includes(TEMPLATES)) return;
  writeFileSync(`${program}.part`, code.replaceAll(TEMPLATES, './'.repeat(TEMPLATES.length / 2)), {
    encoding: 'latin1',
    mode: 0o755,
  });
  renameSync(`${program}.part`, program);
}

/** Debian's packages, unpacked inside the project: installing them would also start them as services of the machine. */
async function fromDebian() {
  if (!findExecutable(['apt-get']) || !findExecutable(['dpkg-deb'])) return undefined;
  rmSync(DEBIAN, { recursive: true, force: true });
  mkdirSync(DEBIAN, { recursive: true });
  const { ok, output } = await step(
    "Unpacking Debian's prometheus and prometheus-alertmanager into .cache/tools",
    async () => {
      if (isRoot()) await runQuietly('apt-get', ['update']);
      const downloaded = await runQuietly('apt-get', ['download', 'prometheus', 'prometheus-alertmanager'], {
        cwd: DEBIAN,
      });
      if (!downloaded.ok) return downloaded;
      const unpack = 'for package in *.deb; do dpkg-deb -x "$package" . && rm "$package" || exit 1; done';
      return runQuietly('sh', ['-c', unpack], { cwd: DEBIAN });
    },
  );
  if (!ok) return void say(`  not to be had (${lastLine(output)})`);
  return findPrograms([join(DEBIAN, 'usr/bin')]);
}

/** Prometheus, promtool, Alertmanager and amtool: on PATH, else official releases, else Debian's. False if not to be had. */
export async function ensurePrometheus() {
  const known = knownTools();
  const isComplete = Object.keys(PROGRAMS).every((program) => known[program]);
  const tools = isComplete ? known : (findPrograms() ?? (await fromReleases()) ?? (await fromDebian()));
  relocateAlertmanager(tools?.alertmanager);
  if (tools && !isComplete) rememberTools(tools);
  return tools !== undefined;
}

/** Docker Compose, which checks the Compose file without an engine: as it is here, else Debian's. False if not to be had. */
export async function ensureCompose() {
  if (ask('docker', ['compose', 'version']) !== undefined || findExecutable(['docker-compose'])) return true;
  if (!findExecutable(['apt-get']) || !isRoot()) return false;
  const title = "Installing Debian's package docker-compose with apt-get (about 20 MB)";
  const { ok } = await step(title, () => installFromDebian(['docker-compose']));
  return ok;
}

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lchownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { inRepository } from './helpers/repository.js';
import { temporaryFolder } from './helpers/temporary.js';

const SCRIPT = `const { config } = require(${JSON.stringify(inRepository('dist/src/m2_3_monitoring/index.js'))});
  console.log(config.SERVICE_NAME)`;

/** The name that a program in a folder gets from its settings, and what it warns of. */
function start(cwd: string, { env = {}, before = '' } = {}) {
  const options = { cwd, encoding: 'utf8', env: { PATH: process.env.PATH, ...env }, timeout: 30_000 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', before + SCRIPT], options);
  assert.equal(status, 0, stderr);
  const warnings = stderr.split('\n').filter((line) => line.includes('[ENV_FILE_IGNORED]'));
  return {
    name: stdout.trim(),
    warnings: warnings.map((line) => line.replace(/^.*\[ENV_FILE_IGNORED\] Warning: /, '')),
  };
}

/** A folder with `.env` in it, a project, and a folder in the project. */
function project(t: TestContext) {
  const above = temporaryFolder(t);
  const root = join(above, 'project');
  const inside = join(root, 'src/deep');
  mkdirSync(inside, { recursive: true });
  writeFileSync(join(root, 'package.json'), '{}');
  return { above, root, inside };
}

const writeEnv = (folder: string, name: string) => writeFileSync(join(folder, '.env'), `SERVICE_NAME="${name}"\n`);

describe('.env', () => {
  test('.env of the working directory is read, and the environment wins over it', (t) => {
    const { root } = project(t);
    writeEnv(root, 'from the file');
    assert.deepEqual(start(root), { name: 'from the file', warnings: [] });
    assert.equal(start(root, { env: { SERVICE_NAME: 'from outside' } }).name, 'from outside');
  });

  test('.env of the project’s root is read where the working directory has none', (t) => {
    const { root, inside } = project(t);
    writeEnv(root, 'root');
    assert.equal(start(inside).name, 'root');
    writeEnv(inside, 'inside');
    assert.equal(start(inside).name, 'inside');
  });

  test('.env in a folder above the project, or above a working directory without a project, is not read', (t) => {
    const { above, root, inside } = project(t);
    writeEnv(above, 'above');
    assert.deepEqual(start(inside), { name: 'rag-service', warnings: [] });
    rmSync(join(root, 'package.json'));
    assert.deepEqual(start(root), { name: 'rag-service', warnings: [] });
  });

  test('.env between the working directory and the project’s root is not read', (t) => {
    const { root, inside } = project(t);
    writeEnv(join(root, 'src'), 'between');
    assert.equal(start(inside).name, 'rag-service');
  });

  test('.env may begin with a byte order mark', (t) => {
    const { root } = project(t);
    writeFileSync(join(root, '.env'), '\uFEFFSERVICE_NAME=marked\n');
    assert.equal(start(root).name, 'marked');
  });

  test('.env that is a folder or a pipe does not stop an import, and causes one warning', (t) => {
    const { root } = project(t);
    mkdirSync(join(root, '.env'));
    const warnings = [`${join(root, '.env')} is ignored: it is not a file: give it another name`];
    assert.deepEqual(start(root), { name: 'rag-service', warnings });
    rmSync(join(root, '.env'), { recursive: true });
    if (process.platform === 'win32') return;
    assert.equal(spawnSync('mkfifo', [join(root, '.env')]).status, 0);
    assert.deepEqual(start(root), { name: 'rag-service', warnings });
  });

  test('.env that cannot be read does not stop an import, and causes one warning', (t) => {
    const { root } = project(t);
    symlinkSync('.env', join(root, '.env'));
    const { name, warnings } = start(root);
    assert.equal(name, 'rag-service');
    assert.match(warnings.join('\n'), /^\S+\.env is ignored: it cannot be read \(ELOOP: .*\)$/);
  });

  test('a working directory that is gone does not stop an import', (t) => {
    const { root } = project(t);
    assert.equal(
      start(root, { before: `require('node:fs').rmSync(${JSON.stringify(root)}, { recursive: true });` }).name,
      'rag-service',
    );
  });
});

describe('.env', { skip: process.platform === 'win32' && 'Windows has no such permissions' }, () => {
  const modes: [mode: number, isRead: boolean, who: string][] = [
    [0o600, true, 'its owner alone may read'],
    [0o644, true, 'all users may read'],
    [0o666, false, 'all users may write'],
    [0o602, false, 'users outside its group may write'],
  ];
  for (const [mode, isRead, who] of modes) {
    test(`.env that ${who} is ${isRead ? 'read' : 'skipped with one warning'}`, (t) => {
      const { root } = project(t);
      writeEnv(root, 'file');
      chmodSync(join(root, '.env'), mode);
      const warning = `${join(root, '.env')} is ignored: other users may write it: run "chmod go-w" on it`;
      assert.deepEqual(
        start(root),
        isRead ? { name: 'file', warnings: [] } : { name: 'rag-service', warnings: [warning] },
      );
    });
  }
});

describe('.env', { skip: process.getuid?.() !== 0 && 'only root can give files away' }, () => {
  const OTHER = 65534;
  const isOwnedByAnother = 'another user owns it: change its owner, or remove it';

  test('.env that another user owns is skipped with one warning, and that of the project’s root is read', (t) => {
    const { root, inside } = project(t);
    writeEnv(root, 'root');
    writeEnv(inside, 'foreign');
    chownSync(join(inside, '.env'), OTHER, OTHER);
    const warnings = [`${join(inside, '.env')} is ignored: ${isOwnedByAnother}`];
    assert.deepEqual(start(inside), { name: 'root', warnings });
  });

  test('.env to which another user’s link points is skipped with one warning', (t) => {
    const { above, root } = project(t);
    writeFileSync(join(above, 'settings'), 'SERVICE_NAME=linked\n');
    symlinkSync(join(above, 'settings'), join(root, '.env'));
    assert.deepEqual(start(root), { name: 'linked', warnings: [] });
    lchownSync(join(root, '.env'), OTHER, OTHER);
    assert.deepEqual(start(root).warnings, [`${join(root, '.env')} is ignored: ${isOwnedByAnother}`]);
  });

  test('.env that a group may write is read where the group is the owner’s own, and otherwise skipped', (t) => {
    const { root } = project(t);
    writeEnv(root, 'file');
    chmodSync(join(root, '.env'), 0o664);
    assert.equal(start(root).name, 'file');
    chownSync(join(root, '.env'), 0, OTHER);
    assert.match(start(root).warnings.join('\n'), /other users may write it/);
  });

  test('.env that root owns is read by the program of another user, as in an image of a container', (t) => {
    const { above, root } = project(t);
    chmodSync(above, 0o755);
    writeEnv(root, 'of root');
    assert.equal(start(root, { before: `process.setgid(${OTHER}); process.setuid(${OTHER});` }).name, 'of root');
  });
});

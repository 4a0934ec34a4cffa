import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { inRepository, readRepositoryFile } from './helpers/repository.js';

interface LockedPackage {
  link?: boolean;
  integrity?: string;
  license?: string;
  deprecated?: string;
}

const locked = Object.entries<LockedPackage>(JSON.parse(readRepositoryFile('package-lock.json')).packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && !link,
);

const ALLOWED =
  /^(?:MIT|Apache-2\.0|BSD-[23]-Clause|ISC|0BSD|Unlicense|Zlib|MIT OR Apache-2\.0|\(MIT AND Zlib\)|\(AFL-2\.1 OR BSD-3-Clause\))$/;
/** Packages whose licence is another, or stands elsewhere, each looked at. Development only. */
const LOOKED_AT: Record<string, string> = {
  zeromq: 'MIT, with libzmq under MPL-2.0: the notebook kernel speaks to Jupyter by it',
  busboy: 'MIT, in the older field `licenses`: NestJS in a test',
  'lru-cache': 'BlueOak-1.0.0, which asks no more than MIT: attw in a test',
  streamsearch: 'MIT, in the older field `licenses`: NestJS in a test',
};

test('every package of the lock file has an integrity, and none is deprecated', () => {
  assert.deepEqual(
    locked.filter(([, { integrity, deprecated }]) => !integrity?.startsWith('sha512-') || deprecated),
    [],
  );
});

test('every package has a licence that allows what the MIT licence allows', () => {
  const others = locked.filter(([, { license = '' }]) => !ALLOWED.test(license));
  const names = others.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
  assert.deepEqual([...new Set(names)].sort(), Object.keys(LOOKED_AT).sort());
});

test('hosted workflows may only read, and pin each action to a commit', () => {
  for (const name of readdirSync(inRepository('.github/workflows'))) {
    const text = readRepositoryFile(`.github/workflows/${name}`);
    assert.deepEqual(parse(text).permissions, { contents: 'read' }, name);
    for (const [, action = ''] of text.matchAll(/uses: (\S+)/g)) assert.match(action, /@[0-9a-f]{40}$/, action);
  }
});

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { codeBlocks, DOCUMENTS, findInProse, proseOf } from './helpers/documents.js';
import { inRepository, readRepositoryFile } from './helpers/repository.js';

/** GitHub's anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (document: string): string[] =>
  findInProse(/^#+ (.*)$/gm, [document]).map(({ found }) => anchorOf(found));

function isBroken({ document, found: link }: { document: string; found: string }): boolean {
  const [path, anchor] = link.split('#');
  const target = path ? join(dirname(document), path) : document;
  return !existsSync(inRepository(target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
}

test('every link between the documents leads to a file and a heading that exist', () => {
  const links = findInProse(/\]\((?!https?:)([^)\s]+)\)/g);
  assert.ok(links.length > 20, String(links.length));
  assert.deepEqual(links.filter(isBroken), []);
});

test('the README links to every other document', () => {
  const linked = findInProse(/\]\(([\w./-]+\.md)/g, ['README.md']).map(({ found }) => found);
  assert.deepEqual(
    DOCUMENTS.filter((document) => document !== 'README.md' && !linked.includes(document)),
    [],
  );
});

test('every path of the project in the documents exists', () => {
  // The changelog names what was there at its time.
  const today = DOCUMENTS.filter((document) => document !== 'CHANGELOG.md');
  const paths = findInProse(/`((?:src|tests|scripts|docs|data|monitoring|notebooks|bench)\/[\w./-]*)`/g, today);
  assert.ok(paths.length > 20, String(paths.length));
  assert.deepEqual(
    paths.filter(({ found }) => !existsSync(inRepository(found))),
    [],
  );
});

test('the documents name every npm command, and no other', () => {
  const texts = [...DOCUMENTS.map(proseOf), ...codeBlocks().map(({ code }) => code)];
  const named = texts.flatMap((text) => [...text.matchAll(/\bnpm (?:run )?(start|test|(?<=run )[\w:]+)\b/g)]);
  const { scripts } = JSON.parse(readRepositoryFile('package.json'));
  assert.deepEqual([...new Set(named.map(([, name]) => name))].sort(), Object.keys(scripts).sort());
});

test('the README is at most 7 KB', () => {
  assert.ok(Buffer.byteLength(readRepositoryFile('README.md')) <= 7 * 1024);
});

test('the reference of the module names every public name', () => {
  const declared = readRepositoryFile('dist/src/m2_3_monitoring/index.d.ts');
  const names = [...declared.matchAll(/export (?:declare )?(?:const|type) (?:\{\s*)?(\w+)/g)].map(([, name]) => name);
  const listed = [...declared.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list = '']) => list.split(','));
  const all = [...names, ...listed.map((name) => name.replace(/\btype\b|:.*/g, '').trim())].filter(Boolean);
  assert.ok(all.length > 40, String(all.length));
  const reference = readRepositoryFile('docs/module.md');
  assert.deepEqual(
    all.filter((name) => !new RegExp(`\\b${name}\\b`).test(reference)),
    [],
  );
});

test('no section of a document says the same twice', () => {
  // Rows of tables may say the same of several things.
  const sentencesIn = (section: string) =>
    section.split(/(?<=[.:!?])\s+|\n/).filter((part) => part.length > 25 && !part.startsWith('|'));
  const repeated = DOCUMENTS.flatMap((document) => proseOf(document).split(/^#+ /m)).flatMap((section) => {
    const sentences = sentencesIn(section);
    return sentences.filter((sentence, index) => sentences.indexOf(sentence) < index);
  });
  assert.deepEqual(repeated, []);
});

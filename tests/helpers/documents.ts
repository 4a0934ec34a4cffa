import { readdirSync } from 'node:fs';
import { inRepository, readRepositoryFile } from './repository.js';

/** The documents of the project, as paths in the repository. */
export const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(inRepository('docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** A block of code, under the heading before it. */
export interface CodeBlock {
  document: string;
  heading: string;
  language: string;
  code: string;
}

const BLOCK = /^```(\S*)\n(.*?)^```$/gms;

const withoutBlocks = (text: string): string => text.replace(BLOCK, '');

const lastHeading = (text: string): string =>
  [...withoutBlocks(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading).at(-1) ?? '';

/** The blocks of code of all documents. */
export const codeBlocks = (): CodeBlock[] =>
  DOCUMENTS.flatMap((document) => {
    const text = readRepositoryFile(document);
    return [...text.matchAll(BLOCK)].map(({ index, 1: language = '', 2: code = '' }) => ({
      document,
      heading: lastHeading(text.slice(0, index)),
      language,
      code,
    }));
  });

/** A document without its blocks of code. */
export const proseOf = (document: string): string => withoutBlocks(readRepositoryFile(document));

/** What the group of a pattern finds in the prose of documents. */
export const findInProse = (pattern: RegExp, documents: readonly string[] = DOCUMENTS) =>
  documents.flatMap((document) =>
    [...proseOf(document).matchAll(pattern)].map(([, found = '']) => ({ document, found })),
  );

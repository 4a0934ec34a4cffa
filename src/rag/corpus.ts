import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A piece of a document, small enough to be quoted to a model. */
export interface Passage {
  id: string;
  /** The document that it comes from, for example `pino/docs/redaction.md`. */
  document: string;
  heading: string;
  text: string;
}

// Documentation that ships inside installed packages: real documents, read where they lie.
const SOURCES = ['pino', 'prom-client', 'minisearch'];
const isDocument = (path: string) => path.endsWith('.md') && !/node_modules|CHANGELOG|CONTRIBUTING|LICENSE/.test(path);

/** Where npm put a package. Its package.json cannot be asked for: `exports` may hide it. */
function folderOf(name: string): string {
  const places = (require.resolve.paths(name) ?? []).map((place) => join(place, name));
  const folder = places.find((place) => existsSync(place));
  if (folder === undefined) throw new Error(`the package ${name} is not installed: run npm ci`);
  return folder;
}

/** Splits a Markdown text at its headings; what stands before the first one belongs to the title. */
function splitIntoPassages(document: string, markdown: string): Passage[] {
  return markdown
    .split(/^(?=#{1,4} )/m)
    .map((section) => ({ heading: /^#+ (.*)/.exec(section)?.[1]?.trim() ?? document, text: section.trim() }))
    .filter(({ text }) => text.length > 80)
    .map((passage, index) => ({ id: `${document}#${index}`, document, ...passage }));
}

/** All passages of the documentation of the packages above. */
export function loadCorpus(): Passage[] {
  return SOURCES.flatMap((name) => {
    const folder = folderOf(name);
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path))
      .filter((path) => isDocument(relative(folder, path)))
      .sort()
      .flatMap((path) => splitIntoPassages(join(name, relative(folder, path)), readFileSync(path, 'utf8')));
  });
}

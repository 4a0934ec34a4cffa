import MiniSearch from 'minisearch';
import type { Passage } from './corpus.js';

const STOP_WORDS = new Set(
  'a an and are as at be by can do does for from how i in is it my of on or that the to what when which why with'.split(
    ' ',
  ),
);

/** The words of a text that carry its meaning, in lower case. */
export const keywords = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !STOP_WORDS.has(word));

export interface Retrieval {
  /** Best first. */
  passages: Passage[];
  /** Share of the question's keywords that the best passage has, 0 to 1. */
  relevanceScore: number;
}

/** Finds the passages that fit a question best. */
export type Retriever = (question: string, count?: number) => Retrieval;

/** Indexes passages for full-text search (BM25, by MiniSearch). */
export function createRetriever(passages: Passage[]): Retriever {
  const byId = new Map(passages.map((passage) => [passage.id, passage]));
  const index = new MiniSearch<Passage>({
    fields: ['heading', 'text'],
    searchOptions: { boost: { heading: 2 }, prefix: (term) => term.length > 3 },
    tokenize: keywords,
  });
  index.addAll(passages);
  return (question, count = 4) => {
    const hits = index.search(question).slice(0, count);
    const wanted = new Set(keywords(question));
    const covered = new Set(hits[0]?.queryTerms.filter((term) => wanted.has(term)) ?? []);
    return {
      passages: hits.map(({ id }) => byId.get(id)).filter((passage) => passage !== undefined),
      relevanceScore: wanted.size === 0 ? 0 : covered.size / wanted.size,
    };
  };
}

/** Share of the passages that come from an expected document, 0 to 1; 0 where nothing was found. */
export function contextPrecision(passages: Passage[], expectedDocuments: readonly string[]): number {
  const wanted = passages.filter(({ document }) => expectedDocuments.includes(document));
  return passages.length === 0 ? 0 : wanted.length / passages.length;
}

import type { Rag } from '../rag/index.js';
import { questions } from './questions.js';

const CALLERS = 4;

/** What a load did. */
export interface LoadResult {
  answered: number;
  failed: number;
}

/** Lets four callers ask the questions in turn for some seconds; a failed query is counted and the load goes on. */
export async function runLoad(rag: Rag, seconds: number): Promise<LoadResult> {
  const deadline = performance.now() + seconds * 1000;
  const result = { answered: 0, failed: 0 };
  let next = 0;
  const caller = async () => {
    while (performance.now() < deadline) {
      const question = questions[next++ % questions.length];
      if (question === undefined) return;
      await rag({ ...question, useCache: next % 2 === 0 }).then(
        () => result.answered++,
        () => result.failed++,
      );
      // A cached answer comes at once: leave the event loop time for the scrape.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return result;
}

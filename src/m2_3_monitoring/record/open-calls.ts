import type { QueryFacts } from '../result/check-facts.js';

/** How long calls are gathered in one cohort, in milliseconds. */
const COHORT_MS = 100;

/** What is still open of the calls of one cohort. Knows none of them, so that it keeps none of them alive. */
export class Tally {
  open = 0;
  /** Of these, in progress. */
  active = 0;
  /** What the open streams have given so far. */
  readonly streams = new Set<{ read(): QueryFacts }>();

  /** @param abandon is called when the last call of the cohort is gone */
  constructor(readonly abandon: (tally: Tally) => void) {}
}

/**
 * The calls that began within a tenth of a second. Only they hold it, so that it is collected as garbage with the last of
 * them: what its tally has open then will never end. To register each call would take longer than all else that is recorded.
 */
export class Cohort {
  constructor(readonly tally: Tally) {}
}

const collected = new FinalizationRegistry<Tally>((tally) => {
  if (tally.open > 0) tally.abandon(tally);
});

/** Gives the cohort of the calls that begin now. */
export function createCohorts(abandon: (tally: Tally) => void): () => Cohort {
  let current: Cohort | undefined;
  const begin = () => {
    const cohort = new Cohort(new Tally(abandon));
    collected.register(cohort, cohort.tally);
    current = cohort;
    setTimeout(() => {
      current = undefined;
    }, COHORT_MS).unref();
    return cohort;
  };
  return () => current ?? begin();
}

/** Something to be measured: runs its work some times, and then says how often the work was really done. */
export interface Candidate {
  name: string;
  run(times: number): Promise<void> | void;
  /** How often the work has been done since the start. */
  done(): Promise<number> | number;
}

export interface Result {
  name: string;
  /** Nanoseconds for one run of the work: the median of all rounds. */
  medianNs: number;
  /** Half the distance between the quartiles, as a share of the median. */
  spread: number;
}

const quantile = (sorted: number[], q: number): number => sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;

async function timeOnce({ run }: Candidate, times: number): Promise<number> {
  const start = process.hrtime.bigint();
  await run(times);
  return Number(process.hrtime.bigint() - start) / times;
}

/** Measures candidates in turn, round by round, so that whatever else the machine does falls on all of them. */
export async function measure(candidates: Candidate[], { rounds = 15, times = 20_000 } = {}): Promise<Result[]> {
  const samples = new Map<Candidate, number[]>(candidates.map((candidate) => [candidate, []]));
  for (let round = -2; round < rounds; round++) {
    for (const candidate of candidates) {
      const ns = await timeOnce(candidate, times);
      // Two rounds only warm up.
      if (round >= 0) samples.get(candidate)?.push(ns);
    }
  }
  for (const candidate of candidates) {
    const expected = (rounds + 2) * times;
    const done = await candidate.done();
    if (done !== expected)
      throw new Error(`${candidate.name} has done ${done} of ${expected}: its figure would mean nothing`);
  }
  return candidates.map((candidate) => {
    const sorted = (samples.get(candidate) ?? []).sort((a, b) => a - b);
    const medianNs = quantile(sorted, 0.5);
    return { name: candidate.name, medianNs, spread: (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2 / medianNs };
  });
}

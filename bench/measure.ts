import type { Row } from './report.js';

/** Something to be measured: runs its work some times, and then says how often the work was really done. */
export interface Candidate {
  name: string;
  isOurs?: true;
  run(times: number): Promise<void> | void;
  /** How often the work has been done since the start. */
  done(): Promise<number> | number;
}

export const quantile = (sorted: number[], q: number): number =>
  sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;

export const median = (samples: number[]): number =>
  quantile(
    [...samples].sort((a, b) => a - b),
    0.5,
  );

/** The median of samples, and their spread. */
export function summarise(name: string, samples: number[], isOurs?: true): Row {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = quantile(sorted, 0.5);
  return {
    name,
    value,
    spread: (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2 / value,
    ...(isOurs && { isOurs }),
  };
}

/** Nanoseconds that one run takes. The garbage of whoever ran before is gone, or it would be collected at this one's expense. */
async function timeOnce({ run }: Candidate, times: number): Promise<number> {
  // Only the young: a full collection would throw away what the compiler has learned.
  globalThis.gc?.({ type: 'minor' } as never);
  const start = process.hrtime.bigint();
  await run(times);
  return Number(process.hrtime.bigint() - start) / times;
}

async function assertDone({ name, done }: Candidate, expected: number): Promise<void> {
  const found = await done();
  if (found !== expected) throw new Error(`${name} has done ${found} of ${expected}: its figure would mean nothing`);
}

const WARM_UP_ROUNDS = 2;

/** Measures candidates in turn, round by round, so that whatever else the machine does falls on all of them. In nanoseconds. */
export async function measure(candidates: Candidate[], { rounds = 30, times = 10_000 } = {}): Promise<Row[]> {
  const samples = new Map<Candidate, number[]>(candidates.map((candidate) => [candidate, []]));
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const candidate of candidates) {
      const ns = await timeOnce(candidate, times);
      if (round >= 0) samples.get(candidate)?.push(ns);
    }
  }
  for (const candidate of candidates) await assertDone(candidate, (rounds + WARM_UP_ROUNDS) * times);
  return candidates.map((candidate) => summarise(candidate.name, samples.get(candidate) ?? [], candidate.isOurs));
}

/** Rows in another unit. */
export const inUnit = (rows: Row[], nanoseconds: number): Row[] =>
  rows.map((row) => ({ ...row, value: row.value / nanoseconds }));

/** How much longer the second takes than the first: the median of ratios of neighbouring rounds, for small differences. */
export async function pairedRatio(
  first: Candidate,
  second: Candidate,
  { rounds = 100, times = 5 } = {},
): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    // Who goes first changes from round to round.
    const [one, other] = round % 2 === 0 ? [first, second] : [second, first];
    const oneNs = await timeOnce(one, times);
    const otherNs = await timeOnce(other, times);
    ratios.push(one === first ? otherNs / oneNs : oneNs / otherNs);
  }
  return median(ratios);
}

import type { Row } from './report.js';

/** Something to be measured: runs its work some times, and then says how often the work was really done. */
export interface Candidate {
  name: string;
  isOurs?: true;
  run(times: number): Promise<void> | void;
  /** How often the work has been done since the start. */
  done(): Promise<number> | number;
}

const quantile = (sorted: number[], q: number): number => sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;

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

/** Nanoseconds that one run takes. The garbage of the run before is gone, or it would be collected at this one's expense. */
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

/** A figure with its standard error. */
export interface Estimate {
  value: number;
  error: number;
}

/** The median, its error as if the middle of the samples were that of a normal distribution: a machine's moods are in the rest. */
export function medianOf(samples: readonly number[]): Estimate {
  const sorted = [...samples].sort((a, b) => a - b);
  const deviation = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.35;
  return { value: quantile(sorted, 0.5), error: (1.25 * deviation) / Math.sqrt(samples.length) };
}

export function meanOf(samples: readonly number[]): Estimate {
  const value = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  const squares = samples.reduce((sum, sample) => sum + (sample - value) ** 2, 0);
  return { value, error: Math.sqrt(squares / (samples.length - 1) / samples.length) };
}

/** For people. */
export const show = ({ value, error }: Estimate, digits: number): string =>
  `${value.toFixed(digits)} ± ${error.toFixed(digits)}`;

/** What the second takes more than the first, by neighbouring rounds, for small differences. */
export interface Difference {
  percent: Estimate;
  microseconds: Estimate;
}

export async function differenceInPairs(
  first: Candidate,
  second: Candidate,
  { rounds = 100, times = 5, timeOf = timeOnce } = {},
): Promise<Difference> {
  const pairs: [first: number, second: number][] = [];
  const doneBefore = [await first.done(), await second.done()] as const;
  for (let round = 0; round < rounds; round++) {
    // Who goes first changes from round to round.
    const [one, other] = round % 2 === 0 ? [first, second] : [second, first];
    const oneNs = await timeOf(one, times);
    const otherNs = await timeOf(other, times);
    pairs.push(one === first ? [oneNs, otherNs] : [otherNs, oneNs]);
  }
  await assertDone(first, doneBefore[0] + rounds * times);
  await assertDone(second, doneBefore[1] + rounds * times);
  return {
    percent: medianOf(pairs.map(([firstNs, secondNs]) => 100 * (secondNs / firstNs - 1))),
    microseconds: medianOf(pairs.map(([firstNs, secondNs]) => (secondNs - firstNs) / 1000)),
  };
}

/** Nanoseconds of processor time that one run takes, where the rest is waiting for others. */
export async function processorTimeOnce({ run }: Candidate, times: number): Promise<number> {
  const before = process.cpuUsage();
  await run(times);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / times;
}

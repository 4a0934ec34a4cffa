/** A range of time; seconds since 1970. */
export interface TimeRange {
  fromSeconds: number;
  toSeconds: number;
}

/** The times at which a range query is evaluated: every `stepSeconds` from the first on, the last included. */
export interface SteppedRange extends TimeRange {
  stepSeconds: number;
}

/** Prometheus refuses a query of more points than this for one series. */
export const MAX_POINTS = 11_000;

/** The parts of a range that Prometheus takes, in their order. */
export function* splitRange({ fromSeconds, toSeconds, stepSeconds }: SteppedRange): Generator<SteppedRange> {
  const lastStep = Math.floor((toSeconds - fromSeconds) / stepSeconds);
  const at = (step: number) => fromSeconds + step * stepSeconds;
  for (let first = 0; first <= lastStep; first += MAX_POINTS)
    yield { fromSeconds: at(first), toSeconds: at(Math.min(first + MAX_POINTS - 1, lastStep)), stepSeconds };
}

/**
 * The time.
 *
 * In: the clocks of the process.
 * Out: milliseconds, and values that are kept for a second.
 * Must not know: all other rooms.
 *
 * @module
 */

const { hrtime } = process;
const [START_SECONDS] = hrtime();

/** Milliseconds, as `performance.now` gives them, without its check of the receiver at each call. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = hrtime();
  return (seconds - START_SECONDS) * 1e3 + nanoseconds / 1e6;
}

/** The caller's clock must not harm a call either. */
export const trusted =
  (now: () => number): (() => number) =>
  () => {
    try {
      const milliseconds = now();
      return Number.isFinite(milliseconds) ? milliseconds : 0;
    } catch {
      return 0;
    }
  };

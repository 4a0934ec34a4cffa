const SECOND_MS = 1000;

/**
 * Keeps an answer that is slow to get and changes seldom, for a hot path that has read a clock anyway: whether the process
 * traces, the time of day, a model's price.
 *
 * @param ask gets the time at which the answer is wanted, in milliseconds
 * @param maxAgeMs how old an answer may be, by the same clock
 */
export function onceASecond<Value>(ask: (nowMs: number) => Value, maxAgeMs = SECOND_MS): (nowMs: number) => Value {
  let askedMs = Number.NEGATIVE_INFINITY;
  let answer: Value;
  return (nowMs) => {
    const ageMs = nowMs - askedMs;
    // A clock that was set back says nothing of an answer's age.
    if (!(ageMs >= 0 && ageMs < maxAgeMs)) {
      answer = ask(nowMs);
      askedMs = nowMs;
    }
    return answer;
  };
}

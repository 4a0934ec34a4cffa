const SECOND_MS = 1000;

/**
 * Gives times of day as ISO 8601 text, in UTC with milliseconds. What is the same for a whole second is put together once:
 * `toISOString` takes half a microsecond, a third of what a log line costs.
 */
export function createIsoTime(): (atMs: number) => string {
  let second = Number.NaN;
  let upToSecond = '';
  return (atMs) => {
    const thisSecond = Math.floor(atMs / SECOND_MS);
    if (thisSecond !== second) {
      upToSecond = new Date(thisSecond * SECOND_MS).toISOString().slice(0, -'000Z'.length);
      second = thisSecond;
    }
    const milliseconds = Math.floor(atMs) - thisSecond * SECOND_MS;
    return `${upToSecond}${milliseconds < 10 ? '00' : milliseconds < 100 ? '0' : ''}${milliseconds}Z`;
  };
}

const DAY_SECONDS = 86_400;

/** The units of a duration, from the longest on. A year has 365 days. */
export const UNIT_SECONDS = {
  y: 365 * DAY_SECONDS,
  w: 7 * DAY_SECONDS,
  d: DAY_SECONDS,
  h: 3600,
  m: 60,
  s: 1,
  ms: 0.001,
} as const;

const UNITS = Object.entries(UNIT_SECONDS);
const DURATION = new RegExp(`^${UNITS.map(([unit]) => `(?:(\\d+)${unit})?`).join('')}$`);

/** The seconds of a duration as Prometheus writes it, such as `1h30m`, `250ms` or `0`; undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const counts = text === '' ? undefined : DURATION.exec(text)?.slice(1);
  return counts?.reduce((sum, count, index) => sum + Number(count ?? 0) * (UNITS[index]?.[1] ?? 0), 0);
}

/** Years, weeks and days are written only where nothing is left over: `2d`, but `49h`. */
const isWholeOnly = (size: number) => size >= DAY_SECONDS;

/** Seconds as Prometheus writes them: `5m`, `1h30m`, `1w`, `500ms`, `0s`. */
export function formatDuration(seconds: number): string {
  let rest = Math.round(seconds * 1000);
  if (rest === 0) return '0s';
  const parts = UNITS.map(([unit, size]) => {
    const milliseconds = size * 1000;
    const count = isWholeOnly(size) && rest % milliseconds !== 0 ? 0 : Math.floor(rest / milliseconds);
    rest -= count * milliseconds;
    return count === 0 ? '' : `${count}${unit}`;
  });
  return parts.join('');
}

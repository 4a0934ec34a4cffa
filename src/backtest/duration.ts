const UNITS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };
const DURATION = /^(?:0|(?:\d+(?:ms|[smhdwy]))+)$/;

/** The seconds of a duration as Prometheus writes it, for example `1h30m`; undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  const parts = text.matchAll(/(\d+)(ms|[smhdwy])/g);
  return [...parts].reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0), 0);
}

/** Seconds as Prometheus would write them: `5m`, `1h30m`, `0m`. */
export function formatDuration(seconds: number): string {
  if (seconds === 0) return '0m';
  let rest = Math.round(seconds);
  const parts = (['d', 'h', 'm', 's'] as const).map((unit) => {
    const size = UNITS[unit] ?? 1;
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? `${count}${unit}` : '';
  });
  return parts.join('');
}

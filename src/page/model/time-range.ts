import { UNIT_SECONDS } from '../../prometheus/duration.js';
import type { TimeRange } from '../../prometheus/range.js';

/** A time range as Grafana's URLs write it: `now-1h`, or milliseconds since 1970. */
export interface RawRange {
  from: string;
  to: string;
}

/** Grafana has months too. */
const RELATIVE_UNITS: Record<string, number> = { ...UNIT_SECONDS, M: 30 * UNIT_SECONDS.d };

/** The ranges that the picker offers, as Grafana names them. */
export const QUICK_RANGES: { label: string; range: RawRange }[] = [
  ['now-5m', 'Last 5 minutes'],
  ['now-15m', 'Last 15 minutes'],
  ['now-30m', 'Last 30 minutes'],
  ['now-1h', 'Last 1 hour'],
  ['now-3h', 'Last 3 hours'],
  ['now-6h', 'Last 6 hours'],
  ['now-12h', 'Last 12 hours'],
  ['now-24h', 'Last 24 hours'],
  ['now-2d', 'Last 2 days'],
  ['now-7d', 'Last 7 days'],
].map(([from = '', label = '']) => ({ label, range: { from, to: 'now' } }));

/** The start of the day, week, month or year of a moment, in local time; or its last millisecond. */
function roundTo(unit: string, ms: number, edge: 'start' | 'end'): number {
  if (unit === 's' || unit === 'm' || unit === 'h') {
    const length = (RELATIVE_UNITS[unit] ?? 1) * 1000;
    const start = Math.floor(ms / length) * length;
    return edge === 'start' ? start : start + length - 1;
  }
  const date = new Date(ms);
  date.setHours(0, 0, 0, 0);
  if (unit === 'w') date.setDate(date.getDate() - ((date.getDay() + 6) % 7));
  if (unit === 'M' || unit === 'y') date.setDate(1);
  if (unit === 'y') date.setMonth(0);
  if (edge === 'start') return date.getTime();
  if (unit === 'd' || unit === 'w') date.setDate(date.getDate() + (unit === 'd' ? 1 : 7));
  else if (unit === 'M') date.setMonth(date.getMonth() + 1);
  else date.setFullYear(date.getFullYear() + 1);
  return date.getTime() - 1;
}

/** Milliseconds since 1970 of `now-90m`, `now/d`, `1764000000000` or an ISO date; undefined where it is none of them. */
export function parseTime(text: string, nowMs: number, edge: 'start' | 'end' = 'start'): number | undefined {
  const [, sign, amount, unit, rounding] = /^now(?:([+-])(\d{1,6})([smhdwMy]))?(?:\/([smhdwMy]))?$/.exec(text) ?? [];
  if (text.startsWith('now')) {
    if (!/^now/.test(text) || (text !== 'now' && !amount && !rounding)) return undefined;
    const seconds = Number(amount ?? 0) * (RELATIVE_UNITS[unit ?? 's'] ?? 1) * (sign === '-' ? -1 : 1);
    const ms = nowMs + seconds * 1000;
    return rounding ? roundTo(rounding, ms, edge) : ms;
  }
  if (/^\d{9,14}$/.test(text)) return Number(text);
  const ms = /^\d{4}-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(ms) ? ms : undefined;
}

/** Seconds since 1970; undefined where a side is no time, or nothing lies between them. */
export function resolveRange({ from, to }: RawRange, nowMs: number): TimeRange | undefined {
  const [fromMs, toMs] = [parseTime(from, nowMs, 'start'), parseTime(to, nowMs, 'end')];
  if (fromMs === undefined || toMs === undefined || fromMs >= toMs) return undefined;
  return { fromSeconds: fromMs / 1000, toSeconds: toMs / 1000 };
}

export const absoluteRange = (fromMs: number, toMs: number): RawRange => ({
  from: String(Math.round(fromMs)),
  to: String(Math.round(toMs)),
});

const two = (value: number) => String(value).padStart(2, '0');

/** `2026-11-24 10:38:51` in local time. */
export function formatMoment(ms: number): string {
  const date = new Date(ms);
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

/** What the picker's button says. */
export function describeRange(raw: RawRange, nowMs: number): string {
  const quick = QUICK_RANGES.find(({ range }) => range.from === raw.from && range.to === raw.to);
  if (quick) return quick.label;
  const say = (text: string) => (text.startsWith('now') ? text : formatMoment(parseTime(text, nowMs) ?? Number.NaN));
  return `${say(raw.from)} to ${say(raw.to)}`;
}

/** A relative time of so many seconds ago, in the largest unit that leaves no rest. */
function secondsAgo(seconds: number): string {
  const unit = ['d', 'h', 'm'].find((one) => seconds % (RELATIVE_UNITS[one] ?? 1) === 0) ?? 's';
  return `now-${seconds / (RELATIVE_UNITS[unit] ?? 1)}${unit}`;
}

/** Twice the length around the same middle, never later than now; a range that ends now goes on doing so. */
export function zoomOut(raw: RawRange, nowMs: number): RawRange {
  const range = resolveRange(raw, nowMs);
  if (!range) return raw;
  const [fromMs, toMs] = [range.fromSeconds * 1000, range.toSeconds * 1000];
  const length = toMs - fromMs;
  if (raw.to === 'now') return { from: secondsAgo(Math.round((2 * length) / 1000)), to: 'now' };
  const end = Math.min(toMs + length / 2, Math.max(nowMs, toMs));
  return absoluteRange(end - 2 * length, end);
}

/** Half a length earlier (-1) or later (1), never later than now. */
export function shiftRange(raw: RawRange, direction: -1 | 1, nowMs: number): RawRange {
  const range = resolveRange(raw, nowMs);
  if (!range) return raw;
  const half = ((range.toSeconds - range.fromSeconds) * 1000) / 2;
  const toMs = Math.min(range.toSeconds * 1000 + direction * half, nowMs);
  return absoluteRange(toMs - 2 * half, toMs);
}

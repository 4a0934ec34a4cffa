import type { TimeRange } from './types.js';

const DAY = 86_400;
const STEPS = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200];
const DAYS = [1, 2, 7, 14, 30, 60, 90, 180, 365];
const LABEL_PIXELS = 62;
const LONG_LABEL_PIXELS = 92;

const two = (value: number) => String(value).padStart(2, '0');

/** A time in the local zone, as exactly as the distance between two ticks asks for. */
export function formatTime(seconds: number, stepSeconds: number, rangeSeconds: number): string {
  const date = new Date(seconds * 1000);
  const day = `${two(date.getMonth() + 1)}/${two(date.getDate())}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (stepSeconds < 60) return `${clock}:${two(date.getSeconds())}`;
  if (stepSeconds >= DAY) return rangeSeconds > 300 * DAY ? `${date.getFullYear()}-${day.replace('/', '-')}` : day;
  return rangeSeconds > DAY ? `${day} ${clock}` : clock;
}

/** A time in full, for a tooltip. */
export function formatInstant(seconds: number): string {
  const date = new Date(seconds * 1000);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function stepFor(rangeSeconds: number, widthPixels: number): number {
  const labelPixels = rangeSeconds > DAY && rangeSeconds < 4 * DAY ? LONG_LABEL_PIXELS : LABEL_PIXELS;
  const least = rangeSeconds / Math.max(1, Math.floor(widthPixels / labelPixels));
  return STEPS.find((step) => step >= least) ?? DAY * (DAYS.find((days) => days * DAY >= least) ?? 730);
}

/** Local midnight at or before a time: a day is not always 24 hours long. */
function midnight(seconds: number): Date {
  const date = new Date(seconds * 1000);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

function* everyDays({ fromSeconds, toSeconds }: TimeRange, days: number): Generator<number> {
  const date = midnight(fromSeconds);
  for (; date.getTime() / 1000 <= toSeconds; date.setDate(date.getDate() + days))
    if (date.getTime() / 1000 >= fromSeconds) yield date.getTime() / 1000;
}

function* everySeconds({ fromSeconds, toSeconds }: TimeRange, step: number): Generator<number> {
  const offset = new Date(fromSeconds * 1000).getTimezoneOffset() * 60;
  let tick = Math.ceil((fromSeconds - offset) / step) * step + offset;
  for (; tick <= toSeconds; tick += step) yield tick;
}

export interface TimeTicks {
  seconds: number[];
  format: (seconds: number) => string;
}

/** Round times of the local zone, as many as have room. */
export function timeTicks(range: TimeRange, widthPixels: number): TimeTicks {
  const rangeSeconds = range.toSeconds - range.fromSeconds;
  const step = stepFor(rangeSeconds, widthPixels);
  const seconds = step < DAY ? everySeconds(range, step) : everyDays(range, step / DAY);
  return { seconds: [...seconds], format: (at) => formatTime(at, step, rangeSeconds) };
}

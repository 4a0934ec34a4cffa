import type { TimeRange } from '../dashboard/types.js';
import { FONT_SIZE } from '../style/label.js';
import { textWidth } from '../style/text-width.js';

const DAY = 86_400;
const DAYS = [1, 2, 7, 14, 30, 60, 90, 180, 365, 730];
const STEPS = [
  ...[1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200],
  ...DAYS.map((days) => days * DAY),
];
const LABEL_GAP = 20;
/** How far a label may reach beyond the plot, on either side. */
const OVERHANG = 24;

const two = (value: number) => String(value).padStart(2, '0');

/** A time in the local zone, as exactly as the distance between two ticks asks for. */
function formatTime(seconds: number, stepSeconds: number, rangeSeconds: number): string {
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
  const fits = (step: number) =>
    (step / rangeSeconds) * widthPixels >= textWidth(formatTime(0, step, rangeSeconds), FONT_SIZE) + LABEL_GAP;
  return STEPS.find(fits) ?? (STEPS.at(-1) as number);
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
  /** Those whose labels have room: at the ends of the plot, a long one would be cut off. */
  labelled: number[];
  format: (seconds: number) => string;
}

/** Round times of the local zone, as many as have room. */
export function timeTicks(range: TimeRange, widthPixels: number): TimeTicks {
  const rangeSeconds = range.toSeconds - range.fromSeconds;
  const step = stepFor(rangeSeconds, widthPixels);
  const seconds = [...(step < DAY ? everySeconds(range, step) : everyDays(range, step / DAY))];
  const format = (at: number) => formatTime(at, step, rangeSeconds);
  const hasRoom = (at: number) => {
    const x = ((at - range.fromSeconds) / rangeSeconds) * widthPixels;
    return Math.min(x, widthPixels - x) + OVERHANG >= textWidth(format(at), FONT_SIZE) / 2;
  };
  return { seconds, labelled: seconds.filter(hasRoom), format };
}

import { DAY_SECONDS } from '../history/index.js';

/** From values to pixels. */
export type Scale = (value: number) => number;

export const linear =
  (fromValue: number, toValue: number, fromPixel: number, toPixel: number): Scale =>
  (value) =>
    fromPixel + ((value - fromValue) / (toValue - fromValue)) * (toPixel - fromPixel);

/** Round values from 0 to above the highest, four to six of them. */
export function valueTicks(highest: number): number[] {
  const rough = highest / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? power;
  const count = Math.ceil(highest / step);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}

export interface TimeTick {
  seconds: number;
  label: string;
}

const STEPS_SECONDS = [300, 900, 1800, 3600, 2 * 3600, 4 * 3600, 6 * 3600, 12 * 3600, DAY_SECONDS, 7 * DAY_SECONDS];
const MOST_TICKS = 9;

const day = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

/** Midnights (UTC), or full hours where the time is short. */
export function timeTicks(fromSeconds: number, toSeconds: number): TimeTick[] {
  const length = toSeconds - fromSeconds;
  const step = STEPS_SECONDS.find((candidate) => length / candidate <= MOST_TICKS) ?? Math.ceil(length / MOST_TICKS);
  const first = Math.ceil(fromSeconds / step) * step;
  const count = Math.floor((toSeconds - first) / step) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const seconds = first + index * step;
    const date = new Date(seconds * 1000);
    return { seconds, label: seconds % DAY_SECONDS === 0 ? day.format(date).replace(',', '') : timeOfDay.format(date) };
  });
}

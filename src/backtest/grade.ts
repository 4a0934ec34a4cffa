import type { BacktestResult, Firing } from './alert-states.js';

/** A time in which an alert was right to fire; seconds since 1970. */
export interface KnownIncident {
  name: string;
  fromSeconds: number;
  toSeconds: number;
}

/** How an alert did against what is known to have happened. */
export interface Grade {
  /** Incidents in which it began to fire. */
  detected: number;
  incidents: number;
  /** Firings that began outside of all incidents. */
  falseAlarms: number;
  /** From the start of an incident until the alert fired, on average; undefined where it found none. */
  minutesUntilFired: number | undefined;
}

/** Whether a firing began within an incident. */
const tells = ({ firingSeconds }: Firing, { fromSeconds, toSeconds }: KnownIncident): boolean =>
  firingSeconds >= fromSeconds && firingSeconds <= toSeconds;

/** Holds an alert's firings against the true incidents. */
export function gradeFirings({ firings }: Pick<BacktestResult, 'firings'>, incidents: readonly KnownIncident[]): Grade {
  const delays = incidents
    .map((incident) => ({ incident, first: firings.find((firing) => tells(firing, incident)) }))
    .flatMap(({ incident, first }) => (first ? [(first.firingSeconds - incident.fromSeconds) / 60] : []));
  return {
    detected: delays.length,
    incidents: incidents.length,
    falseAlarms: firings.filter((firing) => !incidents.some((incident) => tells(firing, incident))).length,
    minutesUntilFired:
      delays.length > 0 ? delays.reduce((sum, minutes) => sum + minutes, 0) / delays.length : undefined,
  };
}

import type { NamedAlert } from './alert-file.js';
import type { KnownIncident } from './grade.js';
import type { OpenPast } from './open-past.js';

/** The true incidents within a past that an alert has to tell; undefined where nobody knows them. */
export function incidentsFor(
  { name }: Pick<NamedAlert, 'name'>,
  { history, fromSeconds, toSeconds }: Pick<OpenPast, 'history' | 'fromSeconds' | 'toSeconds'>,
): KnownIncident[] | undefined {
  return history?.incidents.filter(
    (one) => one.alerts.includes(name) && one.fromSeconds >= fromSeconds && one.toSeconds <= toSeconds,
  );
}

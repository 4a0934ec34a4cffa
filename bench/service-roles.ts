/** With nothing; with metrics, logs and scrapes; with the ids of calls in the logs too. */
export type Role = 'bare' | 'everything' | 'everything-and-ids';

/** Where a service that watches answers without watching. */
export const BARE_PATH = '/bare';

import { join } from 'node:path';

/** The folder of the repository: where prometheus.yml, monitoring/ and .cache/ lie. */
export const REPOSITORY = join(__dirname, '../../../..');

/** Loaded with the first logger: a process that logs nothing, or starts often, is spared a sixth of its start. */
export const loadPino = (): typeof import('pino') => require('pino');

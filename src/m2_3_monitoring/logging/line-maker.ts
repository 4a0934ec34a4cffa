import type { LoggerOptions } from 'pino';
import type { Config } from '../../../config/module.js';
import { loadPino } from '../output/load-pino.js';
import { CENSORED } from '../redaction/secret-places.js';
import type { Fields } from './line-reader.js';
import type { LogFormat } from './log-format.js';

/** What makes of fields the JSON of a line. */
export interface LineMaker {
  isWritten(level: Level): boolean;
  /** @param atMs milliseconds since 1970 */
  lineOf(level: Level, message: string, fields: Fields, atMs: number): string;
}
export type Level = 'info' | 'warn' | 'error';

const pathsToRedact = ({ LOG_REDACT }: Config): string[] =>
  LOG_REDACT.split(',')
    .map((path) => path.trim())
    .filter(Boolean);

function optionsFor(name: string, config: Config): LoggerOptions {
  const paths = pathsToRedact(config);
  return {
    level: config.LOG_LEVEL,
    messageKey: 'message',
    base: { logger: name, service: config.SERVICE_NAME, environment: config.ENVIRONMENT },
    formatters: { level: (label) => ({ level: label.toUpperCase() }) },
    // The fields of an error have been read already.
    serializers: { err: (fields) => fields },
    ...(paths.length > 0 && { redact: { paths, censor: CENSORED } }),
  };
}

/** The last time that a `Date` knows. */
const MAX_TIME_MS = 8.64e15;

/** Makes lines by pino; writing them is left to the caller. */
export function createLineMaker(name: string, config: Config, format: LogFormat): LineMaker {
  const state = { fields: {} as Fields, nowMs: 0, line: '' };
  const options: LoggerOptions = {
    ...optionsFor(name, config),
    timestamp: () => `,"${format.timeKey}":"${new Date(state.nowMs).toISOString()}"`,
    // Given as the object of a message, fields that are called `method`, `headers` and `socket` would pass for a request of Node.
    mixin: () => state.fields,
    ...format.options,
  };
  const keep = (line: string): void => {
    state.line = line;
  };
  const pino = loadPino().pino(options, { write: keep });
  return {
    isWritten: (level) => pino.isLevelEnabled(level),
    lineOf(level, message, fields, atMs) {
      state.fields = fields;
      state.nowMs = Math.abs(atMs) <= MAX_TIME_MS ? atMs : Date.now();
      pino[level](message);
      return state.line;
    },
  };
}

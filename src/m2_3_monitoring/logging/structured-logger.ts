/**
 * Structured logs.
 *
 * In: an event.
 * Out: one JSON line, without secrets.
 * Must not know: metrics.
 *
 * @module
 */

import type { Logger, LoggerOptions } from 'pino';
import type { Config } from '../../../config/module.js';
import type { CallContext } from '../context/call-context.js';
import { createTraceReader } from '../context/trace-context.js';
import { isObject, peek } from '../interop/safe-read.js';
import type { LogDestination } from './batched-stdout.js';
import { createPlainLine } from './fast-line.js';
import { createIsoTime } from './iso-time.js';
import { lineFields } from './line-fields.js';
import { loadPino } from './load-pino.js';
import { createLogFormat, type LogFormat } from './log-format.js';
import {
  describeError,
  ERROR,
  FAILED_RESPONSE,
  type LineKind,
  type LineOptions,
  type LogFields,
  type LogLine,
  REQUEST,
  RESPONSE,
  type RequestLog,
  type ResponseLog,
} from './log-line.js';
import { createUserHash } from './user-hash.js';

/** Where the lines go and what they say of the service. */
export interface LoggerContext {
  config: Config;
  destination: LogDestination;
  /** Milliseconds since 1970. */
  wallClock: () => number;
  calls: CallContext;
}

const pathsToRedact = ({ LOG_REDACT }: Config): string[] =>
  LOG_REDACT.split(',')
    .map((path) => path.trim())
    .filter(Boolean);

const baseFields = (logger: string, { SERVICE_NAME, ENVIRONMENT }: Config) => ({
  logger,
  service: SERVICE_NAME,
  environment: ENVIRONMENT,
});

function createPino(
  name: string,
  { config, destination }: LoggerContext,
  format: LogFormat,
  timestamp: () => string,
): Logger {
  const options: LoggerOptions = {
    level: config.LOG_LEVEL,
    messageKey: 'message',
    base: baseFields(name, config),
    timestamp: () => `,"${format.timeKey}":"${timestamp()}"`,
    formatters: { level: (label: string) => ({ level: label.toUpperCase() }) },
    redact: { paths: pathsToRedact(config), censor: '[redacted]' },
    ...format.options,
  };
  return loadPino().pino(options, format.through(destination));
}

/** Whether nothing in a line can change while it waits: it holds no objects. */
function stays({ kind, values, given }: LogLine): boolean {
  for (const value of values) if (isObject(value)) return false;
  for (const key in given) if (isObject(given[key]) && !kind.told.has(key)) return false;
  return true;
}

/** Writes one JSON object a line. `createMonitoring` binds it to a destination, so that `new StructuredLogger(name)` is all. */
export class StructuredLogger {
  readonly #pino: Logger;
  /** By LOG_LEVEL. */
  readonly #isWritten: Readonly<Record<LineKind['level'], boolean>>;
  readonly #format: LogFormat;
  readonly #context: LoggerContext;
  readonly #options: LineOptions;
  /** The short way, where nothing is renamed, coloured or looked for. */
  readonly #plainLine: ReturnType<typeof createPlainLine> | undefined;
  /** Leaves a line to be written with others, where the destination has that. */
  readonly #later: LogDestination['later'];
  readonly #traceAt = createTraceReader();
  #nowMs = 0;

  /** @param name the value of the field `logger`, usually the module's name */
  constructor(name: string, context: LoggerContext) {
    const { config, calls, wallClock } = context;
    this.#context = context;
    if (config.LOG_QUERY_IDS) calls.follow();
    this.#format = createLogFormat(config, wallClock);
    this.#options = { hashUser: createUserHash(config), showsTexts: config.LOG_QUERY_TEXT };
    const isoTime = createIsoTime();
    this.#pino = createPino(name, context, this.#format, () => isoTime(this.#nowMs));
    const isWritten = (level: LineKind['level']) => this.#pino.isLevelEnabled(level);
    this.#isWritten = { info: isWritten('info'), warn: isWritten('warn'), error: isWritten('error') };
    const isPlain = this.#format.isPlain && pathsToRedact(config).length === 0;
    this.#plainLine = isPlain ? createPlainLine(baseFields(name, config), this.#options) : undefined;
    this.#later = isPlain ? context.destination.later : undefined;
  }

  /** One line for a request that came in: `event_type` is `request`. */
  logRequest(request: RequestLog): void {
    this.#log(REQUEST, request, request);
  }

  /** One line for an answer that went out: `event_type` is `response`; level WARN where it was no success. */
  logResponse(response: ResponseLog): void {
    this.#log(peek(response, 'success') === false ? FAILED_RESPONSE : RESPONSE, response, response);
  }

  /** One line for an error, with its type, message and stack: `event_type` is `error`. */
  logError(error: unknown, context: object = {}): void {
    this.#log(ERROR, error, context as LogFields);
  }

  /** A logger must not take down what it reports on: a line that cannot be written says so instead. */
  #log<Subject>(kind: LineKind<Subject>, subject: Subject, given: LogFields): void {
    if (!this.#isWritten[kind.level]) return;
    const { calls, config, wallClock } = this.#context;
    const atMs = wallClock();
    try {
      const values = kind.values(subject, config);
      const queryId = config.LOG_QUERY_IDS ? calls.currentQueryId() : undefined;
      const kept = this.#later ? { ...given } : given;
      const line = { kind, values, given: kept, atMs, queryId, trace: this.#traceAt(atMs) };
      if (!(this.#later && stays(line) && this.#later(() => this.#write(line)))) this.#write(line);
    } catch (cause) {
      this.#writeUnloggable(kind, cause, atMs);
    }
  }

  #write(line: LogLine): void {
    try {
      const text = this.#plainLine?.(line);
      if (text === undefined) this.#writeThroughPino(line);
      else this.#context.destination.write(text);
    } catch (cause) {
      this.#writeUnloggable(line.kind, cause, line.atMs);
    }
  }

  #writeThroughPino(line: LogLine): void {
    this.#nowMs = line.atMs;
    const fields = this.#format.shape(lineFields(line, this.#options), line.trace);
    this.#pino[line.kind.level](fields, line.kind.message);
  }

  #writeUnloggable({ level, eventType, message }: LogLine['kind'], cause: unknown, atMs: number): void {
    try {
      this.#nowMs = atMs;
      this.#pino[level]({ event_type: eventType, unloggable: describeError(cause)[1] }, message);
    } catch {
      // The destination itself is broken: there is nowhere left to say it.
    }
  }
}

/** The class for one destination. */
export function bindStructuredLogger(context: LoggerContext): new (name: string) => StructuredLogger {
  return class extends StructuredLogger {
    constructor(name: string) {
      super(name, context);
    }
  };
}

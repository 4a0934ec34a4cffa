import { createHmac, randomBytes } from 'node:crypto';
import { type DestinationStream, type Logger, type LoggerOptions, pino, stdSerializers } from 'pino';
import type { Config } from '../../config.js';
import type { CallContext } from './call-context.js';
import { createIsoTime } from './iso-time.js';
import { fieldRule } from './log-fields.js';
import { createLogFormat, type Fields, type LogFormat } from './log-format.js';
import { CENSORED, redactField, redactText } from './redaction.js';
import { peek } from './safe-read.js';
import { createTraceReader } from './trace-context.js';

/** Fields of your own for a log line; a name that the line has already gets the prefix `field_`. */
export type LogFields = Record<string, unknown>;

export interface RequestLog extends LogFields {
  /** The question. Its length is logged; its text only where LOG_QUERY_TEXT is true. */
  query: string;
  /** Logged as a keyed hash, unless LOG_USER_IDS is `plain`. */
  userId?: string;
  sessionId?: string;
  endpoint?: string;
}

export interface ResponseLog extends LogFields {
  /** Milliseconds. */
  durationMs: number;
  tokens?: { input: number; output: number };
  /** USD. */
  cost?: number;
  /** Default: true. */
  success?: boolean;
  model?: string;
  cacheHit?: boolean;
}

/** Where the lines go and what they say of the service. */
export interface LoggerContext {
  config: Config;
  destination: DestinationStream;
  /** Milliseconds since 1970. */
  wallClock: () => number;
  calls: CallContext;
}

type Level = 'info' | 'warn' | 'error';

/** A pseudonym: the same user has the same one, and nobody without the key can go back. */
function createUserHash({ LOG_USER_IDS, LOG_HASH_KEY }: Config): (userId: unknown) => unknown {
  if (LOG_USER_IDS === 'plain') return (userId) => userId;
  const key = LOG_HASH_KEY || randomBytes(32);
  return (userId) => createHmac('sha256', key).update(String(userId)).digest('hex').slice(0, 16);
}

function createPino(
  name: string,
  { config, destination }: LoggerContext,
  format: LogFormat,
  timestamp: () => string,
): Logger {
  const further = config.LOG_REDACT.split(',').map((path) => path.trim());
  const options: LoggerOptions = {
    level: config.LOG_LEVEL,
    messageKey: 'message',
    base: { logger: name, service: config.SERVICE_NAME, environment: config.ENVIRONMENT },
    timestamp: () => `,"timestamp":"${timestamp()}"`,
    formatters: { level: (label: string) => ({ level: label.toUpperCase() }) },
    redact: { paths: further.filter(Boolean), censor: '[redacted]' },
    ...format.options,
  };
  return pino(options, format.through(destination));
}

/** Fields of `ResponseLog` that are logged under names of their own. */
const RESPONSE_FIELDS = new Set(['durationMs', 'tokens', 'cost', 'success']);
const REQUEST_FIELDS = new Set(['query']);
const NONE = new Set<string>();

/** Writes one JSON object a line. `createMonitoring` binds it to a destination, so that `new StructuredLogger(name)` is all. */
export class StructuredLogger {
  readonly #pino: Logger;
  readonly #format: LogFormat;
  readonly #context: LoggerContext;
  readonly #hashUser: (userId: unknown) => unknown;
  readonly #traceAt = createTraceReader();
  #nowMs = 0;

  /** @param name the value of the field `logger`, usually the module's name */
  constructor(name: string, context: LoggerContext) {
    this.#context = context;
    if (context.config.LOG_QUERY_IDS) context.calls.follow();
    this.#format = createLogFormat(context.config, context.wallClock);
    this.#hashUser = createUserHash(context.config);
    const isoTime = createIsoTime();
    this.#pino = createPino(name, context, this.#format, () => isoTime(this.#nowMs));
  }

  /** One line for a request that came in: `event_type` is `request`. */
  logRequest(request: RequestLog): void {
    this.#write('info', 'request', 'Request received', (line) => {
      const { query } = request;
      this.#add(line, 'query_length', String(query).length);
      if (this.#context.config.LOG_QUERY_TEXT) this.#add(line, 'query', query);
      this.#addAll(line, request, REQUEST_FIELDS);
    });
  }

  /** One line for an answer that went out: `event_type` is `response`; level WARN where it was no success. */
  logResponse(response: ResponseLog): void {
    const success = peek(response, 'success') !== false;
    const message = success ? 'Response completed' : 'Response failed';
    this.#write(success ? 'info' : 'warn', 'response', message, (line) => {
      const { durationMs, tokens, cost } = response;
      this.#add(line, 'duration_ms', durationMs);
      this.#add(line, 'input_tokens', tokens?.input);
      this.#add(line, 'output_tokens', tokens?.output);
      this.#add(line, 'cost_usd', cost);
      line.success = success;
      this.#addAll(line, response, RESPONSE_FIELDS);
    });
  }

  /** One line for an error, with its type, message and stack: `event_type` is `error`. */
  logError(error: unknown, context: object = {}): void {
    this.#write('error', 'error', 'Request failed', (line) => {
      this.#addAll(line, errorFields(error), NONE);
      this.#addAll(line, context as LogFields, NONE);
    });
  }

  /** A logger must not take down what it reports on: a line that cannot be written says so instead. */
  #write(level: Level, eventType: string, message: string, fill: (line: Fields) => void): void {
    try {
      this.#nowMs = this.#context.wallClock();
      const line: Fields = { event_type: eventType };
      const { calls, config } = this.#context;
      const queryId = config.LOG_QUERY_IDS ? calls.currentQueryId() : undefined;
      if (queryId) line.query_id = queryId;
      fill(line);
      this.#pino[level](this.#format.shape(line, this.#traceAt(this.#nowMs)), message);
    } catch (cause) {
      this.#writeUnloggable(level, eventType, message, cause);
    }
  }

  #writeUnloggable(level: Level, eventType: string, message: string, cause: unknown): void {
    try {
      this.#pino[level]({ event_type: eventType, unloggable: errorFields(cause).error_message }, message);
    } catch {
      // The destination itself is broken: there is nowhere left to say it.
    }
  }

  #addAll(line: Fields, fields: LogFields, except: ReadonlySet<string>): void {
    for (const key of Object.keys(fields)) if (!except.has(key)) this.#add(line, key, fields[key]);
  }

  /** Who asked, and what: pseudonyms and lengths, unless the settings want more; and no secrets in any case. */
  #add(line: Fields, key: string, given: unknown): void {
    if (given === undefined) return;
    const { name, kind } = fieldRule(key);
    const value = kind === 'secret' && typeof given !== 'boolean' ? CENSORED : redactField(given);
    if (kind === 'user' && (typeof value === 'string' || typeof value === 'number')) {
      line[name] = this.#hashUser(value);
    } else if (kind === 'text' && hasText(value) && !this.#context.config.LOG_QUERY_TEXT) {
      line[`${name}_length`] = (typeof value === 'string' ? value : JSON.stringify(value)).length;
    } else {
      line[name] = value;
    }
  }
}

/** Whether a value may hold what somebody said: a text, or messages with texts in them. */
const hasText = (value: unknown): boolean => typeof value === 'string' || (typeof value === 'object' && value !== null);

/** The class for one destination. */
export function bindStructuredLogger(context: LoggerContext): new (name: string) => StructuredLogger {
  return class extends StructuredLogger {
    constructor(name: string) {
      super(name, context);
    }
  };
}

function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error_type: 'NonError', error_message: redactText(String(error)) };
  const { type, message, stack } = stdSerializers.err(error);
  return { error_type: error.name || type, error_message: redactText(message), stack_trace: redactText(stack) };
}

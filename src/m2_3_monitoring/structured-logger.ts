import { createHmac, randomBytes } from 'node:crypto';
import { type DestinationStream, type Logger, type LoggerOptions, pino, stdSerializers } from 'pino';
import type { Config } from '../../config.js';
import type { CallContext } from './call-context.js';
import { createLogFormat, type Fields, type LogFormat } from './log-format.js';
import { redact, redactText } from './redaction.js';
import { peek } from './safe-read.js';
import { activeTrace } from './trace-context.js';

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

const OWN_FIELDS = new Set([
  'timestamp',
  'level',
  'logger',
  'message',
  'service',
  'environment',
  'event_type',
  'query_id',
]);

/** Fields that name a person. */
const USER_FIELD = /^(?:end)?[-_]?user[-_]?(?:id|name)?$/;
/** Fields that hold what people and models say. */
const TEXT_FIELDS = new Set(['query', 'question', 'prompt', 'answer', 'completion', 'response_text']);

/** The names under which keys are logged: services use the same few keys in every line. */
const fieldNames = new Map<string, string>();
const MAX_KNOWN_NAMES = 1000;

function fieldName(key: string): string {
  const known = fieldNames.get(key);
  if (known !== undefined) return known;
  const snake = key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  const name = OWN_FIELDS.has(snake) ? `field_${snake}` : snake;
  if (fieldNames.size < MAX_KNOWN_NAMES) fieldNames.set(key, name);
  return name;
}

function fieldsOf(fields: LogFields): Fields {
  const redacted = redact(fields);
  const named: Fields = {};
  for (const key of Object.keys(redacted)) {
    const value = redacted[key];
    if (value !== undefined) named[fieldName(key)] = value;
  }
  return named;
}

/** A pseudonym: the same user has the same one, and nobody without the key can go back. */
function createUserHash({ LOG_USER_IDS, LOG_HASH_KEY }: Config): (userId: unknown) => unknown {
  if (LOG_USER_IDS === 'plain') return (userId) => userId;
  const key = LOG_HASH_KEY || randomBytes(32);
  return (userId) => createHmac('sha256', key).update(String(userId)).digest('hex').slice(0, 16);
}

function createPino(name: string, { config, destination, wallClock }: LoggerContext, format: LogFormat): Logger {
  const further = config.LOG_REDACT.split(',').map((path) => path.trim());
  const options: LoggerOptions = {
    level: config.LOG_LEVEL,
    messageKey: 'message',
    base: { logger: name, service: config.SERVICE_NAME, environment: config.ENVIRONMENT },
    timestamp: () => `,"timestamp":"${new Date(wallClock()).toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label.toUpperCase() }) },
    redact: { paths: further.filter(Boolean), censor: '[redacted]' },
    ...format.options,
  };
  return pino(options, format.through(destination));
}

/** Writes one JSON object a line. `createMonitoring` binds it to a destination, so that `new StructuredLogger(name)` is all. */
export class StructuredLogger {
  readonly #pino: Logger;
  readonly #format: LogFormat;
  readonly #context: LoggerContext;
  readonly #hashUser: (userId: unknown) => unknown;

  /** @param name the value of the field `logger`, usually the module's name */
  constructor(name: string, context: LoggerContext) {
    this.#context = context;
    context.calls.follow();
    this.#format = createLogFormat(context.config, context.wallClock);
    this.#hashUser = createUserHash(context.config);
    this.#pino = createPino(name, context, this.#format);
  }

  /** One line for a request that came in: `event_type` is `request`. */
  logRequest(request: RequestLog): void {
    this.#write('info', 'request', 'Request received', () => {
      const { query, ...fields } = request;
      return { query_length: String(query).length, ...(this.#context.config.LOG_QUERY_TEXT && { query }), ...fields };
    });
  }

  /** One line for an answer that went out: `event_type` is `response`; level WARN where it was no success. */
  logResponse(response: ResponseLog): void {
    const success = peek(response, 'success') !== false;
    const message = success ? 'Response completed' : 'Response failed';
    this.#write(success ? 'info' : 'warn', 'response', message, () => {
      const { durationMs, tokens, cost, success: _success, ...fields } = response;
      return {
        duration_ms: durationMs,
        input_tokens: tokens?.input,
        output_tokens: tokens?.output,
        cost_usd: cost,
        success,
        ...fields,
      };
    });
  }

  /** One line for an error, with its type, message and stack: `event_type` is `error`. */
  logError(error: unknown, context: object = {}): void {
    this.#write('error', 'error', 'Request failed', () => ({ ...errorFields(error), ...context }));
  }

  /** A logger must not take down what it reports on: a line that cannot be written says so instead. */
  #write(level: Level, eventType: string, message: string, fields: () => LogFields): void {
    try {
      this.#pino[level](this.#line(eventType, fieldsOf(fields())), message);
    } catch (cause) {
      this.#writeUnloggable(level, eventType, message, cause);
    }
  }

  /** Who asked, and what: pseudonyms and lengths, unless the settings want more. */
  #add(line: Fields, name: string, value: unknown): void {
    if (USER_FIELD.test(name) && (typeof value === 'string' || typeof value === 'number')) {
      line[name] = this.#hashUser(value);
    } else if (TEXT_FIELDS.has(name) && typeof value === 'string' && !this.#context.config.LOG_QUERY_TEXT) {
      line[`${name}_length`] = value.length;
    } else {
      line[name] = value;
    }
  }

  #writeUnloggable(level: Level, eventType: string, message: string, cause: unknown): void {
    try {
      this.#pino[level]({ event_type: eventType, unloggable: errorFields(cause).error_message }, message);
    } catch {
      // The destination itself is broken: there is nowhere left to say it.
    }
  }

  #line(eventType: string, fields: Fields): Fields {
    const line: Fields = { event_type: eventType };
    const queryId = this.#context.calls.currentQueryId();
    if (queryId) line.query_id = queryId;
    for (const name of Object.keys(fields)) this.#add(line, name, fields[name]);
    return this.#format.shape(line, activeTrace());
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

function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error_type: 'NonError', error_message: redactText(String(error)) };
  const { type, message, stack } = stdSerializers.err(error);
  return { error_type: error.name || type, error_message: redactText(message), stack_trace: redactText(stack) };
}

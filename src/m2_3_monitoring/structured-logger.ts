import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import type { Config } from '../../config.js';
import { redactText, SECRET_PATHS } from './redaction.js';

/** Fields of your own for a log line; a name that the line has already gets the prefix `field_`. */
export type LogFields = Record<string, unknown>;

export interface RequestLog extends LogFields {
  /** The question. Its length is logged; its text only where LOG_QUERY_TEXT is true. */
  query: string;
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
  /** Default: standard output, through `process.stdout`, which a notebook captures. */
  destination: DestinationStream;
  /** Milliseconds since 1970. */
  wallClock: () => number;
}

const OWN_FIELDS = new Set(['timestamp', 'level', 'logger', 'message', 'service', 'environment', 'event_type']);

const snakeCase = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function fieldsOf(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [OWN_FIELDS.has(snakeCase(key)) ? `field_${snakeCase(key)}` : snakeCase(key), value]),
  );
}

function createPino(name: string, { config, destination, wallClock }: LoggerContext): Logger {
  const options = {
    level: config.LOG_LEVEL,
    messageKey: 'message',
    base: { logger: name, service: config.SERVICE_NAME, environment: config.ENVIRONMENT },
    timestamp: () => `,"timestamp":"${new Date(wallClock()).toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label.toUpperCase() }) },
    redact: { paths: SECRET_PATHS, censor: '[redacted]' },
  };
  return pino(options, destination);
}

/** Writes one JSON object a line. `createMonitoring` binds it to a destination, so that `new StructuredLogger(name)` is all. */
export class StructuredLogger {
  readonly #pino: Logger;
  readonly #logQueryText: boolean;

  /** @param name the value of the field `logger`, usually the module's name */
  constructor(name: string, context: LoggerContext) {
    this.#pino = createPino(name, context);
    this.#logQueryText = context.config.LOG_QUERY_TEXT;
  }

  /** One line for a request that came in: `event_type` is `request`. */
  logRequest(request: RequestLog): void {
    this.#write('info', 'request', 'Request received', () => {
      const { query, ...fields } = request;
      return { query_length: String(query).length, ...(this.#logQueryText && { query }), ...fields };
    });
  }

  /** One line for an answer that went out: `event_type` is `response`; level WARN where it was no success. */
  logResponse(response: ResponseLog): void {
    const success = response?.success ?? true;
    const message = success ? 'Response completed' : 'Response failed';
    this.#write(success ? 'info' : 'warn', 'response', message, () => {
      const { durationMs, tokens, cost, success: _, ...fields } = response;
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
  logError(error: unknown, context: LogFields = {}): void {
    this.#write('error', 'error', 'Request failed', () => ({ ...errorFields(error), ...context }));
  }

  /** A logger must not take down what it reports on: a line that cannot be written says so instead. */
  #write(level: 'info' | 'warn' | 'error', eventType: string, message: string, fields: () => LogFields): void {
    try {
      this.#pino[level]({ event_type: eventType, ...fieldsOf(fields()) }, message);
    } catch (cause) {
      this.#pino[level]({ event_type: eventType, unloggable: errorFields(cause).error_message }, message);
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

function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error_type: 'NonError', error_message: redactText(String(error)) };
  const { type, message, stack } = stdSerializers.err(error);
  return { error_type: error.name || type, error_message: redactText(message), stack_trace: redactText(stack) };
}

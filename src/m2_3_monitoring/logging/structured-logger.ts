/**
 * Structured logs.
 *
 * In: an event.
 * Out: one JSON line, without secrets.
 * Must not know: metrics.
 *
 * @module
 */

import type { Config } from '../../../config/module.js';
import type { CallContext } from '../context/call-context.js';
import { createTraceReader } from '../context/trace-context.js';
import { peek } from '../interop/safe-read.js';
import type { LogDestination } from '../output/standard-output.js';
import { redactText } from '../redaction/redact-text.js';
import { createFieldRules } from './field-rules.js';
import { createLineMaker, type LineMaker } from './line-maker.js';
import { type Fields, LineReader, type ReaderOptions } from './line-reader.js';
import { createLogFormat, type LogFormat } from './log-format.js';
import {
  ERROR,
  FAILED_RESPONSE,
  type LineKind,
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

/** In bytes of UTF-8. A line that would be longer is made again, of fewer characters. */
const MAX_LINE_BYTES = 65_536;
const MAX_BYTES_PER_CHARACTER = 3;
const CHARACTERS = [60_000, 15_000, 3_000];

const isTooLong = (line: string): boolean =>
  line.length > MAX_LINE_BYTES / MAX_BYTES_PER_CHARACTER && Buffer.byteLength(line) > MAX_LINE_BYTES;

/** Writes one JSON object a line. `createMonitoring` binds it to a destination, so that `new StructuredLogger(name)` is all. */
export class StructuredLogger {
  readonly #context: LoggerContext;
  readonly #format: LogFormat;
  readonly #maker: LineMaker;
  readonly #output: { write(line: string): void };
  readonly #readerOptions: ReaderOptions;
  readonly #traceAt = createTraceReader();

  /** @param name the value of the field `logger`, usually the module's name */
  constructor(name: string, context: LoggerContext) {
    const { config, calls, destination, wallClock } = context;
    this.#context = context;
    if (config.LOG_QUERY_IDS) calls.follow();
    const showsTexts = config.LOG_QUERY_TEXT;
    this.#readerOptions = { hashUser: createUserHash(config), showsTexts, ruleOf: createFieldRules() };
    this.#format = createLogFormat(config, wallClock);
    this.#maker = createLineMaker(name, config, this.#format);
    this.#output = this.#format.through(destination);
  }

  /** One line for a request that came in: `event_type` is `request`. */
  logRequest(request: RequestLog): void {
    this.#log(REQUEST, request, request);
  }

  /** One line for an answer that went out: `event_type` is `response`; level WARN where it was no success. */
  logResponse(response: ResponseLog): void {
    this.#log(peek(response, 'success') === false ? FAILED_RESPONSE : RESPONSE, response, response);
  }

  /** One line for an error, with its type, message and stack: `event_type` is `error`. It is written at once, whatever LOG_BUFFER_BYTES is. */
  logError(error: unknown, context: object = {}): void {
    this.#log(ERROR, error, context);
    this.flush();
  }

  /** Writes the lines that wait: those of LOG_BUFFER_BYTES, and those that the reader of standard output has not taken. */
  flush(): void {
    this.#context.destination.flush?.();
  }

  /** A logger must not take down what it reports on. */
  #log(kind: LineKind, subject: unknown, given: object): void {
    if (!this.#maker.isWritten(kind.level)) return;
    const atMs = this.#context.wallClock();
    try {
      this.#output.write(this.#lineOrReason(kind, subject, given, atMs));
    } catch {
      // The destination has counted it, or there is no stack left.
    }
  }

  /** A line; where it cannot be made it says why. */
  #lineOrReason(kind: LineKind, subject: unknown, given: object, atMs: number): string {
    try {
      return this.#lineOf(kind, subject, given, atMs);
    } catch (cause) {
      const fields = { event_type: kind.eventType, unloggable: redactText(String(peek(cause, 'message'))) };
      return this.#maker.lineOf(kind.level, kind.message, fields, atMs);
    }
  }

  #lineOf(kind: LineKind, subject: unknown, given: object, atMs: number): string {
    const trace = this.#traceAt(atMs);
    let line = '';
    for (const characters of CHARACTERS) {
      const fields = this.#format.shape(this.#fieldsOf(kind, subject, given, characters), trace);
      line = this.#maker.lineOf(kind.level, kind.message, fields, atMs);
      if (!isTooLong(line)) break;
    }
    return line;
  }

  #fieldsOf(kind: LineKind, subject: unknown, given: object, characters: number): Fields {
    const { calls, config } = this.#context;
    const reader = new LineReader(this.#readerOptions, characters);
    const fields: Fields = { event_type: kind.eventType };
    const queryId = config.LOG_QUERY_IDS ? calls.currentQueryId() : undefined;
    if (queryId) fields.query_id = queryId;
    const own = kind.fieldsOf(subject, config.LOG_QUERY_TEXT);
    for (const name in own) reader.add(fields, name, own[name]);
    reader.addAll(fields, given, kind.consumedKeys);
    return fields;
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

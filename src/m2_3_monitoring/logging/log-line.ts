import type { Config } from '../../../config/module.js';
import type { TraceContext } from '../context/trace-context.js';
import { loadPino } from './load-pino.js';
import { redactText } from './redaction.js';
import type { HashUser } from './user-hash.js';

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

/** A kind of line, and what it says of its subject. */
export interface LineKind<Subject = unknown> {
  level: 'info' | 'warn' | 'error';
  eventType: string;
  message: string;
  /** Names of the subject's fields in the line. */
  names: readonly string[];
  /** Their values; what is undefined is left out. */
  values(subject: Subject, config: Config): unknown[];
  /** Keys of what the caller gave that the values have told already. */
  told: ReadonlySet<string>;
}

/** One line, before anything in it was looked at. */
export interface LogLine {
  kind: Omit<LineKind, 'values'>;
  values: readonly unknown[];
  /** What the caller gave, by any keys. */
  given: LogFields;
  /** Milliseconds since 1970. */
  atMs: number;
  queryId: string | undefined;
  trace: TraceContext | undefined;
}

/** What is told of people. */
export interface LineOptions {
  hashUser: HashUser;
  /** Whether texts of people and models are logged, or their lengths only. */
  showsTexts: boolean;
}

export const REQUEST: LineKind<RequestLog> = {
  level: 'info',
  eventType: 'request',
  message: 'Request received',
  names: ['query_length', 'query'],
  values: ({ query }, { LOG_QUERY_TEXT }) => [String(query).length, LOG_QUERY_TEXT ? query : undefined],
  told: new Set(['query']),
};

export const RESPONSE: LineKind<ResponseLog> = {
  level: 'info',
  eventType: 'response',
  message: 'Response completed',
  names: ['duration_ms', 'input_tokens', 'output_tokens', 'cost_usd', 'success'],
  values: ({ durationMs, tokens, cost }) => [durationMs, tokens?.input, tokens?.output, cost, true],
  told: new Set(['durationMs', 'tokens', 'cost', 'success']),
};

export const FAILED_RESPONSE: LineKind<ResponseLog> = {
  ...RESPONSE,
  level: 'warn',
  message: 'Response failed',
  values: ({ durationMs, tokens, cost }) => [durationMs, tokens?.input, tokens?.output, cost, false],
};

export const ERROR: LineKind = {
  level: 'error',
  eventType: 'error',
  message: 'Request failed',
  names: ['error_type', 'error_message', 'stack_trace'],
  values: describeError,
  told: new Set(),
};

/** An error's type, message and stack, without the secrets that they quote. */
export function describeError(error: unknown): [string, string, string?] {
  if (!(error instanceof Error)) return ['NonError', redactText(String(error))];
  const { type, message, stack } = loadPino().stdSerializers.err(error);
  return [error.name || type, redactText(message), redactText(stack)];
}

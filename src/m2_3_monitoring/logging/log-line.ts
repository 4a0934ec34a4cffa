import { describeError } from '../interop/describe-error.js';
import { peek } from '../interop/safe-read.js';
import type { Fields } from './line-reader.js';

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
export interface LineKind {
  level: 'info' | 'warn' | 'error';
  eventType: string;
  message: string;
  /** The subject's fields in the line; what is undefined is left out. */
  fieldsOf(subject: unknown, showsTexts: boolean): Fields;
  /** Keys of what the caller gave that these fields have already. */
  consumedKeys: ReadonlySet<string>;
}

function lengthOf(query: unknown): number | undefined {
  try {
    return query === undefined ? undefined : String(query).length;
  } catch {
    return undefined;
  }
}

export const REQUEST: LineKind = {
  level: 'info',
  eventType: 'request',
  message: 'Request received',
  fieldsOf(request, showsTexts) {
    const query = peek(request, 'query');
    return { query_length: lengthOf(query), query: showsTexts ? query : undefined };
  },
  consumedKeys: new Set(['query']),
};

export const RESPONSE: LineKind = {
  level: 'info',
  eventType: 'response',
  message: 'Response completed',
  fieldsOf(response) {
    const tokens = peek(response, 'tokens');
    return {
      duration_ms: peek(response, 'durationMs'),
      input_tokens: peek(tokens, 'input'),
      output_tokens: peek(tokens, 'output'),
      cost_usd: peek(response, 'cost'),
      success: peek(response, 'success') !== false,
    };
  },
  consumedKeys: new Set(['durationMs', 'tokens', 'cost', 'success']),
};

export const FAILED_RESPONSE: LineKind = { ...RESPONSE, level: 'warn', message: 'Response failed' };

export const ERROR: LineKind = {
  level: 'error',
  eventType: 'error',
  message: 'Request failed',
  fieldsOf(error) {
    const { type, message, stack, details } = describeError(error);
    return { error_type: type, error_message: message, stack_trace: stack, error_details: details };
  },
  consumedKeys: new Set(),
};

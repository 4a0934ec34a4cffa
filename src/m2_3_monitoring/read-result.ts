import type { DropReason } from './catalogue.js';
import type { Drop } from './metrics.js';

/** A number of a result; undefined where it had none, null where it had a bad one, which is counted already. */
type ResultNumber = number | null | undefined;

/** What a monitored call told of itself. */
export interface QueryFacts {
  model?: string;
  inputTokens?: ResultNumber;
  outputTokens?: ResultNumber;
  /** USD, where the provider reports it. */
  costUsd?: ResultNumber;
  /** 0 to 1. */
  relevanceScore?: ResultNumber;
  /** 0 to 1. */
  contextPrecision?: ResultNumber;
  /** Answered from a cache: no tokens were bought. */
  cached: boolean;
}

const UNREADABLE = Symbol('unreadable');

function readKey(result: object, key: string): unknown {
  try {
    return (result as Record<string, unknown>)[key];
  } catch {
    return UNREADABLE;
  }
}

/** The value under the snake_case or the camelCase key, whichever is there. */
function readEither(result: object, snake: string): unknown {
  const value = readKey(result, snake);
  return value === undefined
    ? readKey(
        result,
        snake.replace(/_(.)/g, (_, letter) => letter.toUpperCase()),
      )
    : value;
}

function reasonToDrop(value: unknown, max: number): DropReason | undefined {
  if (value === UNREADABLE) return 'unreadable';
  if (typeof value !== 'number') return 'not_a_number';
  if (!Number.isFinite(value)) return 'not_finite';
  if (value < 0) return 'negative';
  return value > max ? 'out_of_range' : undefined;
}

/** Reads what the metrics need from a call's result. Never throws; a bad value is dropped and counted under its key. */
export function readResult(result: unknown, drop: Drop): QueryFacts {
  if (typeof result !== 'object' || result === null) return { cached: false };
  const number = (key: string, max = Number.MAX_VALUE): ResultNumber => {
    const value = readEither(result, key);
    if (value === undefined || value === null) return undefined;
    const reason = reasonToDrop(value, max);
    if (reason) drop(key, reason);
    return reason ? null : (value as number);
  };
  const model = readKey(result, 'model');
  return {
    model: typeof model === 'string' && model !== '' ? model : undefined,
    inputTokens: number('input_tokens'),
    outputTokens: number('output_tokens'),
    costUsd: number('cost_usd'),
    relevanceScore: number('relevance_score', 1),
    contextPrecision: number('context_precision', 1),
    cached: readKey(result, 'cached') === true,
  };
}

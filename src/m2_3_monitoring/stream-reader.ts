import { isObject, peek } from './safe-read.js';
import { findModel, findUsage, sumUsages } from './usage.js';

/** Puts together what the chunks of a stream tell. */
export interface StreamReader {
  /** Takes in a chunk, and says whether it brings output (and not only the frame around it). Never throws. */
  add(chunk: unknown): boolean;
  /** What the chunks told so far, in the form of a result. */
  collected(): object;
  /** The error that an event reported in the stream, of OpenAI's Responses; undefined where there was none. */
  failure(): unknown;
}

// Events of Anthropic, of OpenAI's Responses and of the Vercel AI SDK that carry no output.
const FRAME =
  /^(?:ping|message_(?:start|delta|stop)|content_block_(?:start|stop)|response\.(?!.*delta$).*|(?:start|finish|error|abort|raw|stream-start|response-metadata)(?:-step)?|(?:text|reasoning|tool-input)-(?:start|end))$/;

const OUTPUT_KEYS = ['content', 'tool_calls', 'function_call', 'refusal', 'reasoning_content', 'reasoning'];

function choiceHasOutput(choice: unknown): boolean {
  const delta = peek(choice, 'delta');
  return Boolean(peek(choice, 'text')) || OUTPUT_KEYS.some((key) => Boolean(peek(delta, key)));
}

function hasOutput(chunk: unknown): boolean {
  if (typeof chunk === 'string') return chunk.length > 0;
  if (!isObject(chunk)) return chunk !== undefined && chunk !== null;
  if (ArrayBuffer.isView(chunk)) return chunk.byteLength > 0;
  // A chunk of OpenAI's Chat Completions: the first one has a role only, the last one usage only.
  const choices = peek(chunk, 'choices');
  if (Array.isArray(choices)) return choices.some(choiceHasOutput);
  const type = peek(chunk, 'type');
  return typeof type !== 'string' || !FRAME.test(type);
}

/** Facts of a result that a chunk may bring. */
const RESULT_KEYS = ['relevance_score', 'relevanceScore', 'context_precision', 'contextPrecision', 'cached'] as const;

/** The error of a response of OpenAI's Responses that failed without being thrown; undefined for all else. */
export function findFailure(value: unknown): unknown {
  if (!isObject(value)) return undefined;
  try {
    const event = value as { type?: unknown; response?: unknown };
    const response = (event.type === 'response.failed' ? event.response : value) as FailedResponse;
    if (response?.object !== 'response' || response.status !== 'failed') return undefined;
    return response.error ?? new Error('the response failed');
  } catch {
    return undefined;
  }
}

interface FailedResponse {
  object?: unknown;
  status?: unknown;
  error?: unknown;
}

// The events that streams of Anthropic, of OpenAI's Responses and of the Vercel AI SDK consist of, but for a few.
const DELTA = /^(?:content_block_delta|response\.[\w.]+\.delta|(?:text|reasoning|tool-input)-delta)$/;
const DELTAS = new Set<unknown>();

/** Whether an event's type is one of a piece of output, which carries nothing else. The types that exist are few. */
function isDelta(type: unknown): boolean {
  if (DELTAS.has(type)) return true;
  const found = typeof type === 'string' && DELTA.test(type);
  if (found && DELTAS.size < 100) DELTAS.add(type);
  return found;
}

interface Piece extends Partial<Record<(typeof RESULT_KEYS)[number], unknown>> {
  object?: unknown;
  type?: unknown;
  usage?: unknown;
}

/** Whether a chunk is a piece of output and nothing more, as nearly all of the known clients are: told by one look. */
function isPieceOfOutput(chunk: Piece): boolean {
  const { object, type, usage, relevance_score, relevanceScore, context_precision, contextPrecision, cached } = chunk;
  if ((usage ?? relevance_score ?? relevanceScore ?? context_precision ?? contextPrecision ?? cached) != null)
    return false;
  return object === 'chat.completion.chunk' || isDelta(type);
}

/** Starts reading a stream. Usage is cumulative in every client: the last value of each key counts, nothing is added. */
export function createStreamReader(): StreamReader {
  const result: Record<string, unknown> = {};
  let usage: Record<string, unknown> | undefined;
  const steps: object[] = [];
  let sawOutput = false;
  let failure: unknown;

  function take(chunk: object): void {
    // A step of the Vercel AI SDK is complete in itself; in the end comes the sum of all, unless the call is cut off.
    if (peek(chunk, 'type') === 'finish-step') steps.push(chunk);
    const found = steps.at(-1) === chunk ? sumUsages(steps) : findUsage(chunk);
    if (found) {
      usage ??= {};
      // A number once known is not unlearned: Anthropic's last event repeats only some of them.
      for (const key of Object.keys(found)) {
        const value = peek(found, key);
        if (value !== undefined && value !== null) usage[key] = value;
      }
    }
    failure ??= findFailure(chunk);
    result.model ??= findModel(chunk);
    for (const key of RESULT_KEYS) {
      const value = peek(chunk, key);
      if (value !== undefined) result[key] = value;
    }
  }

  return {
    add(chunk) {
      try {
        // Which model answers is said by the first chunks, or by frames; what the pieces between them say is known.
        const isKnown = sawOutput && isObject(chunk) && isPieceOfOutput(chunk);
        if (!isKnown && isObject(chunk) && !ArrayBuffer.isView(chunk)) take(chunk);
        sawOutput ||= hasOutput(chunk);
      } catch {
        // A hostile proxy: the chunk says nothing.
      }
      return sawOutput;
    },
    collected: () => ({ ...result, ...(usage && { usage }) }),
    failure: () => failure,
  };
}

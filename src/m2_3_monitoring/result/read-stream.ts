import { isObject, peek } from '../interop/safe-read.js';
import { findModel, findUsage, sumUsages } from './normalise-usage.js';

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
  choices?: unknown;
  type?: unknown;
  usage?: unknown;
}

/** Whether a chunk is a piece of output and nothing more, as nearly all of the known clients are: told by one look. */
function isPieceOfOutput(chunk: unknown): boolean {
  if (typeof chunk !== 'object' || chunk === null) return false;
  try {
    const piece = chunk as Piece;
    const { choices, type, usage, relevance_score, relevanceScore, context_precision, contextPrecision, cached } =
      piece;
    if ((usage ?? relevance_score ?? relevanceScore ?? context_precision ?? contextPrecision ?? cached) != null)
      return false;
    return Array.isArray(choices) || isDelta(type);
  } catch {
    return false;
  }
}

/** Puts together what the chunks of a stream tell. Nothing here throws. */
export class StreamReader {
  readonly #result: Record<string, unknown> = {};
  readonly #steps: object[] = [];
  #usage: Record<string, unknown> | undefined = undefined;
  #sawOutput = false;
  #failure: unknown = undefined;

  /** The error that an event reported in the stream, of OpenAI's Responses; undefined where there was none. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Takes in a chunk, and says whether there was output by now (and not only the frame around it). */
  add(chunk: unknown): boolean {
    // Which model answers is said by the first chunks, or by frames; what the pieces between them say is known.
    if (this.#sawOutput && isPieceOfOutput(chunk)) return true;
    try {
      if (isObject(chunk) && !ArrayBuffer.isView(chunk)) this.#take(chunk);
      this.#sawOutput ||= hasOutput(chunk);
    } catch {
      // A hostile proxy: the chunk says nothing.
    }
    return this.#sawOutput;
  }

  /** What the chunks told so far, in the form of a result. */
  collected(): object {
    return { ...this.#result, ...(this.#usage && { usage: this.#usage }) };
  }

  #take(chunk: object): void {
    // A step of the Vercel AI SDK is complete in itself; in the end comes the sum of all, unless the call is cut off.
    const isStep = peek(chunk, 'type') === 'finish-step';
    if (isStep) this.#steps.push(chunk);
    const usage = isStep ? sumUsages(this.#steps) : findUsage(chunk);
    if (usage) this.#addUsage(usage);
    this.#failure ??= findFailure(chunk);
    this.#result.model ??= findModel(chunk);
    for (const key of RESULT_KEYS) {
      const value = peek(chunk, key);
      if (value !== undefined) this.#result[key] = value;
    }
  }

  /** Usage is cumulative in every client: the last value of each key counts, nothing is added. */
  #addUsage(usage: object): void {
    this.#usage ??= {};
    // A number once known is not unlearned: Anthropic's last event repeats only some of them.
    for (const key of Object.keys(usage)) {
      const value = peek(usage, key);
      if (value !== undefined && value !== null) this.#usage[key] = value;
    }
  }
}

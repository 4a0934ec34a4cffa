import { isObject, peek } from '../interop/safe-read.js';

// Events of Anthropic, of OpenAI's Responses and of the Vercel AI SDK that carry no output.
const FRAME =
  /^(?:ping|message_(?:start|delta|stop)|content_block_(?:start|stop)|response\.(?!.*delta$).*|(?:start|finish|error|abort|raw|stream-start|response-metadata)(?:-step)?|(?:text|reasoning|tool-input)-(?:start|end))$/;

const OUTPUT_KEYS = ['content', 'tool_calls', 'function_call', 'refusal', 'reasoning_content', 'reasoning'];

function choiceHasOutput(choice: unknown): boolean {
  const delta = peek(choice, 'delta');
  return Boolean(peek(choice, 'text')) || OUTPUT_KEYS.some((key) => Boolean(peek(delta, key)));
}

/** Whether a chunk of a stream is output, and not only part of the frame around it. */
export function hasOutput(chunk: unknown): boolean {
  if (typeof chunk === 'string') return chunk.length > 0;
  if (!isObject(chunk)) return chunk !== undefined && chunk !== null;
  if (ArrayBuffer.isView(chunk)) return chunk.byteLength > 0;
  // A chunk of OpenAI's Chat Completions: the first one has a role only, the last one usage only.
  const choices = peek(chunk, 'choices');
  if (Array.isArray(choices)) return choices.some(choiceHasOutput);
  const type = peek(chunk, 'type');
  return typeof type !== 'string' || !FRAME.test(type);
}

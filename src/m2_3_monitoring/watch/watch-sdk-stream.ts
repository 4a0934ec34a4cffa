import { type AnyFunction, isFunction, replaceMethod } from '../interop/replace-method.js';
import { peek } from '../interop/safe-read.js';
import { sumUsages } from '../result/merge-facts.js';
import { watchIterable } from './watch-iterator.js';
import { watchReadableStream } from './watch-web-stream.js';
import type { QueryRecord } from './watched-call.js';

/** What an event stream that has ended already received last, with its usage. */
function lastMessage(stream: object): unknown {
  const messages = peek(stream, 'receivedMessages');
  return Array.isArray(messages) ? messages.at(-1) : undefined;
}

/** The event streams of the OpenAI and Anthropic clients (`.stream()` helpers) report everything by `_emit`. */
function watchEventStream(stream: object, emit: AnyFunction, record: QueryRecord): void {
  if (peek(stream, 'ended') === true) {
    if (peek(stream, 'aborted') === true) record.finish('aborted');
    else if (peek(stream, 'errored') === true) record.fail(undefined);
    else record.succeed(lastMessage(stream));
    return;
  }
  // A runner of tools makes several completions; their chunks report the last one only.
  const completions: unknown[] = [];
  const inAll = () =>
    completions.length > 1
      ? { model: peek(completions.at(-1), 'model'), usage: sumUsages(completions) }
      : completions[0];
  replaceMethod(stream, '_emit', (event: unknown, ...values: unknown[]) => {
    if (event === 'chatCompletion') completions.push(values[0]);
    // Both report raw events under one of these names.
    if (event === 'streamEvent' || event === 'chunk' || event === 'event') record.chunk(values[0]);
    else if (event === 'abort') record.finish('aborted', inAll());
    else if (event === 'error') record.fail(values[0]);
    else if (event === 'end') record.finish('success', inAll());
    return emit.call(stream, event, ...values);
  });
}

/** The result of the Vercel AI SDK's `streamText`: every way to consume it goes through `baseStream`. */
function watchStreamTextResult(result: object, baseStream: ReadableStream, record: QueryRecord): void {
  const inBand = (chunk: unknown) => {
    const part = peek(chunk, 'part') ?? chunk;
    const type = peek(part, 'type');
    if (type === 'error') record.fail(peek(part, 'error'));
    else if (type === 'abort') record.finish('aborted');
    else record.chunk(part);
  };
  (result as { baseStream: ReadableStream }).baseStream = watchReadableStream(baseStream, record, inBand);
  const tee = peek(result, 'teeStream');
  if (!isFunction(tee)) return;
  // The other branch of the tee stays open when a consumer stops: without this, it would go unnoticed.
  replaceMethod(result, 'teeStream', () => watchReadableStream(tee.call(result), record, () => undefined));
}

const isEventStream = (value: object): boolean =>
  isFunction(peek(value, '_emit')) && isFunction(peek(value, 'abort')) && isFunction(peek(value, 'on'));

const baseStreamOf = (value: object): unknown => peek(Object.getOwnPropertyDescriptor(value, 'baseStream'), 'value');

/** A page of a list is an answer, of which more can be asked for. */
const isPage = (value: object): boolean => isFunction(peek(value, 'iterPages'));

/** Whether a value is a stream object of the OpenAI, Anthropic or Vercel AI SDK, or any other async iterable. */
export const isClientStream = (value: object): boolean =>
  isEventStream(value) ||
  baseStreamOf(value) instanceof ReadableStream ||
  (isFunction(peek(value, Symbol.asyncIterator)) && !isPage(value));

/** Watches such an object in place. False where it cannot be changed. */
export function watchClientStream(value: object, record: QueryRecord): boolean {
  if (isEventStream(value)) {
    watchEventStream(value, peek(value, '_emit') as AnyFunction, record);
    return true;
  }
  const baseStream = baseStreamOf(value);
  if (baseStream instanceof ReadableStream) {
    watchStreamTextResult(value, baseStream, record);
    return true;
  }
  // The clients' streams split (`tee`) and convert themselves by `iterator`, which their `Symbol.asyncIterator` calls too.
  const iterator = peek(value, 'iterator');
  if (isFunction(iterator)) return watchIterable(value, 'iterator', iterator, record);
  return watchIterable(value, Symbol.asyncIterator, peek(value, Symbol.asyncIterator) as AnyFunction, record);
}

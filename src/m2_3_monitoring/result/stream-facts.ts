import { type Fields, isObject, lookInto } from '../interop/safe-read.js';
import { findFailure } from './failed-response.js';
import { findFacts, type RawFacts } from './find-facts.js';
import { hasOutput } from './has-output.js';
import { mergeFacts, sumUsages } from './merge-facts.js';

/** Whether a chunk is the last word on one of several requests: a step, or an answer as a runner of tools gives them. */
const isComplete = ({ type, stop_reason, object }: Fields): boolean =>
  type === 'finish-step' ||
  (type === 'message' && stop_reason !== undefined) ||
  object === 'chat.completion' ||
  object === 'response';

/** Puts together what the chunks of a stream say. Nothing here throws. */
export class StreamFacts {
  #facts: RawFacts = {};
  #steps: object[] = [];
  #hasOutput = false;
  #failure: unknown = undefined;

  /** What the chunks have said so far. */
  get facts(): RawFacts {
    return this.#facts;
  }

  /** The error that an event of the stream reported; undefined where there was none. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Takes in a chunk. True once there was output, and not only the frame around it. */
  add(chunk: unknown): boolean {
    try {
      if (isObject(chunk) && !ArrayBuffer.isView(chunk)) this.#take(chunk);
      this.#hasOutput ||= hasOutput(chunk);
    } catch {
      // A proxy that throws on every question: the chunk says nothing.
    }
    return this.#hasOutput;
  }

  #take(chunk: object): void {
    const facts = findFacts(chunk);
    // What is complete in itself is added up. In the Vercel AI SDK the sum of all steps comes last, unless the call is cut off.
    if (facts.usage !== undefined && lookInto(chunk, isComplete)) {
      this.#steps.push(chunk);
      facts.usage = sumUsages(this.#steps);
    }
    this.#facts = mergeFacts(this.#facts, facts);
    this.#failure ??= findFailure(chunk);
  }
}

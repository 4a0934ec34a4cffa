/**
 * Expected errors: one class, one form of messages, and their codes.
 *
 * In: what was expected and what was given.
 * Out: errors with a code and a message of one line.
 * Must not know: all other rooms.
 *
 * @module
 */

export { CodedError } from './coded-error.js';
export { assertKnownOptions, assertPort, assertText, invalidOption } from './invalid-option.js';

export { CodedError } from './coded-error.js';
export { assertKnownOptions, assertPort, assertText, invalidOption } from './invalid-option.js';

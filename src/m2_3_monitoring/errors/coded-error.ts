/** An expected failure. Its message is one line that says what is wrong and what to do; its code is for programs. */
export class CodedError extends Error {
  override readonly name: string = 'CodedError';
  constructor(
    message: string,
    /** One of `docs/errors.md`. */
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

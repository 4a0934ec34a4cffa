export type StackErrorCode = 'ERR_PORT_IN_USE' | 'ERR_STACK_ELSEWHERE' | 'ERR_STACK_FOLDER' | 'ERR_STACK_PROCESS';

/** The stack cannot start, or cannot go on. The message is one line that names the cure. */
export class StackError extends Error {
  override readonly name = 'StackError';
  constructor(
    message: string,
    /** `ERR_STACK_ELSEWHERE` where a stack with another target runs in the folder. */
    readonly code: StackErrorCode,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Something that was given cannot be read; the message is one line that says what, and what to do. */
export class LintInputError extends Error {
  override readonly name = 'LintInputError';
  readonly code = 'ERR_LINT_INPUT';
}

export const firstLine = (error: unknown) => String((error as Error).message ?? error).split('\n')[0] ?? '';

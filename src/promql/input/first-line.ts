/** The first line of an error's message. */
export const firstLine = (error: unknown) => String((error as Error).message ?? error).split('\n')[0] ?? '';

const POLL_MS = 100;

/** Waits until a condition holds. @throws {Error} after `timeoutMs` */
export async function waitUntil(
  description: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s in vain: ${description}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Why there is no data. */
export type ApiProblem = 'unreachable' | 'page-gone' | 'query';

export class ApiError extends Error {
  constructor(
    readonly problem: ApiProblem,
    message: string,
  ) {
    super(message);
  }
}

const TIMEOUT_MS = 40_000;

async function request(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (cause) {
    init.signal?.throwIfAborted();
    const message = `This page's own server does not answer any more: npm run dashboard starts it again (${(cause as Error).message})`;
    throw new ApiError('page-gone', message);
  }
}

function failure(text: string, status: number): ApiError {
  let body: { error?: unknown; errorType?: unknown } = {};
  try {
    body = JSON.parse(text);
  } catch {
    // Then the text is the message.
  }
  const isDown = body.errorType === 'unreachable' || body.errorType === 'bad_answer';
  return new ApiError(isDown ? 'unreachable' : 'query', String(body.error ?? (text || `HTTP status ${status}`)));
}

/** The text of an answer. @throws {ApiError} */
export async function getText(path: string, signal: AbortSignal, body?: URLSearchParams): Promise<string> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const response = await request(path, { method: body ? 'POST' : 'GET', signal: bounded, ...(body && { body }) });
  const text = await response.text().catch(() => {
    bounded.throwIfAborted();
    throw new ApiError('query', 'The answer broke off: it may be too long for the page');
  });
  if (response.ok) return text;
  throw failure(text, response.status);
}

/** The data of an answer of Prometheus' API. @throws {ApiError} */
export async function getData<Data>(path: string, signal: AbortSignal): Promise<Data> {
  return (JSON.parse(await getText(`prometheus/api/v1/${path}`, signal)) as { data: Data }).data;
}

/** What fails for itself, such as an endpoint that a server like Prometheus lacks, leaves the rest as it is. */
export async function tolerate(part: Promise<void>): Promise<void> {
  try {
    await part;
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem !== 'query') throw error;
  }
}

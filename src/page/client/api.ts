import { createClient, type PrometheusClient } from '../../prometheus/client.js';
import { PrometheusError, requestText } from '../../prometheus/request.js';

/** There is no data, whatever is asked: Prometheus, or the page's own server, does not answer. */
export class UnreachableError extends Error {}

const TIMEOUT_MS = 40_000;
/** What the page's own server answers where Prometheus does not. */
const UNREACHABLE = ['unreachable', 'bad_answer'];

/** As `requestText`. @throws {UnreachableError} */
async function request(...[url, options, form]: Parameters<typeof requestText>): Promise<string> {
  try {
    return await requestText(url, { timeoutMs: TIMEOUT_MS, ...options }, form);
  } catch (error) {
    options?.signal?.throwIfAborted();
    const { message } = error as Error;
    if (!(error instanceof PrometheusError))
      throw new UnreachableError(
        `This page's own server does not answer any more: npm run dashboard starts it again (${message})`,
      );
    throw UNREACHABLE.includes(error.errorType ?? '') ? new UnreachableError(message) : error;
  }
}

/** The text of a file of the page. @throws {UnreachableError} */
export const getText = (path: string, signal: AbortSignal): Promise<string> => request(path, { signal });

/** The Prometheus behind the page. @throws {UnreachableError} where it does not answer */
export const prometheusFor = (signal: AbortSignal): PrometheusClient => createClient('prometheus', { signal }, request);

/** What fails for itself, such as an endpoint that a server like Prometheus lacks, leaves the rest as it is. */
export async function tolerate(part: Promise<void>): Promise<void> {
  try {
    await part;
  } catch (error) {
    if (!(error instanceof PrometheusError)) throw error;
  }
}

import { CodedError } from '../errors/index.js';

/** The server could not start; the message names the setting that mends it. */
export class MetricsServerError extends CodedError {
  override readonly name = 'MetricsServerError';
}

/** What an error of `listen` means. */
export function explainListenError(cause: NodeJS.ErrnoException, port: number, host: string): MetricsServerError {
  if (cause.code === 'EADDRINUSE') {
    const message = `port ${port} on ${host} is held by another program: stop it, or set METRICS_PORT to a free port`;
    return new MetricsServerError(message, 'ERR_PORT_IN_USE', { cause });
  }
  const message = `cannot listen on ${host}:${port} (${cause.code}): check METRICS_HOST and METRICS_PORT`;
  return new MetricsServerError(message, cause.code ?? 'ERR_LISTEN', { cause });
}

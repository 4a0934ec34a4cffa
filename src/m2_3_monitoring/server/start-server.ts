import { assertPort } from '../errors/index.js';
import { type MetricsServer, type ServerParts, startServer } from './metrics-server.js';

/** See `startMetricsServer` of `index.ts`. */
export function createMetricsServerStarter(parts: ServerParts) {
  const running = new Map<number, Promise<MetricsServer>>();
  return async (port: number = parts.settings.METRICS_PORT): Promise<MetricsServer> => {
    assertPort('port', port);
    const known = running.get(port);
    if (known) return { ...(await known), alreadyRunning: true };
    const forget = () => {
      // A handle that is closed again must not forget the server that came after it.
      for (const [key, server] of running) if (server === starting) running.delete(key);
    };
    const starting = startServer(port, parts, forget);
    running.set(port, starting);
    try {
      const server = await starting;
      running.set(server.port, starting);
      return server;
    } catch (error) {
      forget();
      throw error;
    }
  };
}

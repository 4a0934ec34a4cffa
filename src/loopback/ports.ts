import { createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** Listens for a moment. Gives the port; undefined where it cannot be had. */
function tryPort(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(undefined));
    probe.listen(port, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

/** Whether no program holds a port at the moment. */
export const isFree = async (port: number, host = LOOPBACK): Promise<boolean> =>
  (await tryPort(port, host)) !== undefined;

/** A port of the loopback address that no program holds at the moment. */
export async function freePort(): Promise<number> {
  const port = await tryPort(0, LOOPBACK);
  if (port === undefined) throw new Error('this machine has no free port on 127.0.0.1');
  return port;
}

import { freePort, isFree } from '../../loopback/ports.js';
import { CodedError } from '../../m2_3_monitoring/errors/index.js';

/** The preferred port, else any free one. One that was asked for is that or an error; 0 is any. @throws {CodedError} `ERR_PORT_IN_USE` */
export async function choosePort(program: string, preferred: number, wanted?: number): Promise<number> {
  if (wanted === 0) return freePort();
  if (await isFree(wanted ?? preferred)) return wanted ?? preferred;
  if (wanted === undefined) return freePort();
  throw new CodedError(
    `port ${wanted} for ${program} is held by another program: stop that, or leave the port to the stack`,
    'ERR_PORT_IN_USE',
  );
}

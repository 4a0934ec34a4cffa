/** So much is written at a time, and no more before the client has read it: over TLS, what is written is kept once more. */
const SLICE_BYTES = 262_144;
/** Copied by the system in one or two milliseconds. */
const SLICES_IN_A_TURN = 8;

/** Gives the slices of pages, so many in one turn of the event loop, however many clients there are. */
export function createSlicer(): (bytes: Buffer) => AsyncGenerator<Buffer> {
  let left = SLICES_IN_A_TURN;
  let nextTurn: Promise<void> | undefined;
  const waitForTurn = () => {
    nextTurn ??= new Promise((resolve) =>
      setImmediate(() => {
        left = SLICES_IN_A_TURN;
        nextTurn = undefined;
        resolve();
      }),
    );
    return nextTurn;
  };

  return async function* slices(bytes) {
    for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
      while (left === 0) await waitForTurn();
      left -= 1;
      yield bytes.subarray(at, at + SLICE_BYTES);
    }
  };
}

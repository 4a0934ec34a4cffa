/** Of a quarter of a megabyte: the system copies them in one or two milliseconds. */
const CHUNKS_IN_A_TURN = 8;

/** Gives the chunks of pages, so many in one turn of the event loop, however many clients there are. */
export function createPace(): (chunks: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  let left = CHUNKS_IN_A_TURN;
  let nextTurn: Promise<void> | undefined;
  const waitForTurn = () => {
    nextTurn ??= new Promise((resolve) =>
      setImmediate(() => {
        left = CHUNKS_IN_A_TURN;
        nextTurn = undefined;
        resolve();
      }),
    );
    return nextTurn;
  };

  return async function* paced(chunks) {
    for await (const chunk of chunks) {
      while (left === 0) await waitForTurn();
      left -= 1;
      yield chunk;
    }
  };
}

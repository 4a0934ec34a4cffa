const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Calls back at each signal that asks this process to end, which then does not end by itself.
 * @param {() => void} action
 */
function onEndSignal(action) {
  for (const signal of SIGNALS) process.on(signal, action);
}

/** Lets a signal end this process by way of `exit`, at which temporary folders are removed. */
const exitOnSignal = () => onEndSignal(() => process.exit(130));

/**
 * Keeps the process alive until a promise has settled: what the project runs in the background does not.
 * @template Value
 * @param {Promise<Value>} promise
 */
async function keepAlive(promise) {
  const timer = setInterval(() => undefined, 2 ** 30);
  return promise.finally(() => clearInterval(timer));
}

module.exports = { exitOnSignal, keepAlive, onEndSignal };

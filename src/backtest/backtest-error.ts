/** An alert cannot be played over the past; the message is one line that says why, and what mends it. */
export class BacktestError extends Error {
  override readonly name = 'BacktestError';
  readonly code = 'ERR_BACKTEST';
}

/** Whether the data came, or why not. */
export type Outcome = 'ok' | 'unreachable';

export const RETRY_SECONDS = 5;

export interface Refresher {
  /** Loads for the first time: now, or when the page is first seen. */
  start(): void;
  /** Loads now. One that is under way is not doubled; with `anew` it is given up, as what it asks for is outdated. */
  refresh(options?: { anew?: boolean }): Promise<void>;
  /** Takes over a changed interval. */
  reschedule(): void;
}

/** Loads again and again, but not while nobody can see the page. */
export function createRefresher(
  load: (signal: AbortSignal) => Promise<Outcome>,
  intervalSeconds: () => number,
): Refresher {
  let running: { abort: AbortController; done: Promise<void> } | undefined;
  let timer: number | undefined;
  let startedMs = 0;
  let outcome: Outcome = 'ok';
  let isDue = false;

  const waitSeconds = () => (outcome === 'ok' ? intervalSeconds() : Math.min(intervalSeconds() || 5, RETRY_SECONDS));

  function reschedule() {
    clearTimeout(timer);
    const seconds = waitSeconds();
    if (seconds === 0) return;
    const leftMs = Math.max(0, startedMs + seconds * 1000 - Date.now());
    timer = window.setTimeout(refreshWhenSeen, leftMs);
  }

  async function run(abort: AbortController): Promise<void> {
    startedMs = Date.now();
    try {
      outcome = await load(abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    }
    if (running?.abort !== abort) return;
    running = undefined;
    reschedule();
  }

  function refresh({ anew = false } = {}): Promise<void> {
    if (running && !anew) return running.done;
    running?.abort.abort();
    clearTimeout(timer);
    isDue = false;
    const abort = new AbortController();
    const started = { abort, done: Promise.resolve() };
    running = started;
    started.done = run(abort);
    return started.done;
  }

  function refreshWhenSeen() {
    if (document.hidden) isDue = true;
    else void refresh();
  }

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && isDue) void refresh();
  });
  return { start: refreshWhenSeen, refresh, reschedule };
}

import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { monotonicMs } from '../clock/clocks.js';
import type { Page } from './page.js';

export interface ScrapeLimits {
  /** How many clients are answered at a time. */
  maxScrapes: number;
  /** How many bytes of pages are kept for those who read them; however many read one page, it counts once. */
  maxPageBytes: number;
}

/** A client that has read for this long makes room for another; on the same machine a page is read in a tenth of it. */
const SLOW_MS = 1000;

interface Client {
  /** Answers that have not ended: more than one where requests came without waiting. */
  answers: number;
  /** What it reads, once that is collected; the page may still grow. */
  page?: Page;
  sinceMs: number;
}

/** The clients whose scrapes are being answered, so that slow readers neither fill the memory nor keep others out. */
export class ScrapesInFlight {
  /** Those that have read for longest first. */
  readonly #clients = new Map<Socket, Client>();

  constructor(
    private readonly limits: ScrapeLimits,
    private readonly now = monotonicMs,
  ) {}

  /** False where there are too many already, none of which is slow. */
  admit(socket: Socket, response: ServerResponse): boolean {
    const known = this.#clients.get(socket);
    if (!known && this.#clients.size >= this.limits.maxScrapes && !this.#cutOffSlow()) return false;
    const client = known ?? { answers: 0, sinceMs: Number.POSITIVE_INFINITY };
    client.answers += 1;
    this.#clients.set(socket, client);
    response.once('close', () => {
      client.answers -= 1;
      if (client.answers === 0) this.#clients.delete(socket);
    });
    return true;
  }

  /** From now on the page is kept for this client. Where that is too much, those that have read for longest are cut off. */
  send(socket: Socket, page: Page): void {
    const client = this.#clients.get(socket);
    if (!client) return;
    this.#clients.delete(socket);
    this.#clients.set(socket, Object.assign(client, { page, sinceMs: this.now() }));
    while (this.#pageBytes() > this.limits.maxPageBytes) {
      const slowest = this.#slowest();
      if (!slowest || slowest === socket) return;
      this.#cutOff(slowest);
    }
  }

  #pageBytes(): number {
    const pages = new Set([...this.#clients.values()].map(({ page }) => page));
    return [...pages].reduce((bytes, page) => bytes + (page?.bytes ?? 0), 0);
  }

  #slowest(): Socket | undefined {
    for (const [socket, { page }] of this.#clients) if (page) return socket;
    return undefined;
  }

  #cutOffSlow(): boolean {
    const slowest = this.#slowest();
    const sinceMs = slowest && this.#clients.get(slowest)?.sinceMs;
    if (!slowest || sinceMs === undefined || this.now() - sinceMs < SLOW_MS) return false;
    this.#cutOff(slowest);
    return true;
  }

  #cutOff(socket: Socket): void {
    this.#clients.delete(socket);
    socket.destroy();
  }
}

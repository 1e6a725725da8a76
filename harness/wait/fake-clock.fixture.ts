import type { Clock } from './clock.ts';

/** A clock that stands still except while somebody sleeps: waits take no real time and always the same steps. */
export class FakeClock implements Clock {
  #nowMs = 0;
  readonly #due: { atMs: number; run: () => void }[] = [];

  now(): number {
    return this.#nowMs;
  }

  /** Has `run` called when the clock gets there. */
  at(atMs: number, run: () => void): void {
    this.#due.push({ atMs, run });
    this.#due.sort((a, b) => a.atMs - b.atMs);
  }

  /** Lets time pass, also without anybody sleeping: a call that takes 3 ms. */
  pass(ms: number): void {
    this.#nowMs += ms;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const end = this.#nowMs + ms;
    // What is due runs first, one turn of the event loop each, so that its effects come before the sleeper wakes.
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (signal?.aborted === true) return;
      const next = this.#due[0];
      if (next === undefined || next.atMs > end) break;
      this.#due.shift();
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
    }
    this.#nowMs = Math.max(this.#nowMs, end);
  }
}

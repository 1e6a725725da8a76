/** Between two runs: events that belong together come within a few milliseconds, and what comes next waits as long. */
const leastPauseMs = 5;
/** After one that had to wait itself: events come in a stream, and 5 ms cost a tenth more of the controller's CPU in a conformance run. */
const busyPauseMs = 20;
/** And no more than half of the time, so that a burst of events leaves a busy machine to those who make them. */
const pauseShare = 1;
const longestPauseMs = 100;
/** What no proxy waits for. One translation for each such event was half of all. */
const laterMs = 200;

/** Runs one piece of work again and again, when it is asked for: at once after a quiet moment; in a busy one, once for all that was asked in that time. */
export class Pacer {
  readonly #work: () => void;
  #isOn = false;
  #isDue = false;
  #later: NodeJS.Timeout | undefined;
  #restsUntil = 0;

  /** @param work - must not throw */
  constructor(work: () => void) {
    this.#work = work;
  }

  /** Before that, what is asked for is not kept. */
  start(): void {
    this.#isOn = true;
  }

  stop(): void {
    this.#isOn = false;
    clearTimeout(this.#later);
    this.#later = undefined;
  }

  soon(): void {
    if (this.#isDue || !this.#isOn) return;
    this.#isDue = true;
    const waitMs = this.#restsUntil - performance.now();
    const pauseMs = waitMs > 0 ? busyPauseMs : leastPauseMs;
    const run = (): void => {
      this.#isDue = false;
      if (this.#isOn) this.#run(pauseMs);
    };
    if (waitMs > 0) setTimeout(run, waitMs);
    else setImmediate(run);
  }

  /** With the next run that cannot wait, or in a while. */
  later(): void {
    this.#later ??= setTimeout(() => {
      this.#later = undefined;
      this.soon();
    }, laterMs).unref();
  }

  #run(pauseMs: number): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    const startedAt = performance.now();
    this.#work();
    const now = performance.now();
    this.#restsUntil = now + Math.min(Math.max(pauseMs, pauseShare * (now - startedAt)), longestPauseMs);
  }
}

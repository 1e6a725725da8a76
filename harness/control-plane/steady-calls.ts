import { CountedCalls, type CallOptions } from './counted-calls.ts';

export interface SteadyOptions extends CallOptions {
  /** Between two calls. */
  intervalMs: number;
}

/** Calls at a steady pace. */
export class SteadyCalls extends CountedCalls {
  readonly #timer: NodeJS.Timeout;
  readonly #open = new Set<Promise<void>>();

  constructor(options: SteadyOptions) {
    super(options);
    this.#timer = setInterval(() => {
      const call = this.call().finally(() => this.#open.delete(call));
      this.#open.add(call);
    }, options.intervalMs);
  }

  /** Starts no more calls, and waits for those that are open. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#open);
    this.close();
  }
}

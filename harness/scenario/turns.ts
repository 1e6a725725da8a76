/** Work side by side, and work that nothing may run beside: that waits until all else has ended, and holds up what comes meanwhile. */
export class Turns {
  #shared = 0;
  #isAlone = false;
  #sharedWaiting: (() => void)[] = [];
  readonly #aloneWaiting: (() => void)[] = [];

  async share<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isAlone) await new Promise<void>((start) => this.#sharedWaiting.push(start));
    else this.#shared += 1;
    try {
      return await work();
    } finally {
      this.#shared -= 1;
      this.#next();
    }
  }

  async alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isAlone || this.#shared > 0) await new Promise<void>((start) => this.#aloneWaiting.push(start));
    else this.#isAlone = true;
    try {
      return await work();
    } finally {
      this.#isAlone = false;
      this.#next();
    }
  }

  /** Shared work first, so that nothing is changed for all before it has to be. */
  #next(): void {
    const shared = this.#sharedWaiting;
    this.#sharedWaiting = [];
    this.#shared += shared.length;
    for (const start of shared) start();
    if (this.#shared > 0 || this.#isAlone) return;
    const first = this.#aloneWaiting.shift();
    if (first === undefined) return;
    this.#isAlone = true;
    first();
  }
}
